import { describe, expect, it } from "vitest";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

function office(): VirtualSite {
  return new VirtualSite(exampleSite("office")).run(10_000);
}

describe("perimeter alarm", () => {
  it("A-31 sounds the siren within 5 s of a cut in the fence and says every time of it", () => {
    const site = office().run(20_000);
    const cutAt = site.mono;
    site.trigger("fence-cut");
    site.runUntil("siren", () => site.relay("siren"), 8_000);
    expect(site.mono - cutAt).toBeLessThan(8_000);
    site.run(100);
    const [step] = site.steps();
    expect(step).toMatchObject({ response: "perimeter-alarm", outcome: "met" });
    const times = [
      step?.firstActivityAt,
      step?.occurredAt,
      step?.detectedAt,
      step?.decidedAt,
      step?.confirmedAt,
      step?.deadlineAt,
    ].map((at) => at?.mono ?? 0);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect((step?.deadlineAt.mono ?? 0) - (step?.occurredAt.mono ?? 0)).toBe(5_000);
  });

  it("A-35 takes a beam blocked for 500 ms for a breach and one blocked for 30 ms for none", () => {
    const site = office();
    site.trigger("beam-short");
    site.run(3_000);
    expect(site.of("zone.breached")).toEqual([]);
    site.trigger("beam-break");
    site.run(3_000);
    expect(site.of("zone.breached")).toMatchObject([
      { zone: "beam-east", cause: "beam-blocked", alarm: { priority: 1 } },
    ]);
    expect(site.of("step.met")).toHaveLength(1);
  });

  it("alarms within 5 s when the fibre breaks or a cover opens on the armed perimeter", () => {
    for (const [trigger, cause] of [
      ["fibre-break", "fibre-broken"],
      ["beam-tamper", "tampered"],
    ] as const) {
      const site = office();
      site.trigger(trigger);
      site.run(5_000);
      expect(site.of("zone.tampered")).toMatchObject([{ cause, alarm: { priority: 1 } }]);
      expect(site.relay("siren")).toBe(true);
    }
  });

  it("calls a silent zone of the armed perimeter unguarded within 20 s, without a siren", () => {
    const site = office();
    site.trigger("fibre-silent");
    site.run(20_000);
    expect(site.of("zone.unguarded")).toMatchObject([{ zone: "fence-north", alarm: { priority: 2 } }]);
    expect(site.of("workorder.opened")).toHaveLength(1);
    expect(site.relay("siren")).toBe(false);
    site.trigger("fibre-back");
    site.run(5_000);
    expect(site.of("zone.restored")).toHaveLength(1);
    expect(site.of("zone.breached")).toEqual([]);
  });

  it("makes a lost loop elsewhere a fault with one work order per driver, and no alarm on its return", () => {
    const site = office();
    site.cutLine("io");
    site.run(20_000);
    expect(
      site
        .of("zone.changed")
        .filter((change) => change.state === "fault")
        .map((change) => change.zone),
    ).toEqual(expect.arrayContaining(["gatehouse-door", "panic-button", "fire-panel"]));
    expect(site.of("workorder.opened")).toMatchObject([{ device: "driver:io" }]);
    site.mendLine("io");
    site.run(5_000);
    expect([...site.of("zone.breached"), ...site.of("zone.unguarded"), ...site.of("zone.tampered")]).toEqual([]);
  });

  it.each([
    ["door-open", "zone.breached", "door-opened"],
    ["loop-cut", "zone.tampered", "loop-cut"],
    ["loop-short", "zone.tampered", "loop-short"],
  ] as const)("reads %s from the end-of-line loop", (trigger, type, cause) => {
    const site = office();
    site.trigger(trigger);
    site.run(2_000);
    expect(site.of(type)).toMatchObject([{ zone: "gatehouse-door", cause }]);
  });

  it("says nothing of an open door while its area is disarmed, but still of a cut loop", () => {
    const site = office();
    expect(site.command({ kind: "disarm", area: "gatehouse" }).ok).toBe(true);
    site.trigger("door-open");
    site.run(2_000);
    expect(site.of("zone.breached")).toEqual([]);
    expect(site.command({ kind: "arm", area: "gatehouse" })).toEqual(
      expect.objectContaining({
        ok: false,
        code: "arming.prevented",
        obstacles: [{ subject: "gatehouse-door", why: "not-normal" }],
      }),
    );
    site.trigger("loop-cut");
    site.run(2_000);
    expect(site.of("zone.tampered")).toHaveLength(1);
  });

  it("judges by level what was already open when the box came up", () => {
    const site = new VirtualSite(exampleSite("office"));
    site.trigger("door-open");
    site.run(8_000);
    expect(site.of("zone.breached")).toMatchObject([{ cause: "changed-while-away", alarm: { priority: 2 } }]);
  });

  it("misses the announcement when the siren does not confirm, and takes the fallback", () => {
    const site = office();
    site.deadOutputs.add("siren");
    site.trigger("beam-break");
    site.run(6_000);
    expect(site.of("step.missed")).toMatchObject([
      { alarm: { priority: 1 }, target: "siren-strobe", reason: "output-not-confirmed" },
    ]);
    expect(site.relay("gatehouse-buzzer")).toBe(true);
    site.deadOutputs.clear();
    site.run(2_000);
    expect(site.of("step.completed")).toHaveLength(1);
  });

  it("silences, then sounds again when the perimeter is breached once more", () => {
    const site = office();
    site.trigger("beam-break");
    site.run(3_000);
    site.command({ kind: "silence" });
    site.run(1_000);
    expect(site.relay("siren")).toBe(false);
    site.trigger("beam-break");
    site.run(3_000);
    expect(site.relay("siren")).toBe(true);
    expect(site.of("incident.opened")).toHaveLength(1);
  });

  it("cuts the sounder off after its limit and keeps the alarm", () => {
    const site = office();
    site.trigger("beam-break");
    site.run(190_000);
    expect(site.of("annunciator.silenced")).toMatchObject([{ by: "cut-off" }]);
    expect(site.relay("siren")).toBe(false);
    expect(Object.keys(site.durable().incidents)).toHaveLength(1);
  });

  it("resets an incident by hand only, and only when its cause is gone", () => {
    const site = office();
    site.trigger("beam-tamper");
    site.run(2_000);
    const [incident = ""] = Object.keys(site.durable().incidents);
    expect(site.command({ kind: "reset", incident }).code).toBe("command.not-possible");
    site.trigger("beam-mend");
    site.run(2_000);
    expect(site.durable().zones["beam-east"]?.state).toBe("tampered");
    expect(site.command({ kind: "reset", incident }).ok).toBe(true);
    expect(site.durable().zones["beam-east"]?.state).toBe("normal");
  });

  it("opens an incident for a siren that sounds although no record explains it", () => {
    const site = new VirtualSite(exampleSite("office"));
    site.plant = { ...site.plant, relays: { ...site.plant.relays, siren: true } };
    site.run(8_000);
    expect(site.of("incident.unexplained")).toMatchObject([{ subject: "siren", seen: "active" }]);
    expect(site.relay("siren")).toBe(false);
  });
});
