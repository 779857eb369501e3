// Samples through a whole zone: its events, when it wants to be woken, and which rule held back what came to nothing.
import { describe, expect, it } from "vitest";
import { initialZoneWork, observeZone, ripenZone, zoneWakeAt } from "../../../edge/detection/zone.js";
import type { Sample } from "../../../edge/model/point.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { alarms, type Step, watch } from "./watch.js";

const base = { id: "z", name: { zh: "区", en: "z" }, area: "a" };
const beam: ZoneConfig = { ...base, kind: "infrared-beam", point: "p", tamper: "t", filterMs: 40 };
const room: ZoneConfig = { ...base, kind: "temperature", point: "p", high: 40, low: 5, hysteresis: 2, filterMs: 1_000 };
const order = { ...base, first: "one", second: "two" };
const rush: ZoneConfig = { ...order, kind: "vehicle-rush", barrier: "b", rushMs: 1_500 };
const pair: ZoneConfig = { ...order, kind: "beam-pair", withinMs: 2_000, counts: "inward" };
const turnstile: ZoneConfig = { ...base, kind: "turnstile", granted: "g", passed: "p", grantMs: 5_000 };
const door: ZoneConfig = {
  ...base,
  kind: "access-door",
  point: "p",
  granted: "g",
  filterMs: 400,
  grantMs: 5_000,
  heldOpenMs: 30_000,
};

const clear: Step = [0, "p", false];
const free: readonly Step[] = [
  [0, "one", false],
  [0, "two", false],
];
const closed: readonly Step[] = [clear, [0, "g", false]];

describe("the filter of a zone", () => {
  it("A-35: a beam that is blocked for 40 ms is an alarm from the first sample on, a shorter one is none", () => {
    expect(alarms(watch(beam, [clear, [1_000, "p", true], [1_039, "p", false]]))).toEqual([]);
    expect(alarms(watch(beam, [clear, [1_000, "p", true], [1_040, "p", false]]))).toEqual(["beam-blocked@1000"]);
  });

  it("a lost cover becomes a fault when it has not come back for 5 s", () => {
    expect(alarms(watch(beam, [clear, [1_000, "t", null, "lost"], [5_900, "t", false]]))).toEqual([]);
    expect(alarms(watch(beam, [clear, [1_000, "t", null, "lost"], [6_000, "t", false]]))).toEqual(["signal-lost@1000"]);
  });

  it("wants to be woken when a change may have lasted, and not otherwise", () => {
    const view = { readings: {}, laneBarred: false, raised: false };
    const see = (work: ReturnType<typeof initialZoneWork>, at: number, value: boolean) => {
      const sample: Sample = { point: "p", value, quality: "good", occurredAt: at };
      return observeZone(beam, work, sample, { ...view, readings: { p: { sample, heardAt: at } } }).work;
    };
    const calm = ripenZone(beam, see(initialZoneWork(), 0, false), 40).work;
    expect(zoneWakeAt(beam, calm)).toBeNull();
    const blocked = see(calm, 1_000, true);
    expect(zoneWakeAt(beam, blocked)).toBe(1_040);
    expect(ripenZone(beam, blocked, 1_039).events).toEqual([]);
    expect(zoneWakeAt(beam, ripenZone(beam, blocked, 1_040).work)).toBeNull();
  });
});

type Row = readonly [
  what: string,
  zone: ZoneConfig,
  steps: readonly Step[],
  expected: { verdict: string; seen: unknown; limit: number | null },
];

