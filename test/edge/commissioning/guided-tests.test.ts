// Who runs a guided test: one at a time, looking while it runs, noting what it found, giving up when the box does not answer.
import { describe, expect, it } from "vitest";
import type { RuleLook } from "../../../edge/commissioning/guided/guided-run.js";
import { createGuidedTests, guidedLimits } from "../../../edge/commissioning/guided/guided-tests.js";
import type { Inquiry } from "../../../edge/commissioning/inquiry.js";
import type { GuidedLookReply, GuidedPlan } from "../../../edge/commissioning/questions/guided.js";
import type { Question } from "../../../edge/commissioning/questions.js";
import type { Verdict } from "../../../edge/model/state.js";
import { manualClock } from "../../support/manual-clock.js";

const plan: GuidedPlan = {
  test: {
    subject: "door",
    kind: "door-contact",
    name: { zh: "门", en: "Door" },
    signal: { point: "door" },
    judge: { zone: "door", causes: ["door-opened"] },
    rule: null,
    words: {},
    filterMs: 100,
    annunciators: [],
    soundWithinMs: 0,
  },
  consequences: [],
};

/** A desk whose controller shows what the test sets, and that looks when the test says so. */
function desk() {
  const clock = manualClock();
  const asked: Question[] = [];
  const due: (() => void)[] = [];
  let shown: readonly boolean[] | null = [];
  /** What the zone's judge says at the next look. */
  const judged: RuleLook[] = [];
  const look = (): GuidedLookReply => {
    const now = clock.mono();
    const samples = (shown ?? []).map((value) => ({
      point: "door",
      at: now,
      heardAt: now,
      value,
      quality: "good" as const,
    }));
    return { now, samples, sounded: {}, looks: judged.splice(0), mark: 0 };
  };
  const ask = async (question: Question) => {
    asked.push(question);
    if (shown === null) return { ok: false, code: "api.no-answer", place: "", detail: "" };
    return { ok: true, body: question.kind === "guided-look" ? look() : { noted: true } };
  };
  const timer = {
    at(_at: number, run: () => void) {
      due.push(run);
      return () => undefined;
    },
  };
  return {
    tests: createGuidedTests({ clock, timer, inquiry: { ask } as unknown as Inquiry }),
    judge: (verdict: Verdict) => judged.push({ at: clock.mono(), verdict, seen: "door-opened", limit: null }),
    noted: () => asked.filter(({ kind }) => kind === "guided-note"),
    looks: () => asked.filter(({ kind }) => kind === "guided-look").length,
    /** Time for one look, at which the signal shows this; null: no answer. */
    async pass(values: readonly boolean[] | null): Promise<void> {
      shown = values;
      clock.advance(guidedLimits.everyMs);
      for (const run of due.splice(0)) run();
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  };
}

describe("guided tests of a box", () => {
  it("run to their end and are noted once, with the person who began", async () => {
    const { tests, noted, pass } = desk();
    tests.begin(plan, "zhao");
    for (const values of [[], [false], [true], [], [false], [], []]) await pass(values);
    expect(tests.present()).toMatchObject({ person: "zhao", run: { stage: "passed", ms: 100 } });
    expect(noted()).toMatchObject([{ subject: "door", found: { person: "zhao", outcome: "passed", ms: 100 } }]);
  });

  it.each<[Verdict | null, string, string | null]>([
    ["alarm", "counted", "door"],
    ["not-armed", "counted", "door"],
    ["walk-test", "counted", "door"],
    ["filter-not-passed", "not-judged", null],
    [null, "not-judged", null],
  ])(
    "A-20: count as the zone's walk test where its own judge saw the breach: %s is %s",
    async (verdict, walk, walked) => {
      const { tests, judge, noted, pass } = desk();
      tests.begin(plan, "zhao");
      for (const values of [[], [false], [true]]) await pass(values);
      if (verdict !== null) judge(verdict);
      for (const values of [[false], []]) await pass(values);
      expect(noted()).toMatchObject([{ walked, found: { outcome: "passed", walk } }]);
    },
  );

  it("A-20: count for nothing where they were stopped, or where only the case was tried", async () => {
    const stopped = desk();
    stopped.tests.begin(plan, "zhao");
    for (const values of [[], [false], [true]]) await stopped.pass(values);
    stopped.judge("alarm");
    stopped.tests.tell({ kind: "stop" });
    expect(stopped.noted()).toMatchObject([{ walked: null, found: { walk: "not-passed" } }]);
    const part = desk();
    part.tests.begin({ ...plan, test: { ...plan.test, subject: "door/case", kind: "case", judge: null } }, "zhao");
    for (const values of [[], [false], [true], [], [false], []]) await part.pass(values);
    expect(part.noted()).toMatchObject([{ walked: null, found: { outcome: "passed", walk: "part" } }]);
  });

  it("run one at a time", async () => {
    const { tests, pass } = desk();
    tests.begin(plan, "zhao");
    expect(() => tests.begin(plan, "li")).toThrow("test.busy");
    await pass([false]);
    tests.tell({ kind: "stop" });
    tests.begin(plan, "li");
    expect(tests.present()).toMatchObject({ person: "li", run: { stage: "rest" } });
  });

  it("look no more when they are over, and not twice as often when the next one begins", async () => {
    const { tests, looks, pass } = desk();
    tests.begin(plan, "zhao");
    await pass([false]);
    tests.tell({ kind: "stop" });
    tests.begin(plan, "li");
    for (let turn = 0; turn < 3; turn += 1) await pass([]);
    const before = looks();
    await pass([]);
    expect(looks() - before).toBe(1);
    tests.tell({ kind: "stop" });
    await pass([]);
    const ended = looks();
    await pass([]);
    expect(looks()).toBe(ended);
  });

  it("are stopped, and found neither good nor bad, when the controller does not answer", async () => {
    const { tests, noted, pass } = desk();
    tests.begin(plan, "zhao");
    await pass([false]);
    for (let turn = 0; turn <= guidedLimits.unansweredMax; turn += 1) await pass(null);
    expect(tests.present()?.run.stage).toBe("stopped");
    expect(noted()).toMatchObject([{ found: { outcome: "stopped", ms: null } }]);
  });
});
