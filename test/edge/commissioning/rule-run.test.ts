// Guided tests of what is more than one contact, at the real controller: what its points do, what its judge makes of them, what the test says.
import { describe, expect, it } from "vitest";
import { beginRun, type GuidedRun } from "../../../edge/commissioning/guided/guided-run.js";
import { guidedTestOf, subjectsOf } from "../../../edge/commissioning/guided/guided-test.js";
import { stepRule } from "../../../edge/commissioning/guided/rule-run.js";
import { guideOf } from "../../../edge/commissioning/guided/table.js";
import { walkCountOf } from "../../../edge/commissioning/guided/walk-count.js";
import { seenValue } from "../../../edge/health/point-book.js";
import type { PointValue, Quality } from "../../../edge/model/point.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { HandFed } from "../../support/hand-fed.js";
import { hour, name, response, sound, yard } from "../response/yard.js";

const everyMs = 200;

const pair = (counts: "inward" | "outward" | "both"): ZoneConfig => ({
  id: "pair",
  name,
  area: "fence",
  kind: "beam-pair",
  first: "outer",
  second: "inner",
  withinMs: 3_000,
  counts,
});
const rush: ZoneConfig = {
  id: "rush",
  name,
  area: "post",
  kind: "vehicle-rush",
  barrier: "main",
  first: "outer",
  second: "inner",
  rushMs: 2_000,
};
const turnstile: ZoneConfig = {
  id: "turn",
  name,
  area: "post",
  kind: "turnstile",
  granted: "outer",
  passed: "inner",
  grantMs: 8_000,
};
const fibre = (eventCount = 3): ZoneConfig => ({
  id: "fibre",
  name,
  area: "fence",
  kind: "vibration-fibre",
  level: "level",
  settings: {
    baselineMs: 20_000,
    threshold: 4,
    levelFloor: 0,
    eventCount,
    eventWindowMs: 10_000,
    maskMs: 500,
    sustainedMs: 2_500,
    windReject: 4,
  },
});

function site(zone: ZoneConfig): EdgeConfig {
  const plain = yard([response("rush", [{ zones: ["rush"] }], sound("siren"))], { zones: [zone] });
  const extra = ["outer", "inner", "level"].map((id) => ({ id, direction: "in" as const, line: id }));
  const drivers = plain.drivers.map((driver) =>
    driver.id === "sensors" ? ({ ...driver, points: [...driver.points, ...extra] } as typeof driver) : driver,
  );
  return { ...plain, drivers };
}

type Event = readonly [atMs: number, point: string, value: PointValue, quality?: Quality];
/** Level of the fence at a second of the test. */
type Height = (second: number) => number;

/** A box whose test is looked at every 200 ms, as the box does. */
class Bench {
  readonly box: HandFed;
  run: GuidedRun;
  private heard: { point: string; value: PointValue; quality: Quality; at: number; heardAt: number }[] = [];
  private told = 0;
  private readonly config: EdgeConfig;

  private readonly zone: ZoneConfig;

  constructor(
    zone: ZoneConfig,
    subject: string,
    { height = () => 1, annunciators = [] }: { height?: Height; annunciators?: readonly string[] } = {},
    before: (box: HandFed) => void = () => undefined,
  ) {
    this.zone = zone;
    this.config = site(zone);
    this.box = new HandFed(this.config);
    before(this.box);
    const known = subjectsOf(this.config).find((each) => each.subject === subject);
    if (known === undefined) throw new Error(`no subject ${subject}`);
    if (zone.kind === "vibration-fibre") for (let at = -15_000; at < 0; at += everyMs) this.hearLevel(at, height);
    const test = guidedTestOf(known, this.config, { annunciators, withinMs: annunciators.length > 0 ? 5_000 : 0 });
    this.run = beginRun(test, this.box.mono);
    this.heard = ["outer", "inner"].map((point) => {
      return { point, value: false, quality: "good", at: this.box.mono - 900, heardAt: this.box.mono - 900 };
    });
  }

  play(events: readonly Event[], untilMs: number, height: Height = () => 1): this {
    const start = this.box.mono;
    let waiting = [...events];
    for (let at = 0; at <= untilMs; at += everyMs) {
      for (const [when, point, value, quality = "good"] of waiting.filter(([when]) => when < at + everyMs)) {
        this.box.pass(Math.max(0, start + when - this.box.mono));
        this.set(point, value, quality);
      }
      waiting = waiting.filter(([when]) => when >= at + everyMs);
      if (this.zone.kind === "vibration-fibre") this.hearLevel(at, height);
      else this.box.pass(Math.max(0, start + at + everyMs - this.box.mono));
      this.look();
    }
    return this;
  }

