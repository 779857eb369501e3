// How often PINs may be tried: per name, with waits that grow, and in all. An attempt counts before its hash is reckoned, so
// that many at once count too. Pure: time comes in as an argument.
import type { MonoMs } from "../../model/time.js";

export const loginLimits = {
  /** Wrong PINs of one name before it must wait. */
  failures: 5,
  /** The first wait, ms; each further failure doubles it. */
  waitMs: 60_000,
  waitMsMax: 300_000,
  /** Attempts of all names together in a minute; those that succeed do not count. */
  attempts: 30,
} as const;

const windowMs = 60_000;
/** A name that nobody has tried for so long begins anew. */
const forgetMs = 600_000;

interface Tries {
  readonly failures: number;
  readonly blockedUntil: MonoMs;
  readonly lastAt: MonoMs;
}

export interface Throttle {
  /** Counts the attempt as failed when it is admitted. */
  admit(name: string, now: MonoMs): boolean;
  succeeded(name: string): void;
  /** Failures of this name in a row. */
  failures(name: string): number;
}

export function createThrottle(): Throttle {
  const tries = new Map<string, Tries>();
  let since = Number.NEGATIVE_INFINITY;
  let attempts = 0;

  function turnWindow(now: MonoMs): void {
    if (now - since < windowMs) return;
    since = now;
    attempts = 0;
    for (const [name, { lastAt }] of tries) if (now - lastAt > forgetMs) tries.delete(name);
  }

  return {
    admit(name, now) {
      turnWindow(now);
      const known = tries.get(name) ?? { failures: 0, blockedUntil: now, lastAt: now };
      if (attempts >= loginLimits.attempts || now < known.blockedUntil) return false;
      attempts += 1;
      const failures = known.failures + 1;
      const over = failures - loginLimits.failures;
      const waitMs = over < 0 ? 0 : Math.min(loginLimits.waitMs * 2 ** over, loginLimits.waitMsMax);
      tries.set(name, { failures, blockedUntil: now + waitMs, lastAt: now });
      return true;
    },
    succeeded(name) {
      tries.delete(name);
      attempts = Math.max(0, attempts - 1);
    },
    failures: (name) => tries.get(name)?.failures ?? 0,
  };
}
