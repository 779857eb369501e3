// How often a name may be tried at the hub's door: waits that grow with each failure, from whatever address. Nobody is locked
// out by it: a wait has an end that refused attempts do not move, and who is known here (by a session that stands, or by an
// address where this person came in before) does not wait for what strangers do. Pure: time comes in as an argument.
import type { MonoMs } from "../../edge/model/time.js";

export const nameLimits = {
  /** Failures before the first wait. */
  failures: 5,
  /** The first wait, ms; each further failure doubles it. */
  waitMs: 5000,
  waitMsMax: 60_000,
  /** What nobody has tried for so long begins anew. */
  forgetMs: 900_000,
  /** Names that are remembered; beyond that the one that was longest untried is forgotten. */
  names: 10_000,
  /** Addresses of one person that are remembered. */
  addresses: 16,
} as const;

/** Who tries which name. */
export interface Attempt {
  readonly user: string;
  readonly address: string;
  /** Whether a session of this very user comes with it. */
  readonly hasSession: boolean;
}

export interface Admission {
  /** 0: go on; else the time until the next try, ms. */
  readonly waitMs: number;
  /** The first refusal of this wait, to be recorded. */
  readonly isNews: boolean;
}

export interface Throttle {
  /** Counts the attempt as failed until it has succeeded, so that many at once count too. */
  admit(attempt: Attempt, now: MonoMs): Admission;
  succeeded(attempt: Attempt): void;
  /** The wait begins when the answer is known: a hash may take longer than the wait. */
  failed(attempt: Attempt, now: MonoMs): void;
}

interface Tries {
  readonly failures: number;
  readonly blockedUntil: MonoMs;
  readonly lastAt: MonoMs;
  readonly isTold: boolean;
}

export function createThrottle(): Throttle {
  const tries = new Map<string, Tries>();
  const places = new Map<string, Set<string>>();

  /** Strangers share one count per name. */
  function keyOf({ user, address, hasSession }: Attempt): string {
    if (hasSession) return `session ${user}`;
    return places.get(user)?.has(address) ? `at ${address} ${user}` : `name ${user}`;
  }

  return {
    admit(attempt, now) {
      const key = keyOf(attempt);
      const known = tries.get(key);
      const isFresh = known === undefined || now - known.lastAt > nameLimits.forgetMs;
      if (!isFresh && now < known.blockedUntil) {
        tries.set(key, { ...known, isTold: true });
        return { waitMs: known.blockedUntil - now, isNews: !known.isTold };
      }
      const failures = (isFresh ? 0 : known.failures) + 1;
      remember(tries, key, { failures, blockedUntil: now + waitAfter(failures), lastAt: now, isTold: false });
      return { waitMs: 0, isNews: false };
    },
    succeeded(attempt) {
      tries.delete(keyOf(attempt));
      const { user, address } = attempt;
      const known = places.get(user) ?? new Set<string>();
      known.delete(address);
      known.add(address);
      dropOldest(known, nameLimits.addresses);
      remember(places, user, known);
    },
    failed(attempt, now) {
      const key = keyOf(attempt);
      const known = tries.get(key);
      if (known !== undefined) tries.set(key, { ...known, blockedUntil: now + waitAfter(known.failures), lastAt: now });
    },
  };
}

function waitAfter(failures: number): number {
  const over = failures - nameLimits.failures;
  return over < 0 ? 0 : Math.min(nameLimits.waitMs * 2 ** over, nameLimits.waitMsMax);
}

function remember<T>(all: Map<string, T>, key: string, value: T): void {
  all.delete(key);
  all.set(key, value);
  dropOldest(all, nameLimits.names);
}

function dropOldest(
  all: { readonly size: number; keys(): Iterator<string>; delete(key: string): boolean },
  max: number,
) {
  if (all.size > max) all.delete(all.keys().next().value ?? "");
}
