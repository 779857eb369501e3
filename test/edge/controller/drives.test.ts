// Work on drives, on a whole box with its plant: locked out, tried, held by hand. What must stop stops, what must not move stays.
import { describe, expect, it } from "vitest";
import type { Act } from "../../../edge/model/command.js";
import { holdMsMax } from "../../../edge/model/drive-run.js";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";
import { alarmList, hubOf } from "../requirements/examples.js";

const lockDown = { kind: "lock-down", group: "all-lanes" } as const;
const fixer = { roles: ["technician"], onSite: true } as const;
const signEveryMs = 150;

/** The middle bollard is open; its entrance is disarmed unless it is said. */
function office(armed = false): VirtualSite {
  const site = new VirtualSite(exampleSite("office")).run(10_000);
  if (!armed) for (const area of ["main-entrance", "service-entrance"]) site.command({ kind: "disarm", area });
  return site;
}

function demandsOf(site: VirtualSite): string[] {
  const words: string[] = [];
  const demands = site.config.barriers.map(({ drive }) => (drive.kind === "demand" ? drive.point : ""));
  site.watch = (effect) => {
    if (effect.kind === "write" && demands.includes(effect.request.point)) words.push(String(effect.request.value));
  };
  return words;
}

const fix = (site: VirtualSite, act: Act, issuers = ["tech"]) => site.command(act, issuers, fixer);
const lockOut = { kind: "lock-out", barrier: "bollard-2", note: "seal of the cylinder" } as const;
const clear = { kind: "clear-lock-out", barrier: "bollard-2" } as const;
const holdUp = { kind: "hold-run", barrier: "bollard-2", direction: "close" } as const;
const testUp = { kind: "test-run", barrier: "bollard-2", direction: "close", mode: "normal" } as const;
const b2 = (site: VirtualSite) => {
  const bollard = site.plant.bollards["B2"];
  if (bollard === undefined) throw new Error("no bollard");
  return bollard;
};

/** Signs as a page gives them, each with the key of the last answer. */
function hold(site: VirtualSite, ms: number): void {
  for (let passed = 0; passed < ms; passed += signEveryMs) {
    const now = site.driveRun("bollard-2");
    if (now === null) return;
    site.feed({ kind: "sign", run: now.id, key: now.key });
    site.run(signEveryMs);
  }
}

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
