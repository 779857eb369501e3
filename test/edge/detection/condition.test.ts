import { describe, expect, it } from "vitest";
import { conditionOf } from "../../../edge/detection/condition.js";
import type { PointValue, Quality } from "../../../edge/model/point.js";
import type { Readings } from "../../../edge/model/state.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";

const base = { id: "z", name: { zh: "区", en: "z" }, area: "a" };
const beam: ZoneConfig = { ...base, kind: "infrared-beam", point: "p", tamper: "t", filterMs: 40 };
const panic: ZoneConfig = { ...base, kind: "panic-button", point: "p", filterMs: 100, audible: true };
const loop = { pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700, fullScale: 1023, tolerance: 0.2 };
const door: ZoneConfig = { ...base, kind: "door-contact", point: "p", filterMs: 400, loop };
const rush: ZoneConfig = { ...base, kind: "vehicle-rush", barrier: "b", first: "p", second: "t", rushMs: 1_500 };

type Shown = readonly [value: PointValue | null, quality?: Quality];

function readings(points: Readonly<Record<string, Shown>>): Readings {
  return Object.fromEntries(
    Object.entries(points).map(([point, [value, quality = "good"]]) => [
      point,
      { sample: { point, value, quality, occurredAt: 0 }, heardAt: 0 },
    ]),
  );
}

describe("condition of a zone", () => {
  it.each([
    ["a clear beam", beam, { p: [false], t: [false] }, "normal"],
    ["a blocked beam", beam, { p: [true], t: [false] }, "breach"],
    ["an open cover, blocked or not", beam, { p: [true], t: [true] }, "tamper"],
    ["a blocked beam whose cover is not seen", beam, { p: [true] }, "breach"],
    ["a beam not heard of", beam, { t: [false] }, "unknown"],
    ["a retained value", beam, { p: [true, "stale"], t: [false] }, "unknown"],
    ["a lost beam", beam, { p: [true, "lost"], t: [false] }, "unknown"],
    ["a beam that speaks in numbers", beam, { p: [1], t: [false] }, "unknown"],
    ["a line that its driver calls tampered", panic, { p: [null, "tampered"] }, "tamper"],
    ["a pressed button", panic, { p: [true] }, "breach"],
    ["a cut loop", door, { p: [1023] }, "tamper"],
    ["a door loop that speaks in words", door, { p: ["open"] }, "unknown"],
    ["two loops in sight", rush, { p: [true], t: [false] }, "normal"],
    ["one loop in sight", rush, { p: [true], t: [null, "lost"] }, "unknown"],
    ["a loop out of range", rush, { p: [null, "out-of-range"], t: [false] }, "fault"],
  ] as const)("%s", (...[, zone, points, expected]) => {
    expect(conditionOf(zone, readings(points as Readonly<Record<string, Shown>>)).kind).toBe(expected);
  });
});
