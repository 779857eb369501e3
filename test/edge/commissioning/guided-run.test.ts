// Guided tests as tables: what the signal shows from moment to moment, and what the test says of it.
import { describe, expect, it } from "vitest";
import {
  beginRun,
  failReasons,
  type GuidedInput,
  type GuidedRun,
  seenClasses,
  stageMs,
  stepRun,
} from "../../../edge/commissioning/guided/guided-run.js";
import { type GuidedTest, guidedKinds, subjectsOf } from "../../../edge/commissioning/guided/guided-test.js";
import { guides } from "../../../edge/commissioning/guided/table.js";
import { failTexts, guidedKindTexts, seenTexts, stageTexts } from "../../../edge/commissioning/guided/texts.js";
import type { LoopConfig, ZoneConfig } from "../../../edge/model/zone.js";
import { beam, yard } from "../response/yard.js";

const loop: LoopConfig = {
  pullUpOhms: 10_000,
  endOhms: 4_700,
  alarmOhms: 4_700,
  maskOhms: 10_000,
  fullScale: 1023,
  tolerance: 0.2,
};
const raw = (ohms: number) => Math.round((loop.fullScale * ohms) / (loop.pullUpOhms + ohms));
const signals = { rest: raw(4_700), blocked: raw(9_400), cut: 1023, short: 0, masked: raw(14_700), wrong: raw(7_000) };

const beamTest: GuidedTest = {
  subject: "beam",
  kind: "infrared-beam",
  name: { zh: "对射", en: "Beam" },
  signal: { point: "beam", loop },
  judge: { zone: "beam", causes: ["beam-blocked"] },
  rule: null,
  words: {},
  filterMs: 40,
  annunciators: [],
  soundWithinMs: 0,
};
const panicTest: GuidedTest = {
  ...beamTest,
  subject: "panic",
  kind: "panic-button",
  signal: { point: "panic" },
  annunciators: ["siren", "buzzer"],
  soundWithinMs: 5_000,
};
const sirenTest: GuidedTest = {
  ...beamTest,
  subject: "siren",
  kind: "annunciator",
  signal: null,
  judge: null,
  filterMs: 0,
  annunciators: ["siren"],
  soundWithinMs: 3_000,
};

type Event = readonly [at: number, input: GuidedInput];
const shows = (at: number, value: number | boolean, delayMs = 5): Event => [
  at,
  { kind: "sample", point: "beam", value, quality: "good", at, heardAt: at + delayMs },
];
const beamShows = (at: number, what: keyof typeof signals, delayMs?: number) => shows(at, signals[what], delayMs);
const lost = (at: number): Event => [
  at,
  { kind: "sample", point: "beam", value: null, quality: "lost", at, heardAt: at },
];
const sounded = (at: number, annunciator: string): Event => [at, { kind: "sounded", annunciator, at }];

/** Looked at every 200 ms, as the box does, until `untilMs`. */
function play(test: GuidedTest, events: readonly Event[], untilMs: number): GuidedRun {
  let run = beginRun(test, 0);
  const looks = Array.from(
    { length: Math.floor(untilMs / 200) + 1 },
    (_, index): Event => [index * 200, { kind: "time" }],
  );
  for (const [at, input] of [...events, ...looks].sort(([one], [other]) => one - other)) {
    run = stepRun(run, input, "heardAt" in input ? input.heardAt : at);
  }
  return run;
}

