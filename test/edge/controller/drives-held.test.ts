// A drive that is held by hand, on a whole box with its plant: it moves only while signs come.
import { describe, expect, it } from "vitest";
import { holdMsMax } from "../../../edge/model/drive-run.js";
import { b2, demandsOf, fix, hold, holdUp, office } from "./office-drives.js";

describe("hold-to-run", () => {
  it("moves only while signs come, and stops within its limit when a link is lost without a word", () => {
    const site = office();
    fix(site, holdUp);
    hold(site, 5_000);
    expect(b2(site).motion).toBe("raising");
    const lastSignAt = site.mono;
    site.runUntil("the bollard stops", () => b2(site).motion === "still", holdMsMax + 100);
    expect(site.mono - lastSignAt).toBeLessThanOrEqual(holdMsMax + 50);
    expect(b2(site).position).toBeGreaterThan(0);
    expect(b2(site).position).toBeLessThan(1);
    expect(site.of("barrier.tried")[0]?.result).toMatchObject({ kind: "hold", end: "silent", verdict: "not-reached" });
    site.run(30_000);
    expect(b2(site).motion).toBe("still");
  });

  it("takes no sign with a key that was given out before: what a bad line delivers late in a heap moves nothing", () => {
    const site = office();
    fix(site, holdUp);
    hold(site, 5_000);
    const { id, key } = site.driveRun("bollard-2") ?? { id: "", key: 0 };
    const lastSignAt = site.mono;
    for (let passed = 0; passed < 3_000; passed += 100) {
      site.feed({ kind: "sign", run: id, key });
      site.run(100);
    }
    const { at } = site.facts.find(({ type }) => type === "barrier.tried") ?? {};
    // The first of the heap was good: it proves that he was there when its key was given out, one sign before.
    expect((at?.mono ?? 0) - lastSignAt).toBeLessThanOrEqual(holdMsMax);
    expect(b2(site).motion).toBe("still");
  });

  it.each(["released", "line-lost"] as const)("stops at once when it is %s", (end) => {
    const site = office();
    const { command } = fix(site, holdUp);
    hold(site, 5_000);
    site.feed({ kind: "let-go", run: command, end });
    site.run(100);
    expect(b2(site).motion).toBe("still");
    expect(site.of("barrier.tried")[0]?.result.end).toBe(end);
  });

  it("that ends during the warning never starts the drive", () => {
    const site = office();
    fix(site, holdUp);
    hold(site, 1_000);
    const words = demandsOf(site);
    site.run(20_000);
    expect(words).toEqual([]);
    expect(site.of("barrier.tried")[0]?.result).toMatchObject({ end: "silent", ms: null });
  });

  it("writes the order to stop again until the drive confirms it", () => {
    const site = office();
    const { command } = fix(site, holdUp);
    hold(site, 5_000);
    const drive = site.config.barriers.find(({ id }) => id === "bollard-2")?.drive;
    const point = drive?.kind === "demand" ? drive.point : "";
    site.deadOutputs.add(point);
    site.feed({ kind: "let-go", run: command, end: "released" });
    site.run(100);
    expect(b2(site).motion).toBe("raising");
    site.deadOutputs.delete(point);
    site.run(700);
    expect(b2(site).motion).toBe("still");
  });

  it("is refused where nothing can stop the drive, and says so", () => {
    const site = office();
    const barrier = site.config.barriers.find(({ id }) => id === "bollard-2");
    if (barrier === undefined) throw new Error("no bollard");
    const locked = { ...barrier, drive: { kind: "lock", lock: "x" } as const };
    const barriers = site.config.barriers.map((each) => (each.id === barrier.id ? locked : each));
    site.feed({ kind: "config", config: { ...site.config, barriers } });
    site.run(1_000);
    expect(fix(site, holdUp).obstacles.map(({ why }) => why)).toContain("no-stop-output");
  });
});