describe("why no alarm", () => {
  it.each([
    ["a contact at rest", beam, [clear], { verdict: "nothing-seen", seen: false, limit: null }],
    [
      "a beam that was blocked for too short a time",
      beam,
      [clear, [1_000, "p", true], [1_030, "p", false]],
      { verdict: "filter-not-passed", seen: 30, limit: 40 },
    ],
    [
      "a beam that is lost",
      beam,
      [clear, [1_000, "p", null, "lost"], [2_000, "p", null, "lost"]],
      { verdict: "quality-not-good", seen: "lost", limit: null },
    ],
    [
      "a beam that goes on being blocked",
      beam,
      [clear, [1_000, "p", true], [2_000, "p", true]],
      { verdict: "known-already", seen: "beam-blocked", limit: null },
    ],
    ["heat below the limit", room, [[0, "p", 38]], { verdict: "within-limits", seen: 38, limit: 40 }],
    ["cold above the limit", room, [[0, "p", 6]], { verdict: "within-limits", seen: 6, limit: 5 }],
    ["one loop alone", rush, [...free, [1_000, "one", true]], { verdict: "too-few-events", seen: 1, limit: 2 }],
    [
      "two loops too slowly",
      rush,
      [...free, [1_000, "one", true], [3_000, "two", true]],
      { verdict: "wrong-order", seen: 2_000, limit: 1_500 },
    ],
    [
      "a vehicle on its way out",
      rush,
      [...free, [1_000, "two", true], [1_500, "one", true]],
      { verdict: "wrong-order", seen: "outward", limit: null },
    ],
    [
      "a passage that does not count",
      pair,
      [...free, [1_000, "two", true], [1_500, "one", true]],
      { verdict: "wrong-order", seen: "outward", limit: null },
    ],
    [
      "a loop that is lost",
      rush,
      [...free, [1_000, "one", true, "stale"], [1_500, "two", true, "lost"]],
      { verdict: "quality-not-good", seen: "lost", limit: null },
    ],
    [
      "a granted opening",
      door,
      [...closed, [1_000, "g", true], [2_000, "p", true]],
      { verdict: "granted", seen: true, limit: null },
    ],
    [
      "a granted passage",
      turnstile,
      [...closed, [1_000, "g", true], [2_000, "p", true]],
      { verdict: "granted", seen: true, limit: null },
    ],
    [
      "a passage while grants are lost",
      turnstile,
      [...closed, [1_000, "g", null, "lost"], [2_000, "p", true]],
      { verdict: "quality-not-good", seen: true, limit: null },
    ],
  ] as readonly Row[])("%s", (_what, zone, steps, expected) => {
    const { traces } = watch(zone, steps, { until: 20_000 });
    expect(traces.at(-1)).toEqual({ zone: "z", at: expect.any(Number), ...expected });
  });

  it("a rush in an open lane", () => {
    const steps: readonly Step[] = [...free, [1_000, "one", true], [1_500, "two", true]];
    expect(watch(rush, steps, { laneBarred: false }).traces.at(-1)).toMatchObject({
      verdict: "lane-not-barred",
      seen: 500,
    });
  });

  it.each([
    ["a blocked beam", beam, [clear, [1_000, "p", true]]],
    ["a rush", rush, [...free, [1_000, "one", true], [1_500, "two", true]]],
    ["a forced door", door, [...closed, [1_000, "p", true]]],
    ["tailgating", turnstile, [...closed, [1_000, "p", true]]],
  ] as readonly (readonly [string, ZoneConfig, readonly Step[]])[])(
    "%s leaves no trace of being held back",
    (_what, zone, steps) => {
      const seen = watch(zone, steps, { until: 20_000 });
      expect(alarms(seen)).toHaveLength(1);
      const last = steps.at(-1)?.[0] ?? 0;
      expect(seen.traces.filter(({ at }) => at >= last)).toEqual([]);
    },
  );

  it("a change that still runs has not been held back", () => {
    const steps: readonly Step[] = [clear, [1_000, "p", true], [1_020, "p", true]];
    expect(watch(beam, steps).traces.filter(({ at }) => at >= 1_000)).toEqual([]);
  });

  it("gives one trace for each sample that gives no event", () => {
    const steps: readonly Step[] = [...free, [1_000, "one", true], [2_000, "one", false], [3_000, "two", true]];
    const { events, traces } = watch(rush, steps);
    expect([events.length, traces.length]).toEqual([1, steps.length]);
    const lost = watch(rush, [...steps, [4_000, "one", null, "lost"], [5_000, "one", null, "lost"]]);
    expect([lost.events.length, lost.traces.length]).toEqual([2, steps.length + 1]);
  });
});
