// The dangerous cases, on a whole box with its plant: what must never move, and what must move at once.
import { describe, expect, it } from "vitest";
import type { Act, ActKind } from "../../../edge/model/command.js";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

const lockDown = { kind: "lock-down", group: "all-lanes" } as const;
const lanes = ["bollard-1", "bollard-2", "bollard-3"];

function office(): VirtualSite {
  return new VirtualSite(exampleSite("office")).run(10_000);
}

/** Words that were sent to any drive from now on. */
function demandsOf(site: VirtualSite): string[] {
  const words: string[] = [];
  const demands = site.config.barriers.map(({ drive }) => (drive.kind === "demand" ? drive.point : ""));
  site.watch = (effect) => {
    if (effect.kind === "write" && demands.includes(effect.request.point)) words.push(String(effect.request.value));
  };
  return words;
}

const motions = (site: VirtualSite) => Object.values(site.plant.bollards).map(({ motion }) => motion);
const positions = (site: VirtualSite) => Object.values(site.plant.bollards).map(({ position }) => position);

describe("a dead loop counts as occupied", () => {
  it.each(["lock-down", "rush"] as const)("on a %s: nothing rises over it, and the step says why", (how) => {
    const site = office();
    site.trigger("vehicle-loop-lost", "B2");
    site.run(500);
    if (how === "rush") site.trigger("vehicle-rush");
    else site.command(lockDown);
    site.run(32_000);
    expect(positions(site)).toEqual([1, 0, 1]);
    expect(site.of("step.missed")).toMatchObject([{ target: "bollard-2", reason: "interlock-not-good" }]);
  });
});

describe("no motion after restart before fresh inputs", () => {
  it.each(["b2-loop", "b2-open", "b2-power", "b2-fault"])(
    "while %s was not heard, in the middle of a lock-down",
    (point) => {
      const site = office();
      site.command(lockDown);
      site.run(1_000).kill();
      const config = site.config;
      const words = demandsOf(site);
      // The point's line is dead from the start: the box reads all others.
      Object.assign(site, {
        config: {
          ...config,
          drivers: config.drivers.map((driver) => ({
            ...driver,
            points: driver.points.filter(({ id }) => id !== point),
          })),
        },
      });
      site.start();
      site.run(20_000);
      expect(positions(site)[1]).toBe(0);
      // The other open bollard's; the third was closed and told to stay so before.
      expect(words).toEqual(["close"]);
      expect(site.of("step.inhibited")).toMatchObject([{ target: "bollard-2", reason: "waiting-for-fresh-inputs" }]);
    },
  );

  it("and none at all that nobody ordered, wherever it stood", () => {
    const site = office();
    site.command(lockDown);
    site.run(25_000);
    site.command({ kind: "stand-down", group: "all-lanes", barriers: lanes }, ["wang", "li"]);
    site.run(1_000).kill();
    const words = demandsOf(site);
    site.start();
    site.run(30_000);
    expect(words).toEqual([]);
  });
});

const acts: { readonly [K in ActKind]: Extract<Act, { kind: K }> } = {
  "lock-down": lockDown,
  "stand-down": { kind: "stand-down", group: "all-lanes", barriers: lanes },
  acknowledge: { kind: "acknowledge", incident: "" },
  silence: { kind: "silence" },
  reset: { kind: "reset", incident: "" },
  arm: { kind: "arm", area: "gatehouse" },
  disarm: { kind: "disarm", area: "gatehouse" },
  isolate: { kind: "isolate", zone: "beam-east", forMs: null },
  inhibit: { kind: "inhibit", zone: "beam-east" },
  reinstate: { kind: "reinstate", zone: "beam-east" },
  "take-out-for-repair": { kind: "take-out-for-repair", zone: "panic-button", guard: "zhao", forMs: 60_000 },
  "set-posture": { kind: "set-posture", level: "level-1", issuer: "bureau", reference: "7", leader: "chen" },
  "declare-risk": { kind: "declare-risk", colour: "red", issuer: "bureau", reference: "7" },
  "let-pass": { kind: "let-pass", barrier: "bollard-2", forMs: 60_000 },
  open: { kind: "open", barrier: "bollard-1" },
  report: { kind: "report", step: "" },
  "work-order": { kind: "work-order", number: "1", to: "fixed", note: "" },
  "duty-done": { kind: "duty-done", duty: "round", note: "" },
  "self-test": { kind: "self-test" },
  "start-drill": { kind: "start-drill", drill: "d", zones: ["panic-button"], forMs: 60_000 },
  "end-drill": { kind: "end-drill" },
  "start-walk-test": { kind: "start-walk-test", zones: ["beam-east"], forMs: 60_000 },
  "end-walk-test": { kind: "end-walk-test" },
  "lock-out": { kind: "lock-out", barrier: "bollard-1", note: "in the pit" },
  "clear-lock-out": { kind: "clear-lock-out", barrier: "bollard-1" },
  "test-run": { kind: "test-run", barrier: "bollard-1", direction: "close", mode: "normal" },
  "hold-run": { kind: "hold-run", barrier: "bollard-1", direction: "close" },
  "end-run": { kind: "end-run", barrier: "bollard-1" },
  "test-annunciator": { kind: "test-annunciator", annunciator: "siren-strobe", forMs: 2_000 },
};

