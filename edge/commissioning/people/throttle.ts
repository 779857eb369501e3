// How often PINs may be tried. Each attempt is charged to where it comes from, so that whoever guesses uses up his own allowance
// and keeps nobody else out. An attempt counts before its hash is reckoned, so that many at once count too. Pure: time comes in
// as an argument.
import type { MonoMs } from "../../model/time.js";

/** Wrong PINs at once, and how long until one more is allowed; a right one is not counted. */
interface Allowance {
  readonly atOnce: number;
  readonly oneMoreMs: number;
}

/**
 * What is left to somebody who guesses without end. Each guess may meet a PIN or a duress PIN, of some 900,000 that `isFitPin` takes:
 * - from elsewhere, with any number of addresses: 40 guesses at once and 48 a day, 96 in 900,000: 1 to 9,000 a day, 1 to 26 a year.
 * - with the session or the device of somebody who belongs here, or at the box itself: 96 a day, 1 to 4,500 a day.
 * With 4 digits it would be 1 % a day, which is why 6 are demanded. All of it is in the record: nobody guesses for a year unseen. Price: while somebody
 * with many addresses guesses, a device on which nobody has logged in yet waits; known ones, and the box itself, do not.
 */
export const loginLimits = {
  /** Wrong PINs of one name from one place before that name must wait there. */
  failures: 5,
  /** The first wait, ms; each further failure doubles it. */
  waitMs: 60_000,
  waitMsMax: 900_000,
  /** On this machine, or vouched for by one person. */
  place: { atOnce: 20, oneMoreMs: 900_000 },
  address: { atOnce: 10, oneMoreMs: 3_600_000 },
  /** All addresses together. */
  strangers: { atOnce: 40, oneMoreMs: 1_800_000 },
} as const satisfies Readonly<Record<string, number | Allowance>>;

/** What nobody has tried for so long begins anew. */
const forgetMs = 24 * 3_600_000;

/** Where an attempt comes from. */
export interface LoginFrom {
  readonly address: string;
  /** By this machine's own loopback. */
  readonly isHere: boolean;
  /** Who is logged in where it comes from, or was the last to log in on that device; null: nobody who is known. */
  readonly voucher: string | null;
}

interface Tries {
  readonly failures: number;
  readonly blockedUntil: MonoMs;
  readonly lastAt: MonoMs;
}
interface Used {
  readonly count: number;
  readonly at: MonoMs;
}

export interface Throttle {
  /** Counts the attempt as failed when it is admitted. */
  admit(from: LoginFrom, name: string, now: MonoMs): boolean;
  succeeded(from: LoginFrom, name: string): void;
  /** Failures of this name from there in a row. */
  failures(from: LoginFrom, name: string): number;
}

export function createThrottle(): Throttle {
  const tries = new Map<string, Tries>();
  const used = new Map<string, Used>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  function forgetOld(now: MonoMs): void {
    if (now - lookedAt < loginLimits.waitMs) return;
    lookedAt = now;
    for (const [key, { lastAt }] of tries) if (now - lastAt > forgetMs) tries.delete(key);
    for (const [key, { at }] of used) if (now - at > forgetMs) used.delete(key);
  }

  function usedNow(key: string, { oneMoreMs }: Allowance, now: MonoMs): number {
    const { count, at } = used.get(key) ?? { count: 0, at: now };
    return Math.max(0, count - (now - at) / oneMoreMs);
  }

  return {
    admit(from, name, now) {
      forgetOld(now);
      const key = pairOf(from, name);
      const known = tries.get(key) ?? { failures: 0, blockedUntil: now, lastAt: now };
      if (now < known.blockedUntil) return false;
      const counts = allowancesOf(from).map(([of, each]) => [of, usedNow(of, each, now), each.atOnce] as const);
      if (counts.some(([, count, atOnce]) => count > atOnce - 1)) return false;
      for (const [of, count] of counts) used.set(of, { count: count + 1, at: now });
      const failures = known.failures + 1;
      const over = failures - loginLimits.failures;
      const waitMs = over < 0 ? 0 : Math.min(loginLimits.waitMs * 2 ** over, loginLimits.waitMsMax);
      tries.set(key, { failures, blockedUntil: now + waitMs, lastAt: now });
      return true;
    },
    succeeded(from, name) {
      tries.delete(pairOf(from, name));
      for (const [of] of allowancesOf(from)) {
        const before = used.get(of);
        if (before !== undefined) used.set(of, { ...before, count: Math.max(0, before.count - 1) });
      }
    },
    failures: (from, name) => tries.get(pairOf(from, name))?.failures ?? 0,
  };
}

function placeOf({ voucher, isHere, address }: LoginFrom): string {
  if (voucher !== null) return `by ${voucher}`;
  return isHere ? "here" : `at ${address}`;
}

function pairOf(from: LoginFrom, name: string): string {
  return `${placeOf(from)}\n${name}`;
}

/** Whether nobody who is known stands behind it. */
export function isStranger({ voucher, isHere }: LoginFrom): boolean {
  return voucher === null && !isHere;
}

function allowancesOf(from: LoginFrom): readonly (readonly [string, Allowance])[] {
  if (!isStranger(from)) return [[placeOf(from), loginLimits.place]];
  return [
    [placeOf(from), loginLimits.address],
    ["strangers", loginLimits.strangers],
  ];
}
