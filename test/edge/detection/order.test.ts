import { describe, expect, it } from "vitest";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { alarms, type Step, told, watch } from "./watch.js";

const base = { id: "z", name: { zh: "区", en: "z" }, area: "gate", first: "one", second: "two" };
const lane = { ...base, barrier: "b", rushMs: 1_500 };
const rush: ZoneConfig = { ...lane, kind: "vehicle-rush" };
const walker: ZoneConfig = { ...lane, kind: "pedestrian-rush" };
const pair: ZoneConfig = { ...base, kind: "beam-pair", withinMs: 2_000, counts: "both" };

const free: readonly Step[] = [
  [0, "one", false],
  [0, "two", false],
];
const inward: readonly Step[] = [...free, [1_000, "one", true], [1_800, "two", true]];
const outward: readonly Step[] = [...free, [1_000, "two", true], [1_800, "one", true]];

/** Causes of what stands for itself; a loop that is not good may say more. */
const moments = (zone: ZoneConfig, steps: readonly Step[], laneBarred = true) =>
  watch(zone, steps, { laneBarred }).events.flatMap(({ condition, momentary, occurredAt }) =>
    momentary && "cause" in condition ? `${condition.cause}@${occurredAt}` : [],
  );

type Row = readonly [what: string, steps: readonly Step[], count: number];

describe("vehicle rush", () => {
  it.each([
    ["two loops in order in time", inward, 1],
    ["two loops in order, too slowly", [...free, [1_000, "one", true], [2_501, "two", true]], 0],
    ["the wrong order", outward, 0],
    ["both at the same moment", [...free, [1_000, "one", true], [1_000, "two", true]], 0],
    [
      "one loop alone, again and again",
      [...free, [1_000, "one", true], [1_100, "one", false], [1_200, "one", true]],
      0,
    ],
    [
      "the second that was occupied all along",
      [
        [0, "one", false],
        [10, "two", true],
        [1_000, "one", true],
        [1_100, "two", true],
      ],
      0,
    ],
    [
      "a loop that was never seen free",
      [
        [0, "one", true],
        [1_000, "two", true],
      ],
      0,
    ],
    ["a value that is no level", [...free, [1_000, "one", "yes"], [1_100, "two", true]], 0],
    ["the same vehicle told twice", [...inward, [1_900, "two", true]], 1],
    [
      "a second vehicle",
      [...inward, [2_000, "one", false], [2_100, "two", false], ...shifted(inward.slice(2), 9_000)],
      2,
    ],
  ] as readonly Row[])("%s", (_what, steps, count) => {
    expect(moments(rush, steps)).toHaveLength(count);
  });

  const bad = ["lost", "stale", "tampered", "out-of-range"] as const;
  it.each(bad)("A-81: a loop that is %s never makes a rush, whatever the other says", (quality) => {
    const dead: readonly (readonly Step[])[] = [
      [...free, [1_000, "one", true], [1_100, "two", true, quality]],
      [...free, [1_000, "one", true, quality], [1_100, "two", true]],
      [...free, [1_000, "one", true], [1_100, "two", null, quality], [1_200, "two", true]],
      [...free, [1_000, "one", null, quality], [1_100, "one", true], [1_200, "two", true]],
    ];
    for (const steps of dead) expect(moments(rush, steps)).toEqual([]);
  });

  it("is none in a lane that is open", () => {
    expect(moments(rush, inward, false)).toEqual([]);
  });

  it("A-81: says when it began and when it was complete, by its own cause", () => {
    const expected = { from: "normal", firstActivityAt: 1_000, occurredAt: 1_800, momentary: true };
    expect(watch(rush, inward).events.at(-1)).toEqual({
      ...expected,
      condition: { kind: "breach", cause: "vehicle-rush" },
    });
    expect(watch(walker, inward).events.at(-1)).toEqual({
      ...expected,
      condition: { kind: "breach", cause: "pedestrian-rush" },
    });
  });

  it("a loop that is lost takes the zone out of sight, and back", () => {
    expect(told(watch(rush, [...free, [1_000, "two", null, "lost"], [9_000, "two", false]]))).toEqual([
      "normal@0",
      "unknown@1000",
      "normal@9000",
    ]);
  });
});

describe("beam pair", () => {
  it.each([
    ["both", inward, ["passed-inward@1800"]],
    ["both", outward, ["passed-outward@1800"]],
    ["inward", inward, ["passed-inward@1800"]],
    ["inward", outward, []],
    ["outward", inward, []],
    ["outward", outward, ["passed-outward@1800"]],
  ] as const)("that counts %s", (counts, steps, expected) => {
    expect(alarms(watch({ ...pair, counts }, steps))).toEqual(expected);
  });

  it("a passage that is too slow, or a bird in both beams at once, has no direction", () => {
    expect(alarms(watch(pair, [...free, [1_000, "one", true], [3_001, "two", true]]))).toEqual([]);
    expect(alarms(watch(pair, [...free, [1_000, "one", true], [1_000, "two", true]]))).toEqual([]);
  });

  it("a passage inward does not count once more as the way out", () => {
    const through: readonly Step[] = [...inward, [1_900, "one", false], [2_000, "one", true], [2_100, "one", false]];
    expect(alarms(watch(pair, through))).toEqual(["passed-inward@1800"]);
  });

  it("in and out again are two passages", () => {
    const clear: readonly Step[] = [
      [2_000, "one", false],
      [2_100, "two", false],
    ];
    expect(alarms(watch(pair, [...inward, ...clear, ...shifted(outward.slice(2), 9_000)]))).toEqual([
      "passed-inward@1800",
      "passed-outward@10800",
    ]);
  });
});

function shifted(steps: readonly Step[], byMs: number): readonly Step[] {
  return steps.map(([at, point, value]) => [at + byMs, point, value]);
}
