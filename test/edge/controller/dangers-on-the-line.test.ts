// What comes late or not at all from an armed perimeter, on small boxes fed by hand: silence, a slow zone's cut line, long blocks.
import { describe, expect, it } from "vitest";
import { HandFed } from "../../support/hand-fed.js";
import { config, zone } from "../incident/stage.js";
import { close, outcomes, response, yard } from "../response/yard.js";

describe("a perimeter zone that falls silent", () => {
  it.each([1_000, 15_000, 20_000])(
    "is told as unguarded within 20 s, its silence noticed after %d ms",
    (silentAfterMs) => {
      const point = { id: "beam", direction: "in" as const, line: "beam", silentAfterMs };
      const box = new HandFed(
        config({ zones: [zone("beam")], drivers: [{ id: "io", kind: "gpio", chip: "c", points: [point] }] }),
      );
      box.set("beam", false);
      box.pass(20_000);
      expect(box.of("zone.unguarded")).toHaveLength(1);
    },
  );

  it("has a moment for its line to come back where its silence is noticed early", () => {
    const box = new HandFed(config({ zones: [zone("beam")] }));
    const lost = { point: "beam", value: null, quality: "lost", occurredAt: box.mono } as const;
    box.input({ kind: "sample", sample: lost });
    box.pass(4_900);
    box.set("beam", false);
    box.pass(20_000);
    expect(box.of("zone.unguarded")).toEqual([]);
  });
});

describe("a line that comes back", () => {
  it("is believed, although its first sample was on its way when the silence was told", () => {
    const box = new HandFed(config({ zones: [zone("beam")] }));
    const sample = { point: "beam", occurredAt: box.mono } as const;
    box.input({ kind: "sample", sample: { ...sample, value: null, quality: "lost" } });
    box.input({
      kind: "sample",
      sample: { ...sample, value: false, quality: "good", occurredAt: box.mono - 50 },
    });
    box.pass(20_000);
    expect(box.of("zone.unguarded")).toEqual([]);
    expect(box.durable.lost).toEqual({});
  });
});

describe("a closed contact from before the drive was told to open", () => {
  it("A-33: proves no close that is ordered right after: the drive may be on its way already", () => {
    const held = response("held", [{ command: "lock-down" }], close("main-lanes"));
    const box = new HandFed(yard([held]), { "main-open": false, "main-closed": true });
    box.set("main-closed", true);
    box.stuck.add("main");
    box.order({ kind: "open", barrier: "main" });
    box.pass(200);
    box.order({ kind: "lock-down", group: "main-lanes" });
    box.pass(500);
    expect(outcomes(box)).toEqual({ "held/close-main-lanes": "open" });
    box.pass(3000);
    expect(outcomes(box)).toEqual({ "held/close-main-lanes": "met" });
  });
});

describe("a slow zone on an armed perimeter", () => {
  it("A-31: has its cut line told at once, not after the time for which its lane may be taken", () => {
    const loop = { pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700, fullScale: 1023, tolerance: 0.2 };
    const lane = zone("lane", { kind: "fire-lane", loop, filterMs: 60_000 });
    const box = new HandFed(config({ zones: [lane] }), { lane: 512 });
    box.set("lane", 1023);
    box.pass(5_000);
    expect(box.of("zone.tampered")).toMatchObject([{ zone: "lane", cause: "loop-cut" }]);
  });
});

describe("a level that comes in longer blocks than the proof grants", () => {
  it("A-31: is told once, with a work order, before an alarm is late by it", () => {
    const settings = { baselineMs: 20_000, threshold: 4, levelFloor: 0, eventCount: 3, eventWindowMs: 10_000 };
    const fibre = zone("fibre", {
      kind: "vibration-fibre",
      level: "fibre",
      settings: { ...settings, maskMs: 500, sustainedMs: 2500, windReject: 4 },
    });
    const site = new HandFed(config({ zones: [fibre] }));
    for (const samples of [25, 100, 25, 100]) {
      const values = Array.from({ length: samples }, (_, index) => Math.sin(index));
      site.pass(10 * samples);
      site.set("fibre", { t0: 0, periodUs: 10_000, values });
    }
    expect(site.of("budget.exceeded")).toEqual([{ subject: "fibre", term: "block", ms: 1000, budgetMs: 300 }]);
    expect(site.of("workorder.opened")).toMatchObject([{ device: "driver:io", cause: "slower-than-proved" }]);
  });
});

describe("a machine that wakes the box too late", () => {
  it("A-31: is told once, with a work order: the reaction is a term of the proof", () => {
    const box = new HandFed(config({ zones: [zone("beam", { filterMs: 400 })] }));
    const block = (lateMs: number) => {
      box.set("beam", true);
      box.mono += 400 + lateMs;
      box.set("beam", false);
      box.pass(2000);
    };
    block(50);
    expect(box.of("budget.exceeded")).toEqual([]);
    block(90);
    block(90);
    expect(box.of("budget.exceeded")).toEqual([{ subject: "box", term: "reaction", ms: 90, budgetMs: 50 }]);
    expect(box.of("workorder.opened")).toMatchObject([{ device: "box:box", cause: "slower-than-proved" }]);
  });
});
