import { describe, expect, it } from "vitest";
import { gradeRules } from "../../../edge/model/grade.js";
import { areaKinds, type EdgeConfig } from "../../../edge/model/site.js";
import { area, Stage, zone } from "../incident/stage.js";
import { setPosture } from "./posture.js";

const siren = {
  id: "siren",
  name: { zh: "警号", en: "siren" },
  kind: "siren-strobe",
  points: ["k1"],
  soundMsMax: 180_000,
} as const;
const zones = [zone("door", { entryRoute: true }), zone("window"), zone("mains", { area: "plant", kind: "power" })];
const areas = [area("fence", { kind: "office", armedAtStart: false }), area("plant")];
const site = (part: Partial<EdgeConfig> = {}) => new Stage({ areas, zones, annunciators: [siren], ...part });
const arm = (stage: Stage) => stage.order({ kind: "arm", area: "fence" });
const why = (stage: Stage) => {
  const verdict = arm(stage);
  return verdict.ok ? [] : verdict.obstacles.map((obstacle) => `${obstacle.subject}: ${obstacle.why}`);
};

describe("cannot arm because", () => {
  it("arms when every zone is normal, and says which zones begin a new period", () => {
    const stage = site();
    expect(arm(stage).ok).toBe(true);
    expect(stage.of("area.armed")).toMatchObject([
      { area: "fence", by: "wang", zones: ["door", "window"], at: stage.now },
    ]);
    expect(stage.durable.armed["fence"]).toBe(true);
  });

  it.each([
    ["open", (stage: Stage) => stage.breach("window"), ["window: not-normal"]],
    ["not seen", (stage: Stage) => stage.see("window", { kind: "unknown" }), ["window: not-seen"]],
    [
      "faulty",
      (stage: Stage) => stage.see("window", { kind: "fault", cause: "loop-out-of-range" }),
      ["window: loop-out-of-range"],
    ],
    ["tampered", (stage: Stage) => stage.tamper("window", "loop-cut"), ["window: still-latched", "window: loop-cut"]],
    ["still latched", (stage: Stage) => [stage.tamper("window"), stage.clear("window")], ["window: still-latched"]],
    ["on the way in and open", (stage: Stage) => stage.breach("door"), ["door: not-normal"]],
    ["a supply that failed", (stage: Stage) => stage.breach("mains", "supply-failed"), ["mains: supply-not-good"]],
    [
      "a supply that is not seen",
      (stage: Stage) => stage.see("mains", { kind: "unknown" }),
      ["mains: supply-not-good"],
    ],
    ["a siren that does not confirm", (stage: Stage) => stage.unconfirmed.push("k1"), ["siren: sounder-not-good"]],
  ] as const)("a zone is %s", (_what, spoil, obstacles) => {
    const stage = site();
    spoil(stage);
    expect(arm(stage)).toMatchObject({ ok: false, code: "arming.prevented" });
    expect(why(stage)).toEqual(obstacles);
    expect(stage.durable.armed["fence"]).toBe(false);
  });

  it("names a supply of the area itself once", () => {
    const stage = site({ zones: [zone("battery", { kind: "power" })] });
    stage.conditions["battery"] = { kind: "breach", cause: "supply-failed" };
    expect(why(stage)).toEqual(["battery: supply-not-good"]);
  });

  it("names a siren whose driver cannot reach its device", () => {
    const line = 0;
    const drivers = [{ id: "out", kind: "gpio", chip: "c", points: [{ id: "k1", direction: "out", line }] }] as const;
    const stage = site({ drivers });
    stage.linksDown = { out: "timeout" };
    expect(why(stage)).toEqual(["siren: sounder-not-good"]);
  });

  it("names the driver that cannot reach its device", () => {
    const stage = site();
    stage.linksDown = { io: "timeout" };
    expect(why(stage)).toEqual(["io: driver-lost"]);
  });

  it("names every obstacle, and none of a zone that is out", () => {
    const stage = site();
    stage.breach("window");
    stage.breach("door");
    expect(why(stage)).toEqual(["door: not-normal", "window: not-normal"]);
    stage.order({ kind: "isolate", zone: "window", forMs: null });
    stage.order({ kind: "inhibit", zone: "door" });
    expect(arm(stage).ok).toBe(true);
  });

  it("lets a supervisor arm without a siren, a supply or a driver, and records what he has accepted", () => {
    const despite = { kind: "arm", area: "fence", despite: true } as const;
    const stage = site();
    stage.unconfirmed.push("k1");
    stage.breach("mains", "supply-failed");
    expect(stage.order(despite)).toMatchObject({ ok: false, code: "command.not-allowed" });
    expect(stage.order({ kind: "arm", area: "fence" }, { roles: ["supervisor"] })).toMatchObject({ ok: false });
    expect(stage.order(despite, { roles: ["supervisor"] }).ok).toBe(true);
    expect(stage.of("area.armed")).toMatchObject([
      {
        despite: [
          { subject: "mains", why: "supply-not-good" },
          { subject: "siren", why: "sounder-not-good" },
        ],
      },
    ]);
    stage.order({ kind: "disarm", area: "fence" });
    expect(arm(stage).ok).toBe(false);
  });

  it("lets nobody arm despite what a zone shows: that is inhibited or mended", () => {
    const stage = site();
    stage.breach("window");
    const verdict = stage.order({ kind: "arm", area: "fence", despite: true }, { roles: ["administrator"] });
    expect(verdict).toMatchObject({ ok: false, code: "arming.prevented" });
  });

  it.each([1, 2, 3, 4] as const)("A-01: a masked detector prevents arming from grade 3 on: grade %i", (grade) => {
    const stage = site({ areas: [area("fence", { grade, armedAtStart: false }), area("plant")] });
    stage.conditions["window"] = { kind: "tamper", cause: "masked" };
    expect(why(stage)).toEqual(grade >= 3 ? ["window: masked"] : []);
  });

  it("A-01: grades stand in one table, and none asks less than the one below", () => {
    const rows = ([1, 2, 3, 4] as const).map((grade) => gradeRules[grade]);
    for (const [index, rules] of rows.entries()) {
      const below = rows[index - 1] ?? rules;
      expect(rules.logEventsMin).toBeGreaterThanOrEqual(below.logEventsMin);
      expect(rules.pinDigitsMin).toBeGreaterThanOrEqual(below.pinDigitsMin);
      expect(below.allowsBareContacts || !rules.allowsBareContacts).toBe(true);
    }
    expect(rows.map((rules) => [rules.logEventsMin, rules.pinDigitsMin, rules.allowsBareContacts])).toEqual([
      [250, 4, true],
      [250, 4, true],
      [500, 6, false],
      [1000, 6, false],
    ]);
  });

  it.each([
    [2, undefined, true],
    [3, undefined, false],
    [3, ["supervisor"], false],
    [3, ["technician"], true],
    [4, ["technician"], true],
  ] as const)("A-01: after a tamper at grade %i, roles %j may reset: %s", (grade, roles, may) => {
    const stage = site({ areas: [area("fence", { grade }), area("plant")] });
    stage.tamper("window");
    stage.clear("window");
    const [incident = ""] = Object.keys(stage.durable.incidents);
    const verdict = stage.order({ kind: "reset", incident }, roles === undefined ? {} : { roles });
    expect(verdict.ok).toBe(may);
    if (!verdict.ok) expect(verdict.code).toBe("command.not-allowed");
  });
});

