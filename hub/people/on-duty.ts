// Enough operators on duty: fewer than asked for over a while is an alarm of the hub's own, which returns when they are back.
import type { OwnFact } from "../ledger/ledger.js";

/** A change of shift and a page that loads anew take less. */
export const shortAfterMs = 5 * 60_000;

export interface OnDutyOptions {
  /** Different persons who must be there. */
  readonly needed: number;
  /** Different persons who are there. */
  readonly present: () => number;
  /** Whether the alarm stands already. */
  readonly isShorthanded: () => boolean;
}

/** Gives what is to be recorded now, on the monotonic clock in ms. To be asked again and again. */
export function createOnDuty({ needed, present, isShorthanded }: OnDutyOptions): (now: number) => readonly OwnFact[] {
  let shortSince: number | null = null;
  return (now) => {
    const there = present();
    if (there >= needed) {
      shortSince = null;
      return isShorthanded() ? [enough()] : [];
    }
    shortSince ??= now;
    const isDue = now - shortSince >= shortAfterMs;
    return isDue && !isShorthanded() ? [tooFew(there, needed)] : [];
  };
}

const key = "operators.too-few";

function tooFew(present: number, needed: number): OwnFact {
  const data = { alarm: { key, priority: 2 }, present, needed };
  return { type: "operators.too-few", lane: "alarm", subject: "hub", data };
}

function enough(): OwnFact {
  return { type: "operators.restored", lane: "alarm", subject: "hub", data: { alarms: [key] } };
}