describe("lock-out against every command", () => {
  it.each(Object.values(acts))("of kind $kind, alone and while a lock-down stands", (act) => {
    const site = office();
    site.trigger("lock-out");
    site.run(500);
    const words = demandsOf(site);
    site.command(act, ["wang", "li"]);
    site.run(10_000);
    site.command(lockDown);
    site.command(act, ["wang", "li"]);
    site.run(10_000);
    expect(words).toEqual([]);
  });

  it("and against every response, each of which says that the drive is locked out", () => {
    const site = office();
    site.trigger("lock-out");
    site.run(500);
    const words = demandsOf(site);
    for (const trigger of ["beam-break", "door-open", "panic", "vehicle-rush", "fire"] as const) {
      site.trigger(trigger);
      site.run(40_000);
    }
    site.command(acts["set-posture"], ["wang", "li"]);
    site.command(acts["declare-risk"], ["wang", "li"]);
    site.command(lockDown);
    site.run(40_000);
    const responded = new Set(site.of("step.decided").map(({ step }) => step.response));
    expect(responded).toEqual(new Set(site.config.responses.map(({ id }) => id)));
    expect(words).toEqual([]);
    expect(site.of("step.inhibited").map(({ reason }) => reason)).toContain("locked-out");
    expect(site.of("step.missed").every(({ reason }) => ["locked-out", "fire"].includes(reason))).toBe(true);
  });

  it("in the middle of a motion stops it", () => {
    const site = office();
    site.command(lockDown);
    site.runUntil("motion", () => motions(site).includes("raising"), 10_000);
    const words = demandsOf(site);
    site.trigger("lock-out");
    site.run(10_000);
    expect(new Set(words)).toEqual(new Set(["stop"]));
  });
});

describe("fire during lock-down frees escape routes", () => {
  it("A-32: what declares it opens and stays open, although the lock-down is ordered again; the rest is held", () => {
    const site = office();
    site.command(lockDown);
    site.run(25_000);
    expect(positions(site)).toEqual([1, 1, 1]);
    site.trigger("fire");
    site.run(15_000);
    expect(positions(site)).toEqual([1, 0, 1]);
    site.command(lockDown);
    site.run(20_000);
    expect(positions(site)).toEqual([1, 0, 1]);
  });
});

describe("one loop fires no emergency operation", () => {
  it.each(["Main.Approach1", "Main.Approach2"])("A-81: %s alone, however often it is crossed", (loop) => {
    const site = office();
    site.command(lockDown);
    site.run(25_000);
    const words = demandsOf(site);
    for (let crossing = 0; crossing < 5; crossing += 1) {
      site.trigger("vehicle-on-loop", loop);
      site.run(700);
      site.trigger("vehicle-leaves", loop);
      site.run(700);
    }
    expect(site.of("zone.breached")).toEqual([]);
    expect(words).toEqual([]);
  });
});

describe("a drive that is lost on its way", () => {
  it("is told to hold, reported at once, and goes on when it is back", () => {
    const site = office();
    site.command(lockDown);
    site.runUntil("motion", () => site.plant.bollards["B3"]?.motion === "raising", 10_000);
    site.run(1_000);
    const words = demandsOf(site);
    site.cutLine("bollards");
    site.run(5_000);
    expect(site.of("step.inhibited").map(({ target, reason }) => [target, reason])).toContainEqual([
      "bollard-3",
      "contact-unknown",
    ]);
    expect(new Set(words)).toEqual(new Set(["stop"]));
    expect(site.durable().barriers["bollard-3"]).toBe("unknown");
    site.mendLine("bollards");
    site.run(15_000);
    expect(positions(site)).toEqual([1, 1, 1]);
    expect(site.steps().filter(({ action, outcome }) => action.kind === "close" && outcome === "met")).toHaveLength(3);
  });
});

describe("what the box counts and measures of a barrier", () => {
  it("counts each run to closed as one cycle", () => {
    const site = office();
    const before = site.durable().cycles["bollard-2"] ?? 0;
    site.command(lockDown);
    site.run(25_000);
    expect(site.durable().cycles["bollard-2"]).toBe(before + 1);
  });

  it("A-33: tells a drive that was slower than the proof grants, once, with a work order", () => {
    const site = office();
    const slow = site.config.barriers.map((barrier) => ({ ...barrier, travelMs: barrier.travelMs - 2_000 }));
    Object.assign(site, { config: { ...site.config, barriers: slow } });
    site.kill();
    site.start();
    site.run(10_000);
    site.command(lockDown);
    site.run(30_000);
    const travels = site.of("budget.exceeded").filter(({ term }) => term === "travel");
    expect(travels.map(({ subject }) => subject)).toEqual(["bollard-2", "bollard-3"]);
    expect(site.of("workorder.opened").map(({ device, cause }) => [device, cause])).toContainEqual([
      "barrier:bollard-2",
      "slower-than-proved",
    ]);
  });

  it("A-33: measures nothing over budget on a site that is as it was proved", () => {
    const site = office();
    site.command(lockDown);
    site.run(30_000);
    site.trigger("beam-break");
    site.run(5_000);
    expect(site.of("budget.exceeded")).toEqual([]);
  });
});