describe("guided test of a beam", () => {
  it("A-20: passes with its time when it is blocked long enough and free again", () => {
    const run = play(
      beamTest,
      [beamShows(0, "rest"), beamShows(2_000, "blocked", 70), beamShows(4_000, "rest")],
      5_000,
    );
    expect(run).toMatchObject({ stage: "passed", ms: 70, reason: null });
  });

  it("measures the filter where it is longer than the way to the box", () => {
    const slow = { ...beamTest, filterMs: 400 };
    const run = play(slow, [beamShows(0, "rest"), beamShows(2_000, "blocked"), beamShows(4_000, "rest")], 5_000);
    expect(run).toMatchObject({ stage: "passed", ms: 400 });
  });

  it("takes a short trigger between two looks for what it is", () => {
    const run = play(beamTest, [beamShows(0, "rest"), beamShows(2_010, "blocked"), beamShows(2_110, "rest")], 3_000);
    expect(run.stage).toBe("passed");
  });

  it.each<[string, readonly Event[], number, Partial<GuidedRun> & { as?: string }]>([
    ["not yet while nothing is done", [beamShows(0, "rest")], 60_000, { stage: "act", reason: null }],
    ["not yet while it stays blocked", [beamShows(0, "rest"), beamShows(2_000, "blocked")], 60_000, { stage: "undo" }],
    ["that nothing was seen", [beamShows(0, "rest")], stageMs.act + 1_000, { stage: "failed", reason: "nothing-seen" }],
    [
      "that the line is cut instead of the beam blocked",
      [beamShows(0, "rest"), beamShows(2_000, "cut")],
      4_000,
      { stage: "failed", reason: "wrong-signal", as: "cut" },
    ],
    [
      "that the line is shorted",
      [beamShows(0, "rest"), beamShows(2_000, "short")],
      4_000,
      { stage: "failed", reason: "wrong-signal", as: "short" },
    ],
    [
      "that the resistance fits nothing",
      [beamShows(0, "rest"), beamShows(2_000, "wrong")],
      4_000,
      { stage: "failed", reason: "wrong-signal", as: "out-of-range" },
    ],
    [
      "that it is masked",
      [beamShows(0, "rest"), beamShows(2_000, "masked")],
      4_000,
      { stage: "failed", reason: "wrong-signal", as: "masked" },
    ],
    [
      "that its device is away",
      [beamShows(0, "rest"), lost(2_000)],
      4_000,
      { stage: "failed", reason: "wrong-signal", as: "lost" },
    ],
    [
      "that it was wired wrong before it began",
      [beamShows(-9_000, "cut")],
      2_000,
      { stage: "failed", reason: "not-at-rest", as: "cut" },
    ],
    [
      "that it was blocked before it began",
      [beamShows(-9_000, "blocked")],
      stageMs.rest + 1_000,
      { stage: "failed", reason: "not-at-rest", as: "active" },
    ],
    ["that nothing was heard of it", [], stageMs.rest + 1_000, { stage: "failed", reason: "not-at-rest" }],
    [
      "that it does not come back",
      [beamShows(0, "rest"), beamShows(2_000, "blocked")],
      stageMs.undo + 4_000,
      { stage: "failed", reason: "did-not-return", as: "active" },
    ],
  ])("says %s", (_word, events, untilMs, { as, ...found }) => {
    const run = play(beamTest, events, untilMs);
    expect(run).toMatchObject(found);
    if (as !== undefined) expect(run.seen?.as).toBe(as);
  });

  it("forgives a bounce on the way, and says that a trigger was too short for the filter", () => {
    const slow = { ...beamTest, filterMs: 400 };
    const bounce = [
      beamShows(0, "rest"),
      beamShows(2_000, "wrong"),
      beamShows(2_300, "blocked"),
      beamShows(4_000, "rest"),
    ];
    expect(play(slow, bounce, 5_000).stage).toBe("passed");
    const brief = [beamShows(0, "rest"), beamShows(2_000, "blocked"), beamShows(2_200, "rest")];
    expect(play(slow, brief, stageMs.act + 1_000)).toMatchObject({ reason: "too-short", briefMs: 200 });
  });

  it("ends when it is stopped, and takes nothing afterwards", () => {
    const run = stepRun(play(beamTest, [beamShows(0, "rest")], 1_000), { kind: "stop" }, 1_000);
    expect(run.stage).toBe("stopped");
    expect(stepRun(run, { kind: "time" }, 999_000)).toBe(run);
  });
});

describe("guided test of what sounds", () => {
  const press = [shows(0, false), shows(1_000, true)];

  it("A-18: passes a panic button when all that it sounds was confirmed in time and it was reset", () => {
    const events = [...press, sounded(1_300, "siren"), sounded(2_100, "buzzer"), shows(4_000, false)];
    expect(play(panicTest, events, 5_000)).toMatchObject({ stage: "passed", ms: 1_100 });
  });

  it.each([
    ["one sounder stays silent", [...press, sounded(1_300, "siren")]],
    ["one sounder is late", [...press, sounded(1_300, "siren"), sounded(6_500, "buzzer")]],
    ["what sounds has sounded since before", [sounded(500, "siren"), sounded(500, "buzzer"), ...press]],
  ])("A-18: fails a panic button when %s", (_word, events) => {
    expect(play(panicTest, events, 8_000)).toMatchObject({ stage: "failed", reason: "not-sounded" });
  });

  it("asks a person whether the siren was heard, for a relay makes no sound", () => {
    const asked = play(sirenTest, [sounded(40, "siren")], 1_000);
    expect(asked).toMatchObject({ stage: "heard", ms: 40 });
    expect(stepRun(asked, { kind: "heard", yes: true }, 2_000).stage).toBe("passed");
    expect(stepRun(asked, { kind: "heard", yes: false }, 2_000)).toMatchObject({
      stage: "failed",
      reason: "not-heard",
    });
    expect(play(sirenTest, [sounded(40, "siren")], 70_000)).toMatchObject({ stage: "failed", reason: "not-heard" });
    expect(play(sirenTest, [], 6_000)).toMatchObject({ stage: "failed", reason: "not-sounded" });
  });
});

describe("the table of guided tests", () => {
  it("speaks both languages of every kind, stage, class and reason", () => {
    const texts = [
      ...guidedKinds.flatMap((kind) => [...Object.values(guides[kind]), guidedKindTexts[kind]]),
      ...Object.values(stageTexts),
      ...seenClasses.map((seen) => seenTexts[seen]),
      ...failReasons.map((reason) => failTexts[reason]),
    ];
    for (const { zh, en } of texts) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
      expect(en).toMatch(/^[^\u4e00-\u9fff]+$/);
    }
  });

  it("offers every detector with one contact, its case, and every annunciator", () => {
    const config = yard([], { zones: [{ ...beam, tamper: "motion" } as ZoneConfig] });
    expect(subjectsOf(config).map(({ subject, kind }) => [subject, kind])).toEqual([
      ["beam", "infrared-beam"],
      ["beam/case", "case"],
      ["siren", "annunciator"],
      ["evacuation", "annunciator"],
      ["buzzer", "annunciator"],
    ]);
  });
});
