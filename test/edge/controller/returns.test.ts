import { describe, expect, it } from "vitest";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

function office(): VirtualSite {
  return new VirtualSite(exampleSite("office")).run(10_000);
}

const lockDown = { kind: "lock-down", group: "all-lanes" } as const;
const standDown = {
  kind: "stand-down",
  group: "all-lanes",
  barriers: ["bollard-1", "bollard-2", "bollard-3"],
} as const;
const incidentOf = (site: VirtualSite, kind: string) =>
  Object.values(site.durable().incidents).find((incident) => incident.kind === kind)?.id ?? "";

function reboot(site: VirtualSite, clock: "never-set" | "synchronised", wallShiftMs = 0): void {
  site.kill();
  site.run(1_000);
  site.boot = "boot-2";
  site.mono -= 900_000;
  site.wallOffset += 900_000 + wallShiftMs;
  site.clock = clock;
  site.start();
}

function lower(site: VirtualSite, id: string): void {
  const bollard = site.plant.bollards[id];
  if (bollard === undefined) throw new Error(`no ${id}`);
  site.plant = { ...site.plant, bollards: { ...site.plant.bollards, [id]: { ...bollard, position: 0 } } };
}

describe("after a start", () => {
  it("cuts a sounder off after its limit although nobody has set the clock since the reboot", () => {
    const site = office();
    site.trigger("beam-break");
    site.run(2_000);
    reboot(site, "never-set");
    site.run(2_000);
    expect(site.relay("siren")).toBe(true);
    site.run(180_000);
    expect(site.relay("siren")).toBe(false);
  });

  it("calls a deadline passed when the wall clock went back, instead of giving it years", () => {
    const site = office();
    site.command(lockDown);
    site.run(2_000);
    reboot(site, "synchronised", -86_400_000);
    expect(site.of("step.resumed").map(({ by }) => by)).toEqual(["overdue", "overdue"]);
  });

  it("tells how late a missed step was completed, also when the box was rebooted in between", () => {
    const site = office();
    site.trigger("vehicle-on-loop", "B2");
    site.run(500);
    site.command(lockDown);
    site.run(31_000);
    reboot(site, "synchronised");
    site.trigger("vehicle-leaves", "B2");
    site.run(20_000);
    const [completed] = site.of("step.completed");
    expect(completed?.latenessMs).toBeGreaterThan(1_000);
    expect(completed?.latenessMs).toBeLessThan(25_000);
  });

  it("raises a top alarm when a held barrier moved while the box or its contacts were away", () => {
    for (const away of ["box", "contacts"] as const) {
      const site = office();
      site.command(lockDown);
      site.run(25_000);
      if (away === "box") site.kill();
      else site.cutLine("bollards");
      lower(site, "B1");
      site.run(1_000);
      if (away === "box") site.start();
      else site.mendLine("bollards");
      site.run(1_000);
      expect(site.of("barrier.moved-uncommanded")).toMatchObject([{ barrier: "bollard-1", alarm: { priority: 1 } }]);
    }
  });

  it("shows red for the warning time also when the order comes before everything has been read", () => {
    const site = new VirtualSite(exampleSite("office"));
    site.cutLine("field");
    site.run(300);
    expect(site.command(lockDown).ok).toBe(true);
    site.runUntil("red", () => site.relay("main-out-red"), 500);
    site.runUntil("motion", () => site.plant.bollards["B2"]?.motion === "raising", 5_000);
  });

  it("silences before everything has been read, and does not ask to be woken for what is done", () => {
    const site = office();
    site.trigger("beam-break");
    site.run(2_000);
    site.kill();
    site.cut.add("field");
    site.start();
    site.deadOutputs.add("siren");
    site.run(1_000);
    site.command({ kind: "silence" });
    site.deadOutputs.clear();
    site.run(2_000);
    expect(site.relay("siren")).toBe(false);
  });
});

describe("a cause that comes back into sight", () => {
  it("does not lock down again what two persons stood down, by a line that flaps or a restart", () => {
    const site = office();
    site.plant = { ...site.plant, buttons: { ...site.plant.buttons, panic: true } };
    site.run(25_000);
    expect(site.command(standDown, ["wang", "li"]).ok).toBe(true);
    site.command({ kind: "silence" });
    site.run(15_000);
    site.cutLine("io");
    site.run(500).mendLine("io");
    site.run(3_000).kill();
    site.start();
    site.run(10_000);
    expect(site.durable().lockDowns).toEqual({});
    expect(site.relay("siren")).toBe(false);
    expect(site.of("zone.breached")).toHaveLength(1);
  });

  it("is a new one when it had gone meanwhile", () => {
    const site = office();
    site.trigger("panic");
    site.run(25_000);
    site.command(standDown, ["wang", "li"]);
    site.run(15_000);
    site.kill();
    site.trigger("panic");
    site.run(100).start();
    site.run(2_000);
    expect(Object.keys(site.durable().lockDowns)).toEqual(["all-lanes"]);
  });
});

