import { describe, expect, it } from "vitest";
import { area, Stage, zone } from "./stage.js";

const office = () =>
  new Stage({
    areas: [area("fence", { kind: "office", entryMs: 30_000 })],
    zones: [zone("door", { entryRoute: true }), zone("hall", { entryRoute: true }), zone("window")],
  });

describe("entry time", () => {
  it("waits with the alarm for somebody who comes in by the door and disarms in time", () => {
    const stage = office();
    expect(stage.breach("door")).toMatchObject({ verdict: "entry-time", responding: null });
    expect(stage.breach("hall").verdict).toBe("entry-time");
    expect(stage.of("area.entry-started")).toHaveLength(1);
    stage.pass(29_000);
    stage.order({ kind: "disarm", area: "fence" });
    expect(stage.pass(60_000)).toEqual([]);
    expect(stage.of("zone.breached")).toEqual([]);
    expect(stage.durable.entries).toEqual({});
  });

  it("alarms when the entry time is over, counted from its end, and once", () => {
    const stage = office();
    const began = stage.now.mono;
    stage.breach("door");
    const [judgement, ...more] = stage.pass(90_000);
    expect(more).toEqual([]);
    expect(judgement).toMatchObject({ verdict: "alarm", responding: { zones: ["door"] } });
    const { occurredAt, firstActivityAt } = judgement?.responding?.detection ?? {};
    expect([firstActivityAt?.mono, occurredAt?.mono]).toEqual([began, began + 30_000]);
  });

  it("alarms at once off the route, and on the route once there is an intrusion", () => {
    const stage = office();
    stage.breach("door");
    expect(stage.breach("window").verdict).toBe("alarm");
    expect(stage.pass(31_000)).toMatchObject([{ verdict: "alarm", responding: { zones: ["door"] } }]);
    expect(stage.breach("hall").verdict).toBe("alarm");
    expect(stage.of("incident.opened")).toHaveLength(1);
  });

  it("counts from the end of the entry time also where the box comes to it late", () => {
    const stage = office();
    stage.breach("door");
    const end = stage.now.mono + 30_000;
    stage.now = { ...stage.now, mono: end + 700 };
    expect(stage.pass(0)).toMatchObject([{ responding: { detection: { occurredAt: { mono: end } } } }]);
  });

  it("goes on with the time that is left after a restart, and is over where the clock cannot tell", () => {
    const stage = office();
    stage.breach("door");
    stage.reboot(10_000);
    expect(stage.breach("door", "beam-blocked", { from: "unknown" }).verdict).toBe("entry-time");
    expect(stage.pass(19_000)).toEqual([]);
    expect(stage.pass(1_001)).toHaveLength(1);
    const other = office();
    other.breach("door");
    other.reboot(10_000, "never-set");
    expect(other.pass(0)).toMatchObject([
      { verdict: "alarm", responding: { detection: { occurredAt: { mono: 5_000 } } } },
    ]);
  });
});
