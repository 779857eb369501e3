// When raw analog reports of a board make a value, as a table: noise looks like a report and has no checksum.
import { describe, expect, it } from "vitest";
import { newPoint, takeAnalog } from "../../../edge/field/firmata/point.js";

const gapMs = 10;

/** Feeds reports 20 ms apart; gives what was told of them. */
function told(reports: readonly number[], start: number | null): readonly number[] {
  const point = newPoint({ id: "loop", direction: "in", pin: 0, signal: "analog" });
  if (start !== null) Object.assign(point, { fresh: true, value: start, reportedAt: 0 });
  return reports.flatMap((raw, index) => {
    const now = 20 * (index + 1);
    if (takeAnalog(point, raw, now, gapMs) === null) return [];
    Object.assign(point, { fresh: true, value: raw, reportedAt: now });
    return [raw];
  });
}

describe("an analog value of a board", () => {
  it.each<[string, number | null, number[], number[]]>([
    ["is told when two reports agree on it", null, [341, 342], [342]],
    ["is told when it changes and the next report agrees", 341, [682, 680], [680]],
    ["is not told for one report of noise", 341, [682, 341, 341], []],
    ["is not told for noise right after the first honest report", null, [341, 682, 341, 341], [341]],
    ["is not told for noise of two kinds in a row", 341, [682, 0, 341], []],
    ["is not told for noise while a change waits for its second report", 341, [682, 5, 682, 682], [682]],
    [
      "is told although it never settles, for somebody may be at the line",
      341,
      Array.from({ length: 14 }, (_, at) => (at % 2 ? 682 : 1000)),
      [682],
    ],
  ])("%s", (_name, start, reports, expected) => {
    expect(told(reports, start)).toEqual(expected);
  });
});
