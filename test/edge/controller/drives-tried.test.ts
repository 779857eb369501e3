// Test runs of a drive, on a whole box with its plant: timed against datasheet and proof, and stopped by what must stop them.
import { describe, expect, it } from "vitest";
import type { VirtualSite } from "../../support/virtual-site.js";
import { b2, demandsOf, fix, lockDown, lockOut, office, testUp } from "./office-drives.js";

describe("a test run", () => {
  it("warns, runs to the contact and tells what it took beside datasheet and proof", () => {
    const site = office();
    expect(fix(site, testUp)).toMatchObject({ ok: true });
    site.run(1_000);
    expect(b2(site).motion).toBe("still");
    site.run(20_000);
    const [told] = site.of("barrier.tried");
    const barrier = site.config.barriers.find(({ id }) => id === "bollard-2");
    expect(told?.result).toMatchObject({
      kind: "run",
      by: "tech",
      end: "arrived",
      verdict: "passed",
      reason: null,
      datasheetMs: barrier?.travelMs,
    });
    expect(told?.result.ms).toBeGreaterThan(4_000);
    expect(told?.result.ms).toBeLessThanOrEqual(told?.result.provedMs ?? 0);
    expect(told?.result.leftMs).toBeLessThan(1_000);
    expect(site.driveRun("bollard-2")).toBeNull();
    expect(site.durable().barriers["bollard-2"]).toBe("closed");
    expect(fix(site, { ...testUp, direction: "open" }).ok).toBe(true);
    site.run(20_000);
    expect(site.of("barrier.tried").map(({ result }) => [result.direction, result.end])).toEqual([
      ["close", "arrived"],
      ["open", "arrived"],
    ]);
  });

  it("in emergency mode is measured against the fast travel", () => {
    const site = office();
    fix(site, { ...testUp, mode: "emergency" });
    site.run(15_000);
    const { result } = site.of("barrier.tried")[0] ?? {};
    expect(result).toMatchObject({ mode: "emergency", end: "arrived" });
    expect(result?.ms).toBeLessThan(3_000);
  });

  it.each<[string, (site: VirtualSite) => void, string]>([
    ["its area is armed", (site) => site.command({ kind: "arm", area: "main-entrance" }), "area-armed"],
    ["a lock-down stands", (site) => site.command(lockDown), "lock-down-stands"],
    ["a car is on its loop", (site) => site.trigger("vehicle-on-loop", "B2"), "vehicle-on-loop"],
    ["it is locked out", (site) => fix(site, lockOut), "locked-out"],
    [
      "another drive is tried",
      (site) => fix(site, { ...testUp, barrier: "bollard-1", direction: "open" }),
      "run-under-way",
    ],
  ])("is refused while %s", (_why, prepare, obstacle) => {
    const site = office();
    prepare(site);
    site.run(500);
    const words = demandsOf(site);
    const answer = fix(site, testUp);
    expect(answer.code).toBe("command.not-possible");
    expect(answer.obstacles.map(({ why }) => why)).toContain(obstacle);
    expect(words).toEqual([]);
  });

  it("is refused to the hub, to a guard and to where it stands", () => {
    const site = office();
    expect(site.command(testUp, ["tech"], { roles: ["technician"] }).code).toBe("command.on-site-only");
    expect(site.command(testUp, ["guard"], { roles: ["operator"], onSite: true }).code).toBe("command.not-allowed");
    expect(fix(site, { ...testUp, direction: "open" }).obstacles).toMatchObject([{ why: "there-already" }]);
  });

  it("is stopped by a car on the loop, which is the halt that the interlock check asks for", () => {
    const site = office();
    fix(site, testUp);
    site.runUntil("the bollard rises", () => b2(site).motion === "raising");
    site.run(500);
    site.trigger("vehicle-on-loop", "B2");
    site.run(20_000);
    expect(site.of("barrier.tried")[0]?.result).toMatchObject({
      end: "hindered",
      reason: "vehicle-on-loop",
      ms: null,
      halt: { ms: expect.any(Number) },
    });
    expect(b2(site)).toMatchObject({ motion: "still" });
    expect(b2(site).position).toBeLessThan(0.5);
  });

  it("that jams fails, stops the drive and opens its work order", () => {
    const site = office();
    site.trigger("bollard-jam", "B2");
    fix(site, testUp);
    site.run(60_000);
    expect(site.of("barrier.tried")[0]?.result).toMatchObject({ end: "failed", verdict: "not-reached" });
    expect(site.of("workorder.opened").map(({ device }) => device)).toContain("barrier:bollard-2");
  });

  it("gives way to a lock-down, which closes in its time", () => {
    const site = office();
    fix(site, testUp);
    site.runUntil("the bollard rises", () => b2(site).motion === "raising");
    site.command(lockDown);
    site.run(30_000);
    expect(site.of("barrier.tried")[0]?.result.end).toBe("overruled");
    expect(b2(site).position).toBe(1);
    expect(site.of("step.missed")).toEqual([]);
  });

  it("ends with the process: after a restart nothing moves by itself", () => {
    const site = office();
    fix(site, testUp);
    site.run(1_000).kill();
    site.start();
    const words = demandsOf(site);
    site.run(30_000);
    expect(words).toEqual([]);
  });
});
