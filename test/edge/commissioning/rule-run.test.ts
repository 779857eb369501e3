// Guided tests of what is more than one contact, at the real controller: what its points do, what its judge makes of them, what the test says.
import { describe, expect, it } from "vitest";
import { guidedTestOf, subjectsOf } from "../../../edge/commissioning/guided/guided-test.js";
import { guideOf } from "../../../edge/commissioning/guided/table.js";
import { walkCountOf } from "../../../edge/commissioning/guided/walk-count.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import type { HandFed } from "../../support/hand-fed.js";
import { hour } from "../response/yard.js";
import { Bench, type Event, fibre, found, type Height, on, pair, rush, site, turnstile } from "./rule-bench.js";

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
