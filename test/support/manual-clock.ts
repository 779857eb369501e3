// A clock that goes on only when a test says so.
import type { Clock } from "../../edge/machine/ports.js";

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** Starts at noon of 2026-06-01. */
export function manualClock(): ManualClock {
  let mono = 1000;
  const start = Date.parse("2026-06-01T12:00:00.000Z") - mono;
  return {
    mono: () => mono,
    now: () => ({ boot: "boot-1", mono, wall: start + mono, clock: "synchronised" }),
    advance(ms) {
      mono += ms;
    },
  };
}
