import { describe, expect, it } from "vitest";
import { area, Stage, zone } from "./stage.js";

const zones = ["a", "b", "c"].map((id) => zone(id));
const site = (needed = 2) =>
  new Stage({ zones, confirmations: [{ id: "pair", zones: ["a", "b", "c"], needed, withinMs: 60_000 }] });

describe("confirmation by a second detector", () => {
  it("shows the first detection at once as pre-alarm of priority 3, without a response", () => {
    const stage = site();
    const judgement = stage.breach("a");
    expect(judgement).toMatchObject({ verdict: "pre-alarm", responding: null });
    expect(stage.of("zone.pre-alarmed")).toMatchObject([{ zone: "a", confirmation: "pair", alarm: { priority: 3 } }]);
    expect(stage.of("incident.opened")).toEqual([]);
  });

  it("makes one incident of priority 1 of all when the second speaks in time, counted from the second", () => {
    const stage = site();
    stage.breach("a");
    stage.pass(59_000);
    const { responding } = stage.breach("b");
    expect(responding?.detection.occurredAt.mono).toBe(stage.now.mono);
    expect([...(responding?.zones ?? [])].sort()).toEqual(["a", "b"]);
    expect(stage.of("incident.opened")).toHaveLength(1);
    expect(stage.of("zone.breached").map((alarm) => [alarm.zone, alarm.alarm.priority])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(stage.of("zone.pre-alarm-ended")).toEqual([{ zone: "a", alarms: ["pair/a/pre-alarm"] }]);
    expect(stage.durable.preAlarms).toEqual({});
  });

  it("ends a pre-alarm that nobody confirmed, and begins anew with the next", () => {
    const stage = site();
    stage.strike("a");
    stage.pass(60_000);
    expect(stage.of("zone.pre-alarm-ended")).toHaveLength(1);
    expect(stage.strike("b").verdict).toBe("pre-alarm");
    expect(stage.of("zone.breached")).toEqual([]);
  });

  it("takes no second word of the same zone for a partner, but starts its time anew", () => {
    const stage = site();
    stage.strike("a");
    stage.pass(50_000);
    expect(stage.strike("a").verdict).toBe("pre-alarm");
    stage.pass(50_000);
    expect(stage.strike("b").verdict).toBe("alarm");
  });

  it("waits for three where three are needed", () => {
    const stage = site(3);
    expect(["a", "b", "c"].map((id) => stage.breach(id).verdict)).toEqual(["pre-alarm", "pre-alarm", "alarm"]);
    expect(stage.of("zone.breached")).toHaveLength(3);
  });

  it("takes further detections of a confirmed group straight into the alarm", () => {
    const stage = site();
    stage.strike("a");
    stage.strike("b");
    expect(stage.strike("c").verdict).toBe("alarm");
    stage.pass(600_000);
    expect(stage.strike("a").verdict).toBe("alarm");
    expect(stage.of("incident.opened")).toHaveLength(1);
  });

  it("takes no word for a partner's whose time was over when the next spoke, also before its end was told", () => {
    const stage = site();
    stage.strike("a");
    stage.now = { ...stage.now, mono: stage.now.mono + 60_001 };
    expect(stage.strike("b").verdict).toBe("pre-alarm");
  });

  it("gives a confirmed alarm priority 1 and its whole response, whatever each alone would have had", () => {
    const stage = new Stage({
      zones: [zone("a"), zone("b", { kind: "pedestrian-rush" })],
      confirmations: [{ id: "pair", zones: ["a", "b"], needed: 2, withinMs: 60_000 }],
    });
    stage.strike("b", "pedestrian-rush");
    const { responding } = stage.breach("a", "beam-blocked", { from: "unknown" });
    expect(responding?.announceOnly).toBe(false);
    expect(stage.of("zone.breached").map(({ alarm }) => alarm.priority)).toEqual([1, 1]);
  });

  it.each([
    ["unknown", (stage: Stage, id: string) => stage.see(id, { kind: "unknown" })],
    ["faulty", (stage: Stage, id: string) => stage.see(id, { kind: "fault", cause: "loop-out-of-range" })],
    ["tampered", (stage: Stage, id: string) => stage.tamper(id)],
    ["isolated", (stage: Stage, id: string) => stage.order({ kind: "isolate", zone: id, forMs: null })],
    ["inhibited", (stage: Stage, id: string) => stage.order({ kind: "inhibit", zone: id })],
    ["under test", (stage: Stage, id: string) => stage.order({ kind: "start-walk-test", zones: [id], forMs: 60_000 })],
  ])("lets one decide alone when its last partner is %s", (_how, spoil) => {
    const stage = new Stage({ zones, confirmations: [{ id: "pair", zones: ["a", "b"], needed: 2, withinMs: 60_000 }] });
    spoil(stage, "b");
    expect(stage.breach("a").verdict).toBe("alarm");
  });

  it("lets one decide alone when its partner's area is disarmed", () => {
    const stage = new Stage({
      areas: [area("fence"), area("yard", { armedAtStart: false })],
      zones: [zone("a"), zone("b", { area: "yard" })],
      confirmations: [{ id: "pair", zones: ["a", "b"], needed: 2, withinMs: 60_000 }],
    });
    expect(stage.breach("a").verdict).toBe("alarm");
  });

  it("waits as long as enough partners are good, and decides when the last of them is cut off meanwhile", () => {
    const stage = site();
    stage.see("b", { kind: "unknown" });
    expect(stage.breach("a").verdict).toBe("pre-alarm");
    expect(stage.wait("a")).toBeNull();
    stage.see("c", { kind: "unknown" });
    stage.pass(2000);
    expect(stage.wait("a")).toMatchObject({ verdict: "alarm", responding: { zones: ["a"] } });
    expect(stage.of("zone.breached")).toMatchObject([{ detection: { occurredAt: { mono: stage.now.mono } } }]);
    expect(stage.wait("a")).toBeNull();
  });

  it("asks no panic button to be confirmed", () => {
    const stage = new Stage({
      zones: [zone("a"), zone("p", { kind: "panic-button", audible: true })],
      confirmations: [{ id: "pair", zones: ["a", "p"], needed: 2, withinMs: 60_000 }],
    });
    expect(stage.breach("p", "panic-pressed").verdict).toBe("alarm");
  });

  it("keeps nothing waiting when the area is disarmed", () => {
    const stage = site();
    stage.breach("a");
    stage.order({ kind: "disarm", area: "fence" });
    expect(stage.durable.preAlarms).toEqual({});
    expect(stage.of("zone.pre-alarm-ended")).toHaveLength(1);
  });
});