describe("exit time", () => {
  const leaving = () =>
    site({ areas: [area("fence", { kind: "office", armedAtStart: false, exitMs: 30_000 }), area("plant")] });

  it("lets somebody out by an open door and arms when the time is over", () => {
    const stage = leaving();
    stage.breach("door");
    expect(arm(stage).ok).toBe(true);
    expect(stage.of("area.arming")).toMatchObject([{ area: "fence", until: { mono: stage.now.mono + 30_000 } }]);
    expect(stage.breach("window").verdict).toBe("not-armed");
    stage.clear("window");
    stage.clear("door");
    stage.pass(30_000);
    expect(stage.of("area.armed")).toMatchObject([{ by: "wang" }]);
  });

  it("says at the end of the time why it could not arm, once, and takes it back when it is armed", () => {
    const stage = leaving();
    stage.breach("door");
    arm(stage);
    stage.pass(120_000);
    const obstacles = [{ subject: "door", why: "not-normal" }];
    expect(stage.of("area.arm-failed")).toMatchObject([{ by: "wang", obstacles, alarm: { priority: 3 } }]);
    expect(stage.durable.arming).toEqual({});
    stage.clear("door");
    arm(stage);
    stage.pass(30_000);
    expect(stage.of("area.armed")).toMatchObject([{ alarms: [stage.of("area.arm-failed")[0]?.alarm.key] }]);
  });

  it("remembers until its end that somebody arms without a siren", () => {
    const stage = leaving();
    stage.unconfirmed.push("k1");
    stage.order({ kind: "arm", area: "fence", despite: true }, { roles: ["supervisor"] });
    stage.pass(30_000);
    expect(stage.of("area.arm-failed")).toEqual([]);
    expect(stage.of("area.armed")).toMatchObject([{ despite: [{ subject: "siren", why: "sounder-not-good" }] }]);
  });

  it("is not begun anew by a second order", () => {
    const stage = leaving();
    arm(stage);
    stage.pass(20_000);
    expect(arm(stage).ok).toBe(true);
    stage.pass(10_000);
    expect(stage.durable.armed["fence"]).toBe(true);
  });

  it("refuses a window that is open, for nobody leaves by it", () => {
    const stage = leaving();
    stage.breach("window");
    expect(why(stage)).toEqual(["window: not-normal"]);
  });

  it("is ended by disarming", () => {
    const stage = leaving();
    arm(stage);
    stage.order({ kind: "disarm", area: "fence" });
    stage.pass(60_000);
    expect(stage.of("area.armed")).toEqual([]);
  });

  it("arms after a restart with the time that is left, and at once where the clock cannot tell, but not before all was read", () => {
    for (const [clock, armsAfter] of [
      ["synchronised", 20_000],
      ["never-set", 0],
    ] as const) {
      const stage = leaving();
      arm(stage);
      stage.reboot(10_000, clock);
      stage.settled = false;
      stage.pass(armsAfter + 5_000);
      expect(stage.of("area.armed")).toEqual([]);
      stage.settled = true;
      stage.pass(1_000);
      expect(stage.of("area.armed")).toHaveLength(1);
    }
  });
});

describe("disarming", () => {
  it("does nothing twice and knows no other area", () => {
    const stage = site();
    arm(stage);
    arm(stage);
    expect(stage.of("area.armed")).toHaveLength(1);
    expect(stage.order({ kind: "arm", area: "moon" })).toMatchObject({ code: "command.unknown-target" });
    expect(stage.order({ kind: "disarm", area: "moon" })).toMatchObject({ code: "command.unknown-target" });
  });

  it.each(areaKinds)(
    "A-06, A-25: in posture level 1 no perimeter may be disarmed, every other part may: %s",
    (kind) => {
      const stage = site({ areas: [area("fence", { kind }), area("plant")] });
      setPosture(stage, "level-1");
      expect(stage.order({ kind: "disarm", area: "fence" }).ok).toBe(kind !== "perimeter");
    },
  );

  it("A-06: there are the eight parts of the norm", () => {
    expect(areaKinds).toHaveLength(8);
  });
});
