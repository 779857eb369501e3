import { describe, expect, it } from "vitest";
import { initialOrder, observeOrder } from "../../../edge/detection/order.js";
import type { Quality } from "../../../edge/model/point.js";

const zone = {
  id: "rush",
  name: { zh: "冲", en: "rush" },
  area: "gate",
  kind: "vehicle-rush",
  barrier: "b",
  first: "one",
  second: "two",
  rushMs: 1_500,
} as const;

type Step = readonly [at: number, point: "one" | "two", value: boolean | string, quality?: Quality];

const free: readonly Step[] = [
  [0, "one", false],
  [0, "two", false],
];

function rushes(steps: readonly Step[], laneBarred = true): readonly unknown[] {
  let state = initialOrder;
  return steps.flatMap(([occurredAt, point, value, quality = "good"]) => {
    const seen = observeOrder(state, zone, { point, value, quality, occurredAt }, laneBarred);
    state = seen.state;
    return seen.moment === null ? [] : [seen.moment];
  });
}

describe("vehicle rush", () => {
  it.each([
    ["two loops in order in time", [...free, [100, "one", true], [900, "two", true]], 1],
    ["two loops in order, too slowly", [...free, [100, "one", true], [1_601, "two", true]], 0],
    ["the wrong order", [...free, [100, "two", true], [900, "one", true]], 0],
    ["both at the same moment", [...free, [100, "one", true], [100, "two", true]], 0],
    ["one loop alone, again and again", [...free, [100, "one", true], [200, "one", false], [300, "one", true]], 0],
    [
      "the second that was occupied all along",
      [
        [0, "one", false],
        [10, "two", true],
        [100, "one", true],
        [200, "two", true],
      ],
      0,
    ],
    [
      "a loop that is lost in between",
      [...free, [100, "one", true], [200, "two", true, "lost"], [300, "two", true]],
      0,
    ],
    [
      "a loop that was never seen free",
      [
        [0, "one", true],
        [100, "two", true],
      ],
      0,
    ],
    ["a value that is no level", [...free, [100, "one", "yes"], [200, "two", true]], 0],
    ["the same vehicle told twice", [...free, [100, "one", true], [200, "two", true], [300, "two", true]], 1],
  ] as readonly (readonly [string, readonly Step[], number])[])("%s", (_what, steps, count) => {
    expect(rushes(steps)).toHaveLength(count);
  });

  it("is none in a lane that is open", () => {
    expect(rushes([...free, [100, "one", true], [900, "two", true]], false)).toEqual([]);
  });

  it("says when it began and when it was complete", () => {
    expect(rushes([...free, [100, "one", true], [900, "two", true]])).toEqual([
      { cause: "vehicle-rush", firstActivityAt: 100, occurredAt: 900 },
    ]);
  });
});
