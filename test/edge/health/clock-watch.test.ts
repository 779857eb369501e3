// A wall clock that is set, and trust that comes and goes, become facts.
import { describe, expect, it } from "vitest";
import { watchClock } from "../../../edge/health/clock-watch.js";
import type { ClockTrust, Stamp } from "../../../edge/model/time.js";

const at = (mono: number, wall: number, clock: ClockTrust = "holdover"): Stamp => ({ boot: "b", mono, wall, clock });

describe("the watch on the wall clock", () => {
  it.each<[string, Stamp, readonly object[]]>([
    ["goes on evenly", at(1_000, 51_000), []],
    ["is slewed", at(1_000, 51_000.5), []],
    ["jumps forward", at(1_000, 3_651_000), [{ type: "clock.jumped", lane: "state", data: { byMs: 3_600_000 } }]],
    ["jumps back", at(1_000, 11_000), [{ type: "clock.jumped", data: { byMs: -40_000, trust: "holdover" } }]],
    [
      "is set by a time source",
      at(1_000, 61_000, "synchronised"),
      [{ type: "clock.jumped" }, { type: "clock.changed", data: { from: "holdover", to: "synchronised" } }],
    ],
  ])("says what is to be known when it %s, once", (_how, now, facts) => {
    const look = watchClock(at(0, 50_000));
    expect(look(now, "box")).toMatchObject(facts);
    expect(look({ ...now, mono: 2_000, wall: now.wall + 1_000 }, "box")).toEqual([]);
  });
});
