import { describe, expect, it } from "vitest";
import { classifyLoop, loopOhms } from "../../../edge/detection/loop.js";

const loop = { pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700, fullScale: 1023, tolerance: 0.2 };
const rawOf = (ohms: number) => Math.round((1023 * ohms) / (ohms + 4700));

describe("double end-of-line loop", () => {
  it.each([
    ["closed contact", rawOf(4700), "normal"],
    ["within the tolerance", rawOf(4700 * 1.15), "normal"],
    ["open contact", rawOf(9400), "alarm"],
    ["cut line", 1023, "cut"],
    ["short", 0, "short"],
    ["wrong resistor between normal and alarm", rawOf(6600), "out-of-range"],
    ["wet splice", rawOf(2500), "out-of-range"],
    ["above the scale", 5_000, "cut"],
    ["below the scale", -3, "short"],
    ["no number", Number.NaN, "out-of-range"],
  ] as const)("reads a %s (raw %d) as %s", (_what, raw, expected) => {
    expect(classifyLoop(loop, raw)).toBe(expected);
  });

  it("grows with the resistance and has no end at full scale", () => {
    const ohms = [0, 200, 500, 800, 1000, 1023].map((raw) => loopOhms(loop, raw));
    expect(ohms).toEqual([...ohms].sort((one, other) => one - other));
    expect(ohms.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });
});
