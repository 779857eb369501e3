import { describe, expect, it } from "vitest";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

function office(): VirtualSite {
  return new VirtualSite(exampleSite("office")).run(10_000);
}

const lockDown = { kind: "lock-down", group: "all-lanes" } as const;
const closed = (site: VirtualSite) => Object.values(site.plant.bollards).every((bollard) => bollard.position === 1);
const closeSteps = (site: VirtualSite) => site.steps().filter((step) => step.action.kind === "close");
const standDown = {
  kind: "stand-down",
  group: "all-lanes",
  barriers: ["bollard-1", "bollard-2", "bollard-3"],
} as const;

describe("lock-down", () => {
  it("A-33 closes every barrier of the group within 30 s, each confirmed by its own contact", () => {
    const site = office();
    const startedAt = site.mono;
    expect(site.command(lockDown).ok).toBe(true);
    site.runUntil("all closed", () => closed(site), 30_000);
    expect(site.mono - startedAt).toBeLessThan(30_000);
    site.run(200);
    expect(closeSteps(site).map((step) => step.outcome)).toEqual(["met", "met", "met"]);
    expect(site.relay("main-out-red")).toBe(true);
    expect(site.relay("main-out-green")).toBe(false);
  });

  it("shows red for the warning time before anything moves", () => {
    const site = office();
    expect(site.relay("main-out-green")).toBe(true);
    site.command(lockDown);
    site.runUntil("red", () => site.relay("main-out-red"), 1_000);
    const redAt = site.mono;
    site.runUntil("motion", () => site.plant.bollards["B2"]?.motion === "raising", 10_000);
    expect(site.mono - redAt).toBeGreaterThanOrEqual(2_900);
  });

  it("A-18 starts by the panic button that is configured for it", () => {
    const site = office();
    site.trigger("panic");
    site.runUntil("all closed", () => closed(site), 30_000);
    expect(Object.values(site.durable().incidents).map((incident) => incident.kind)).toEqual(["panic"]);
    expect(site.relay("siren")).toBe(true);
  });

  it("A-81 closes in emergency mode on a vehicle rush, and not for one loop alone", () => {
    const site = office();
    site.trigger("vehicle-on-loop", "Main.Approach2");
    site.run(3_000);
    site.trigger("vehicle-leaves", "Main.Approach2");
    site.run(1_000);
    expect(site.of("zone.breached")).toEqual([]);
    site.trigger("vehicle-rush");
    site.runUntil("fast", () => site.plant.bollards["B2"]?.motion === "raising-fast", 5_000);
    site.runUntil("all closed", () => closed(site), 30_000);
    expect(site.of("zone.breached")).toMatchObject([{ zone: "main-rush", cause: "vehicle-rush" }]);
  });

  it("reports a car on the loop at once, misses the step at 30 s with the reason, and closes after clearMs when the car has left", () => {
    const site = office();
    site.trigger("vehicle-on-loop", "B2");
    site.run(500);
    site.command(lockDown);
    site.run(500);
    expect(site.of("step.inhibited")).toMatchObject([{ target: "bollard-2", reason: "vehicle-on-loop" }]);
    site.run(30_000);
    expect(site.of("step.missed")).toMatchObject([
      { target: "bollard-2", reason: "vehicle-on-loop", alarm: { priority: 1 } },
    ]);
    expect(site.relay("gatehouse-buzzer")).toBe(true);
    expect(site.plant.bollards["B2"]?.position).toBe(0);
    site.trigger("vehicle-leaves", "B2");
    const leftAt = site.mono;
    site.runUntil("motion", () => site.plant.bollards["B2"]?.motion === "raising", 20_000);
    expect(site.mono - leftAt).toBeGreaterThanOrEqual(2_000);
    site.run(10_000);
    expect(site.of("step.completed")).toHaveLength(1);
    expect(closed(site)).toBe(true);
  });

  it("reports a jammed bollard, retries once, misses with the reason and takes the fallback", () => {
    const site = office();
    site.trigger("bollard-jam", "B2");
    site.command(lockDown);
    site.run(7_000);
    expect(site.of("step.inhibited")).toMatchObject([{ target: "bollard-2", reason: "jammed" }]);
    site.run(24_000);
    expect(site.of("step.missed")).toMatchObject([{ target: "bollard-2", alarm: { priority: 1 } }]);
    expect(["jammed", "drive-fault"]).toContain(site.of("step.missed")[0]?.reason);
    expect(site.relay("gatehouse-buzzer")).toBe(true);
    site.trigger("bollard-free", "B2");
    site.run(70_000);
    expect(closed(site)).toBe(true);
  });

  it("takes an interlock that is not good for occupied", () => {
    const site = office();
    site.trigger("vehicle-loop-lost", "B2");
    site.run(500);
    site.command(lockDown);
    site.run(31_000);
    expect(site.of("step.missed")).toMatchObject([{ target: "bollard-2", reason: "interlock-not-good" }]);
    expect(site.plant.bollards["B2"]?.position).toBe(0);
  });

  it("moves nothing while somebody works on the drive, whatever is ordered", () => {
    const site = office();
    site.trigger("lock-out");
    site.run(500);
    site.command(lockDown);
    site.trigger("vehicle-rush");
    site.run(20_000);
    expect(Object.values(site.plant.bollards).map((bollard) => bollard.demand)).toEqual(["none", "none", "none"]);
  });

  it("is stood down by two different persons only, lane by lane", () => {
    const site = office();
    site.command(lockDown);
    site.run(25_000);
    expect(site.command(standDown, ["wang"]).code).toBe("command.needs-two-persons");
    expect(site.command(standDown, ["wang", "wang"]).code).toBe("command.needs-two-persons");
    expect(site.command({ ...standDown, barriers: ["bollard-2"] }, ["wang", "li"]).ok).toBe(true);
    site.run(15_000);
    expect(Object.values(site.plant.bollards).map((bollard) => bollard.position)).toEqual([1, 0, 1]);
    expect(site.command({ ...standDown, barriers: ["bollard-1", "bollard-3"] }, ["wang", "li"]).ok).toBe(true);
    site.run(15_000);
    expect(Object.values(site.plant.bollards).map((bollard) => bollard.position)).toEqual([1, 0, 0]);
    expect(site.durable().lockDowns).toEqual({});
  });

  it("raises a top alarm when a held barrier moves by itself, and closes it again", () => {
    const site = office();
    site.command(lockDown);
    site.run(25_000);
    const bollards = site.plant.bollards;
    site.plant = {
      ...site.plant,
      bollards: { ...bollards, B1: { ...bollards["B1"], position: 0 } as (typeof bollards)["B1"] & object },
    };
    site.run(1_000);
    expect(site.of("barrier.moved-uncommanded")).toMatchObject([{ barrier: "bollard-1", alarm: { priority: 1 } }]);
    site.run(15_000);
    expect(closed(site)).toBe(true);
  });

  it("A-32 lets fire free what declares it, above the lock-down, and holds the rest", () => {
    const site = office();
    site.command(lockDown);
    site.run(2_000);
    site.trigger("fire");
    site.run(25_000);
    expect(Object.values(site.plant.bollards).map((bollard) => bollard.position)).toEqual([1, 0, 1]);
    expect(
      closeSteps(site).find((step) => step.action.kind === "close" && step.action.barrier === "bollard-2"),
    ).toMatchObject({ outcome: "inhibited", reason: "fire" });
    expect(site.steps().find((step) => step.action.kind === "release")).toMatchObject({ outcome: "met" });
  });
});

