import { describe, expect, it } from "vitest";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { type Step, told, watch } from "./watch.js";

const base = { id: "z", name: { zh: "区", en: "z" }, area: "a", point: "p", hysteresis: 2, filterMs: 1_000 };
const room: ZoneConfig = { ...base, kind: "temperature", high: 40, low: 5 };
const tank: ZoneConfig = { ...base, kind: "liquid-level", low: 20 };
const damp: ZoneConfig = { ...base, kind: "humidity", high: 80 };
const battery: ZoneConfig = { ...base, kind: "voltage", low: 11 };

const at20: Step = [0, "p", 20];

describe("a value with limits", () => {
  it.each([
    ["A-35: heat above the limit that lasts", room, [at20, [5_000, "p", 40.1]], ["too-high@5000"]],
    ["A-35: frost below the limit that lasts", room, [at20, [5_000, "p", 4]], ["too-low@5000"]],
    ["A-35: damp above the limit that lasts", damp, [at20, [5_000, "p", 81]], ["too-high@5000"]],
    [
      "A-84: a tank that runs dry",
      tank,
      [
        [0, "p", 90],
        [5_000, "p", 19],
      ],
      ["too-low@5000"],
    ],
    [
      "A-82: a battery that runs down",
      battery,
      [
        [0, "p", 12.6],
        [5_000, "p", 10.9],
      ],
      ["too-low@5000"],
    ],
    ["a value at the limit", room, [at20, [5_000, "p", 40]], []],
    ["a peak shorter than the filter", room, [at20, [5_000, "p", 45], [5_900, "p", 30]], []],
    ["a peak that falls back into the hysteresis", room, [at20, [5_000, "p", 45], [5_900, "p", 39]], []],
    [
      "heat that falls by less than the hysteresis",
      room,
      [at20, [5_000, "p", 45], [7_000, "p", 38.1], [9_000, "p", 41]],
      ["too-high@5000"],
    ],
    [
      "heat that falls by the hysteresis",
      room,
      [at20, [5_000, "p", 45], [7_000, "p", 38]],
      ["too-high@5000", "normal@7000"],
    ],
    [
      "frost that rises by the hysteresis",
      room,
      [at20, [5_000, "p", 4], [7_000, "p", 6.9], [9_000, "p", 7]],
      ["too-low@5000", "normal@9000"],
    ],
    ["frost after heat", room, [at20, [5_000, "p", 45], [7_000, "p", 1]], ["too-high@5000", "too-low@7000"]],
    ["no number", room, [at20, [5_000, "p", Number.NaN]], ["loop-out-of-range@5000"]],
    ["a sensor out of range", room, [at20, [5_000, "p", 850, "out-of-range"]], ["loop-out-of-range@5000"]],
    ["a lost sensor", room, [at20, [5_000, "p", 45, "lost"]], ["unknown@5000"]],
    ["a sensor that speaks in words", room, [at20, [5_000, "p", "hot"]], ["unknown@5000"]],
  ] as readonly (readonly [string, ZoneConfig, readonly Step[], readonly string[]])[])(
    "%s",
    (_what, zone, steps, expected) => {
      expect(told(watch(zone, steps))).toEqual(["normal@0", ...expected]);
    },
  );
});
