// Notices that the wall clock was set, and that it may be believed more or less than before. Deadlines do not care; people who
// read the records must know.
import { type Fact, fact } from "../model/fact.js";
import type { Stamp } from "../model/time.js";

/** A clock that is slewed moves half a millisecond in a second at most. */
const jumpMsMin = 500;

/** `box` is the subject of what is noticed. */
export type LookAtClock = (now: Stamp, box: string) => readonly Fact[];

export function watchClock(start: Stamp): LookAtClock {
  let before = start;
  return (now, box) => {
    const byMs = Math.round(now.wall - before.wall - (now.mono - before.mono));
    const { clock: from } = before;
    before = now;
    return [
      ...(Math.abs(byMs) < jumpMsMin ? [] : [fact("clock.jumped", box, { byMs, trust: now.clock, at: now })]),
      ...(from === now.clock ? [] : [fact("clock.changed", box, { from, to: now.clock, at: now })]),
    ];
  };
}