describe("restart in the middle of a lock-down", () => {
  it("goes on with the time that was left and says so, after contacts and loops were read afresh", () => {
    const site = office();
    site.command(lockDown);
    site.run(5_000);
    site.kill();
    site.run(3_000);
    site.start();
    const resumed = site.of("step.resumed");
    expect(resumed).toHaveLength(2);
    for (const { by, leftMs } of resumed) expect([by, leftMs]).toEqual(["monotonic", 22_000]);
    site.run(22_500);
    expect(closed(site)).toBe(true);
    expect(site.of("step.missed")).toEqual([]);
  });

  it("moves nothing before its inputs are freshly good", () => {
    const site = office();
    site.command(lockDown);
    site.run(1_000);
    site.kill();
    site.cut.add("io");
    site.start();
    site.run(10_000);
    expect(site.plant.bollards["B2"]?.position).toBe(0);
    site.mendLine("io");
    site.run(15_000);
    expect(closed(site)).toBe(true);
  });

  it("uses the wall clock after a power cut when it could be trusted, and calls the deadline passed when it could not", () => {
    for (const [clock, by, outcome] of [
      ["synchronised", "wall", "met"],
      ["never-set", "overdue", "missed"],
    ] as const) {
      const site = office();
      site.command(lockDown);
      site.run(2_000);
      site.kill();
      site.run(4_000);
      site.boot = "boot-2";
      site.mono -= 900_000;
      site.wallOffset = clock === "never-set" ? 0 : site.wallOffset + 900_000;
      site.clock = clock;
      site.start();
      expect(site.of("step.resumed")[0]?.by).toBe(by);
      site.run(25_000);
      expect(closeSteps(site).find((step) => step.id.includes("bollard-2"))?.outcome).toBe(outcome);
      expect(closed(site)).toBe(true);
    }
  });
});

describe("durable state", () => {
  it("is the same fold whether it was built fact by fact or after any restart", () => {
    const site = office();
    site.trigger("vehicle-rush");
    site.run(2_000);
    site.trigger("beam-break");
    site.run(40_000);
    site.command(standDown, ["wang", "li"]);
    const before = site.durable();
    site.kill();
    const count = site.facts.length;
    site.start();
    const resumedOnly = site.facts
      .slice(count)
      .every((fact) => ["agent.started", "step.resumed", "driver.connected"].includes(fact.type));
    expect(resumedOnly).toBe(true);
    expect({ ...site.durable(), steps: {} }).toEqual({ ...before, steps: {} });
  });
});