  private set(point: string, value: PointValue, quality: Quality): void {
    this.box.set(point, value, quality);
    this.heard.push({ point, value, quality, at: this.box.mono, heardAt: this.box.mono });
  }

  /** One block of 200 ms at 100 Hz. */
  private hearLevel(fromMs: number, height: Height): void {
    const values = Array.from({ length: 20 }, (_, index) => {
      const second = fromMs / 1000 + index / 100;
      return 500 + height(second) * (1 + 0.1 * Math.sin(7.3 * second)) * Math.sin(2 * Math.PI * 21 * second);
    });
    this.box.pass(everyMs);
    this.set("level", { t0: 0, periodUs: 10_000, values }, "good");
  }

  private look(): void {
    const { rule } = this.run.test;
    if (rule === null) throw new Error("no rule");
    const now = this.box.mono;
    for (const sample of this.heard.splice(0)) {
      this.run = stepRule(this.run, rule, { kind: "sample", ...sample, value: seenValue(sample.value) }, now);
    }
    for (const { zone: _, ...look } of this.box.traces.slice(this.told)) {
      this.run = stepRule(this.run, rule, { kind: "look", look }, now);
    }
    this.told = this.box.traces.length;
    const sounded = this.box.durable.annunciators["siren"];
    if (sounded !== undefined && this.box.outputs["siren"] === true) {
      this.run = stepRule(this.run, rule, { kind: "sounded", annunciator: "siren", at: sounded.since.mono }, now);
    }
    this.run = stepRule(this.run, rule, { kind: "time" }, now);
  }
}

const on = (at: number, point: string, forMs = 600): readonly Event[] => [
  [at, point, true],
  [at + forMs, point, false],
];
const found = ({ run }: Bench) => [run.stage, run.reason, walkCountOf(run)];

