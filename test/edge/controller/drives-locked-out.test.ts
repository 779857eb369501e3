// A drive that a person works on, on a whole box with its plant: what is locked out stays, whoever orders.
import { describe, expect, it } from "vitest";
import { alarmList, hubOf } from "../requirements/examples.js";
import { b2, clear, demandsOf, fix, lockDown, lockOut, office } from "./office-drives.js";

describe("a lock-out by a person", () => {
  it("stands in the record with who asked for it, also where it is refused", () => {
    const site = office();
    expect(fix(site, { ...lockOut, note: " " })).toMatchObject({ ok: false });
    expect(site.of("operator.commanded").at(-1)).toMatchObject({ issuers: ["tech"], act: { kind: "lock-out" } });
  });

  it("keeps a bollard still in a lock-down, which lists it as not closed, alarms, and is missed", () => {
    const site = office();
    expect(fix(site, lockOut)).toMatchObject({ ok: true });
    const words = demandsOf(site);
    site.command(lockDown);
    site.run(35_000);
    expect(b2(site)).toMatchObject({ position: 0, motion: "still", orders: 0 });
    expect(words.filter((word) => word === "close").length).toBeGreaterThan(0);
    expect(site.durable().barriers["bollard-2"]).toBe("locked-out");
    expect(site.of("step.inhibited")).toMatchObject([
      { target: "bollard-2", reason: "locked-out", alarm: { priority: 2 } },
    ]);
    expect(site.of("step.missed")).toMatchObject([{ target: "bollard-2", reason: "locked-out" }]);
  });

  it("shows at the hub, and as an obstacle to sealing", async () => {
    const site = office();
    fix(site, lockOut);
    site.command(lockDown);
    site.run(1_000);
    const shown = (await hubOf(site)).projections.barriers().find(({ id }) => id === "bollard-2");
    expect(shown?.state).toBe("locked-out");
    expect(await alarmList(site)).toContainEqual(expect.stringMatching(/^Bollard 2 .*Locked out for work$/));
  });

  it("outlives the process and a reboot, before any input is heard", () => {
    const site = office();
    fix(site, lockOut);
    site.run(100).kill();
    site.boot = "boot-2";
    site.clock = "never-set";
    site.start();
    const words = demandsOf(site);
    site.trigger("vehicle-rush");
    site.command(lockDown);
    site.run(35_000);
    expect(b2(site).orders).toBe(0);
    expect(words).not.toContain("open");
    expect(site.durable().lockOuts["bollard-2"]).toMatchObject({ by: "tech", note: "seal of the cylinder" });
  });

  it("counts no run of the drive when it is cleared", () => {
    const site = office();
    const closed = { ...lockOut, barrier: "bollard-1" };
    const before = site.durable().cycles["bollard-1"];
    fix(site, closed);
    site.run(1_000);
    fix(site, { ...clear, barrier: "bollard-1" });
    site.run(1_000);
    expect(site.durable().barriers["bollard-1"]).toBe("closed");
    expect(site.durable().cycles["bollard-1"]).toBe(before);
  });

  it("stops a drive that runs, at once", () => {
    const site = office();
    site.command(lockDown);
    site.runUntil("the bollard rises", () => b2(site).motion === "raising");
    fix(site, lockOut);
    site.run(100);
    expect(b2(site).motion).toBe("still");
  });

  it("is neither set nor cleared by the hub, whoever it names", () => {
    const site = office();
    const byHub = { roles: ["technician", "supervisor", "administrator"] } as const;
    expect(site.command(lockOut, ["tech"], byHub).code).toBe("command.on-site-only");
    fix(site, lockOut);
    expect(site.command(clear, ["tech", "boss"], byHub).code).toBe("command.on-site-only");
    expect(site.durable().lockOuts["bollard-2"]).toBeDefined();
  });

  it.each([
    ["the one who set it", ["tech"], ["technician"], ""],
    ["another technician", ["other"], ["technician"], "command.needs-two-persons"],
    ["a supervisor alone", ["boss"], ["supervisor"], "command.needs-two-persons"],
    ["two, of whom none is a supervisor", ["other", "guard"], ["technician", "operator"], "command.not-allowed"],
    ["a supervisor and another, for the absent", ["boss", "guard"], ["supervisor", "operator"], ""],
  ] as const)("is cleared by %s: %j", (_who, issuers, roles, code) => {
    const site = office();
    fix(site, lockOut);
    expect(site.command(clear, issuers, { roles, onSite: true }).code).toBe(code);
    expect(site.durable().lockOuts["bollard-2"] === undefined).toBe(code === "");
    const forAbsent = !(issuers as readonly string[]).includes("tech");
    if (code === "")
      expect(site.of("barrier.lock-out-cleared")).toMatchObject([{ by: issuers, setBy: "tech", forAbsent }]);
  });

  it("lets a close that waited for it go on when it is cleared, after the warning", () => {
    const site = office();
    fix(site, lockOut);
    site.command(lockDown);
    site.run(5_000);
    fix(site, clear);
    expect(b2(site).motion).toBe("still");
    site.run(20_000);
    expect(b2(site).position).toBe(1);
  });

  it("needs a technician, a note and a barrier, and is set once", () => {
    const site = office();
    expect(site.command(lockOut, ["guard"], { roles: ["operator"], onSite: true }).code).toBe("command.not-allowed");
    expect(fix(site, { ...lockOut, note: " " }).code).toBe("command.not-possible");
    expect(fix(site, { ...lockOut, barrier: "bollard-9" }).code).toBe("command.unknown-target");
    fix(site, lockOut);
    expect(fix(site, lockOut)).toMatchObject({ code: "command.not-possible", obstacles: [{ why: "locked-out" }] });
  });
});