describe("a confirmation", () => {
  it("from before the line was cut confirms nothing that is decided later", () => {
    const site = office();
    site.trigger("beam-break");
    site.run(3_000);
    site.cutLine("io");
    site.run(1_000);
    site.trigger("vehicle-rush");
    site.run(7_000);
    expect(site.of("step.missed")).toMatchObject([{ target: "siren-strobe", reason: "output-not-confirmed" }]);
  });

  it("after the deadline is a missed step that was completed", () => {
    const site = office();
    site.trigger("bollard-jam", "B2");
    site.command(lockDown);
    site.run(29_900);
    const deadline = site.steps().find((step) => step.id.endsWith("bollard-2"))?.deadlineAt.mono ?? 0;
    site.sample("b2-open", { value: false, quality: "good" });
    // The box stands still for a moment, and the contact's sample is what it hears first.
    site.mono = deadline + 200;
    site.sample("b2-closed", { value: true, quality: "good" });
    expect(site.of("step.missed")).toMatchObject([{ target: "bollard-2", latenessMs: 200 }]);
    expect(site.of("step.completed")).toMatchObject([{ latenessMs: 200 }]);
    expect(site.of("step.met").filter(({ step }) => step.includes("bollard-2"))).toEqual([]);
  });
});

describe("a reset", () => {
  it("waits until every step is decided", () => {
    const site = office();
    site.deadOutputs.add("siren");
    site.trigger("beam-break");
    site.run(2_000);
    const reset = { kind: "reset", incident: incidentOf(site, "intrusion") } as const;
    expect(site.command(reset).code).toBe("command.not-possible");
    site.run(4_000);
    expect(site.of("step.missed")).toHaveLength(1);
    expect(site.command(reset).ok).toBe(true);
  });

  it("leaves the siren on for another incident that wants it too", () => {
    const site = office();
    site.trigger("beam-break");
    site.run(2_000);
    site.trigger("door-open");
    site.run(2_000);
    expect(site.command({ kind: "reset", incident: incidentOf(site, "intrusion") }).ok).toBe(true);
    site.run(500);
    expect(site.relay("siren")).toBe(true);
    site.command({ kind: "silence" });
    site.run(500);
    expect(site.relay("siren")).toBe(false);
  });

  it("of a fire moves no barrier that a lock-down holds since", () => {
    const site = office();
    site.trigger("fire");
    site.run(25_000);
    site.command(lockDown);
    site.trigger("fire-clear");
    site.run(40_000);
    const reset = { kind: "reset", incident: incidentOf(site, "fire") } as const;
    expect(site.command(reset).code).toBe("command.not-possible");
    expect(site.of("step.missed")).toMatchObject([{ target: "bollard-2", reason: "fire" }]);
    expect(site.command({ ...standDown, barriers: ["bollard-2"] }, ["wang", "li"]).ok).toBe(true);
    expect(site.command(reset).ok).toBe(true);
  });
});

describe("a new configuration", () => {
  it("does not keep an incident open for ever because its zone is gone", () => {
    const site = office();
    site.trigger("beam-tamper");
    site.run(6_000).kill();
    const zones = site.config.zones.filter((zone) => zone.id !== "beam-east");
    Object.assign(site, { config: { ...site.config, zones } });
    site.start();
    site.run(8_000);
    expect(site.command({ kind: "reset", incident: incidentOf(site, "intrusion") }).ok).toBe(true);
    expect(site.durable().incidents).toEqual({});
  });
});

describe("a rush", () => {
  it("in the middle of a normal close makes it fast at once, and calls nothing jammed", () => {
    const site = office();
    site.command(lockDown);
    site.run(4_500);
    site.trigger("vehicle-rush");
    site.runUntil("fast", () => site.plant.bollards["B2"]?.motion === "raising-fast", 2_000);
    site.run(10_000);
    expect(site.of("step.inhibited")).toEqual([]);
  });

  it("that was missed and stood down leaves the next lock-down a normal one", () => {
    const site = office();
    site.trigger("vehicle-on-loop", "B2");
    site.run(500);
    site.trigger("vehicle-rush");
    site.run(35_000);
    site.command(standDown, ["wang", "li"]);
    site.trigger("vehicle-leaves", "B2");
    site.run(15_000);
    site.command(lockDown);
    site.runUntil("motion", () => site.plant.bollards["B2"]?.motion !== "still", 10_000);
    expect(site.plant.bollards["B2"]?.motion).toBe("raising");
  });
});

describe("odd orders and inputs", () => {
  it("counts a blank name for no person, and refuses to lock down what no response closes", () => {
    const site = office();
    site.command(lockDown);
    site.run(500);
    expect(site.command(standDown, ["wang", " "]).code).toBe("command.needs-two-persons");
    expect(site.command({ kind: "lock-down", group: "nowhere" }).code).toBe("command.unknown-target");
  });

  it("goes on guarding after stamps from the future, no stamps, unknown points and wrong types", () => {
    const site = office();
    for (const value of ["x", Number.NaN, null, { t0: 0, periodUs: Number.NaN, values: [Number.NaN] }])
      for (const point of ["beam-blocked", "panic", "gatehouse-door-loop", "fence-level", "b1-closed", "nowhere"])
        site.sample(point, { value, quality: "good" });
    const mono = site.mono;
    for (const shift of [Number.NaN, 3_600_000]) {
      site.mono = mono;
      site.feed({
        kind: "sample",
        sample: { point: "beam-blocked", value: false, quality: "good", occurredAt: mono + shift },
      });
    }
    site.run(2_000);
    site.trigger("beam-break");
    site.run(3_000);
    expect(site.of("zone.breached")).toMatchObject([{ cause: "beam-blocked" }]);
    expect(site.relay("siren")).toBe(true);
  });
});