describe("guided test of a beam pair", () => {
  it("A-20: passes one beam alone that counts for nothing, and is no walk of the zone", () => {
    const bench = new Bench(pair("inward"), "pair/first").play(on(2_000, "outer"), 5_000);
    expect(found(bench)).toEqual(["passed", null, "part"]);
    expect(bench.box.of("zone.breached")).toEqual([]);
  });

  it.each<[string, readonly Event[], string]>([
    ["crossed wires", on(2_000, "inner"), "other-too"],
    ["both reached at once", [...on(2_000, "outer"), ...on(2_300, "inner")], "other-too"],
    ["nothing blocked", [], "nothing-seen"],
    ["a beam that stays blocked", [[2_000, "outer", true]], "did-not-return"],
  ])("fails one beam alone by %s", (_word, events, reason) => {
    const { run } = new Bench(pair("both"), "pair/first").play(events, 250_000);
    expect(run.reason === "counted" ? "other-too" : run.reason).toBe(reason);
  });

  it("fails a beam that was blocked before, or is lost", () => {
    const blocked = new Bench(pair("both"), "pair").play([[0, "outer", true]], 32_000);
    expect(found(blocked)).toEqual(["failed", "not-at-rest", "not-passed"]);
    const lost = new Bench(pair("both"), "pair").play([[2_000, "inner", false, "lost"]], 5_000);
    expect(lost.run).toMatchObject({ reason: "wrong-signal", seen: { as: "lost" } });
  });

  it.each<[string, ["inward" | "outward" | "both", string], readonly Event[], unknown[]]>([
    ["in order", ["inward", "pair"], [...on(2_000, "outer"), ...on(3_000, "inner")], ["passed", null, "counted"]],
    [
      "outward where that counts",
      ["outward", "pair"],
      [...on(2_000, "inner"), ...on(3_000, "outer")],
      ["passed", null, "counted"],
    ],
    [
      "back where both ways count",
      ["both", "pair/reverse"],
      [...on(2_000, "inner"), ...on(3_000, "outer")],
      ["passed", null, "counted"],
    ],
    [
      "back where it does not count",
      ["inward", "pair/reverse"],
      [...on(2_000, "inner"), ...on(3_000, "outer")],
      ["passed", null, "part"],
    ],
    [
      "in order where it must not count",
      ["inward", "pair/reverse"],
      [...on(2_000, "outer"), ...on(3_000, "inner")],
      ["failed", "counted", "not-passed"],
    ],
    [
      "the wrong way",
      ["inward", "pair"],
      [...on(2_000, "inner"), ...on(3_000, "outer")],
      ["failed", "wrong-order", "not-passed"],
    ],
    [
      "both ways counted the wrong way",
      ["both", "pair"],
      [...on(2_000, "inner"), ...on(3_000, "outer")],
      ["failed", "other-cause", "not-passed"],
    ],
    [
      "too slowly",
      ["inward", "pair"],
      [...on(2_000, "outer"), ...on(6_000, "inner")],
      ["failed", "wrong-order", "not-passed"],
    ],
    ["only half", ["inward", "pair"], on(2_000, "outer"), ["failed", "too-few", "not-passed"]],
  ])("A-20: of both beams, crossed %s", (_word, [counts, subject], events, expected) => {
    expect(found(new Bench(pair(counts), subject).play(events, 125_000))).toEqual(expected);
  });

  it("takes no notice of what the second beam did long before", () => {
    const bench = new Bench(pair("inward"), "pair", {}, (box) => {
      box.set("inner", true);
      box.pass(500);
      box.set("inner", false);
      box.pass(20_000);
    });
    expect(found(bench.play([...on(2_000, "outer"), ...on(3_000, "inner")], 6_000))).toEqual([
      "passed",
      null,
      "counted",
    ]);
  });

  it("A-20: counts under a walk test, where no alarm follows, and where the area is not armed", () => {
    const crossing = [...on(2_000, "outer"), ...on(3_000, "inner")];
    const walked = new Bench(pair("inward"), "pair", {}, (box) =>
      box.order({ kind: "start-walk-test", zones: ["pair"], forMs: hour }),
    ).play(crossing, 6_000);
    expect(walked.run).toMatchObject({ stage: "passed", judged: "walk-test" });
    const disarmed = new Bench(pair("inward"), "pair", {}, (box) => box.order({ kind: "disarm", area: "fence" })).play(
      crossing,
      6_000,
    );
    expect(disarmed.run).toMatchObject({ stage: "passed", judged: "not-armed" });
    expect(walkCountOf(disarmed.run)).toBe("counted");
  });
});

describe("guided test of a vehicle rush", () => {
  const barred = (box: HandFed) => {
    box.set("main-open", false);
    box.set("main-closed", true);
    box.pass(1_000);
  };
  const drive = [...on(2_000, "outer"), ...on(3_000, "inner")];

  it("A-81: passes when both loops in order are a rush and what it sounds is confirmed, and counts as tried", () => {
    const bench = new Bench(rush, "rush", { annunciators: ["siren"] }, barred).play(drive, 8_000);
    expect(found(bench)).toEqual(["passed", null, "counted"]);
    expect(bench.box.of("zone.breached")).toMatchObject([{ zone: "rush", cause: "vehicle-rush" }]);
  });

  it("A-81: passes one loop alone that sets nothing off", () => {
    const bench = new Bench(rush, "rush/second", {}, barred).play(on(2_000, "inner"), 5_000);
    expect(found(bench)).toEqual(["passed", null, "part"]);
    expect(bench.box.of("zone.breached")).toEqual([]);
  });

  it.each<[string, (box: HandFed) => void, readonly Event[], string]>([
    ["the lane is open to traffic", () => undefined, drive, "lane-not-barred"],
    ["it goes the other way", barred, [...on(2_000, "inner"), ...on(3_000, "outer")], "wrong-order"],
    ["it is no rush at that speed", barred, [...on(2_000, "outer"), ...on(5_000, "inner")], "wrong-order"],
  ])("fails when %s", (_word, before, events, reason) => {
    expect(new Bench(rush, "rush", {}, before).play(events, 8_000).run.reason).toBe(reason);
  });
});

