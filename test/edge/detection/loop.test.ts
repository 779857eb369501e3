import { describe, expect, it } from "vitest";
import { classifyLoop, loopOhms } from "../../../edge/detection/loop.js";

const single = { pullUpOhms: 4700, endOhms: 4700, fullScale: 1023, tolerance: 0.2 };
const double = { ...single, alarmOhms: 4700 };
const triple = { ...double, maskOhms: 12_000 };
const rawOf = (ohms: number) => Math.round((1023 * ohms) / (ohms + 4700));

describe("loop with one resistor", () => {
  it.each([
    ["closed contact", rawOf(4700), "normal"],
    ["open contact or cut line", 1023, "alarm"],
    ["short", 0, "short"],
    ["wrong resistor", rawOf(8000), "out-of-range"],
  ] as const)("reads a %s (raw %d) as %s", (_what, raw, expected) => {
    expect(classifyLoop(single, raw)).toBe(expected);
  });
});

describe("loop with two resistors", () => {
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
    expect(classifyLoop(double, raw)).toBe(expected);
  });

  it("grows with the resistance and has no end at full scale", () => {
    const ohms = [0, 200, 500, 800, 1000, 1023].map((raw) => loopOhms(double, raw));
    expect(ohms).toEqual([...ohms].sort((one, other) => one - other));
    expect(ohms.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("loop with three resistors", () => {
  it.each([
    ["detector at rest", rawOf(4700), "normal"],
    ["open contact", rawOf(9400), "alarm"],
    ["masked detector", rawOf(16_700), "masked"],
    ["masked detector whose contact opens", rawOf(21_400), "alarm"],
    ["cut line", 1023, "cut"],
    ["short", 0, "short"],
    ["resistance between open and masked", rawOf(12_500), "out-of-range"],
  ] as const)("reads a %s (raw %d) as %s", (_what, raw, expected) => {
    expect(classifyLoop(triple, raw)).toBe(expected);
  });

  it("takes the nearest class where tolerances overlap", () => {
    const close = { ...triple, endOhms: 1000, alarmOhms: 1000, maskOhms: 500, pullUpOhms: 1000 };
    const raw = (ohms: number) => (1023 * ohms) / (ohms + 1000);
    expect([1600, 1750].map((ohms) => classifyLoop(close, raw(ohms)))).toEqual(["masked", "alarm"]);
  });

  it("can be masked without an alarm resistor: the open loop is the alarm", () => {
    const masking = { ...single, maskOhms: 4700 };
    expect([rawOf(9400), 1023].map((raw) => classifyLoop(masking, raw))).toEqual(["masked", "alarm"]);
  });
});