describe("guided test of a turnstile", () => {
  it("A-39: passes one person on a grant, and a second one as a tailgater", () => {
    const granted = new Bench(turnstile, "turn/granted").play([...on(2_000, "outer"), ...on(4_000, "inner")], 8_000);
    expect(found(granted)).toEqual(["passed", null, "part"]);
    const followed = new Bench(turnstile, "turn").play(
      [...on(2_000, "outer"), ...on(4_000, "inner"), ...on(6_000, "inner")],
      9_000,
    );
    expect(found(followed)).toEqual(["passed", null, "counted"]);
  });

  it("A-39: fails where the grant does not reach the box, and where nobody passed without one", () => {
    expect(new Bench(turnstile, "turn/granted").play(on(4_000, "inner"), 8_000).run.reason).toBe("counted");
    const alone = new Bench(turnstile, "turn").play([...on(2_000, "outer"), ...on(4_000, "inner")], 125_000);
    expect(alone.run.reason).toBe("was-granted");
  });
});

describe("guided test of a fibre", () => {
  /** Blows that ring for a few tenths of a second. */
  const blows =
    (...times: readonly number[]): Height =>
    (second) =>
      times.reduce((sum, at) => sum + (second >= at ? 50 * Math.exp(-(second - at) / 0.1) : 0), 1);
  const saw: Height = (second) => (second > 3 && second < 8 ? 12 : 1);

  /** Who climbs strikes it first. */
  const climbed: Height = (second) => Math.max(blows(2, 3.2, 4.4)(second), second > 10 && second < 16 ? 12 : 1);

  it("A-31: passes the quiet fence with its loudest level as a share of the threshold, and fails a restless one", () => {
    const quiet = new Bench(fibre(), "fibre/quiet").play([], 35_000);
    expect(found(quiet)).toEqual(["passed", null, "part"]);
    expect(quiet.run.watch.share).toBeGreaterThan(0.05);
    expect(quiet.run.watch.share).toBeLessThan(1);
    expect(new Bench(fibre(), "fibre/quiet").play([], 35_000, blows(10)).run.reason).toBe("not-quiet");
  });

  it.each<[string, string, Height, unknown[]]>([
    ["one knock that counts once", "fibre/knock", blows(4), ["passed", null, "part"]],
    ["one knock that counts twice", "fibre/knock", blows(4, 5), ["failed", "counted-twice", "not-passed"]],
    ["no knock", "fibre/knock", () => 1, ["failed", "below-threshold", "not-passed"]],
    ["as many knocks as are a cut", "fibre", blows(4, 5.2, 6.4), ["passed", null, "counted"]],
    ["too few knocks", "fibre", blows(4, 5.2), ["failed", "too-few", "not-passed"]],
    ["activity that lasts", "fibre/climb", saw, ["passed", null, "counted"]],
    ["a climb that blows began", "fibre/climb", climbed, ["passed", null, "counted"]],
    ["blows in place of a climb", "fibre/climb", blows(4, 5.2, 6.4), ["failed", "other-cause", "not-passed"]],
  ])("A-31: of %s", (_word, subject, height, expected) => {
    expect(found(new Bench(fibre(), subject).play([], 126_000, height))).toEqual(expected);
  });

  it("counts no knock against the test that was there before it", () => {
    const bench = new Bench(fibre(), "fibre/knock", { height: blows(-3) }).play([], 12_000, blows(3));
    expect(found(bench)).toEqual(["passed", null, "part"]);
  });

  it("waits until the baseline is known", () => {
    const bench = new Bench(fibre(), "fibre", {}, (box) => box.restart(1000));
    expect(bench.run.stage).toBe("rest");
  });

  it("asks for no single knock where one is the cut", () => {
    const subjects = (zone: ZoneConfig) =>
      subjectsOf(site(zone)).flatMap(({ subject, kind }) => (kind === "annunciator" ? [] : [subject]));
    expect(subjects(fibre(1))).toEqual(["fibre/quiet", "fibre", "fibre/climb"]);
    expect(subjects(pair("both"))).toEqual(["pair/first", "pair/second", "pair", "pair/reverse"]);
  });
});

describe("the guide of such a test", () => {
  it("names the points and figures of this zone", () => {
    const config = site(pair("outward"));
    const told = subjectsOf(config).map((known) =>
      guideOf(guidedTestOf(known, config, { annunciators: [], withinMs: 0 })),
    );
    for (const { act, expect: expected, undo } of told)
      for (const { zh, en } of [act, expected, undo]) expect(`${zh}${en}`).not.toMatch(/[{}]/);
    expect(told[2]?.act.en).toBe("Cross beam inner first and then outer, both within 3 s.");
  });
});
