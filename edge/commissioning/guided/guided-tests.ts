// Runs one guided test at a time: looks at the controller a few times a second while it runs, and notes what it found.
import { refusal } from "../../model/error.js";
import type { MonoMs } from "../../model/time.js";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";
import type { GuidedLookReply, GuidedPlan } from "../questions/guided.js";
import type { GuidedTestBook } from "../results.js";
import { beginRun, type GuidedInput, type GuidedRun, isOver, stepRun, tellingWord } from "./guided-run.js";
import { stepRule } from "./rule-run.js";
import { walkCountOf } from "./walk-count.js";

export const guidedLimits = {
  /** Between two looks, ms. */
  everyMs: 200,
  /** A look that is not answered so often in a row ends the test. */
  unansweredMax: 15,
  soundMs: 2_000,
} as const;

export interface GuidedNow {
  readonly person: string;
  readonly run: GuidedRun;
}

export interface GuidedTests {
  /** The one that runs, or the last one that ran; null: none since the start. */
  present(): GuidedNow | null;
  /** @throws PortcullisError `test.busy` */
  begin(plan: GuidedPlan, person: string): void;
  /** Its person's word, or that it is to stop. Nothing where none runs. */
  tell(input: Extract<GuidedInput, { kind: "heard" | "stop" }>): void;
}

export function createGuidedTests(desk: Pick<Desk, "clock" | "timer" | "inquiry">): GuidedTests {
  let present: GuidedNow | null = null;
  let since: MonoMs | null = null;
  /** Looks of the zone that were heard of. */
  let mark: number | null = null;
  let unanswered = 0;
  /** Number of the present test: an answer that an earlier one waited for says nothing of this one. */
  let turn = 0;

  function take(input: GuidedInput, now: MonoMs): void {
    if (present === null || isOver(present.run)) return;
    const { run } = present;
    const { rule } = run.test;
    present = { ...present, run: rule === null ? stepRun(run, input, now) : stepRule(run, rule, input, now) };
    if (isOver(present.run)) void note(present);
  }

  async function note({ person, run }: GuidedNow): Promise<void> {
    const found = foundBy(run, person, desk.clock.now().wall);
    const walked = found.walk === "counted" ? (run.test.judge?.zone ?? null) : null;
    // What cannot be noted now stays on the page; the journal's own trouble is told by the box.
    await desk.inquiry.ask({ kind: "guided-note", subject: run.test.subject, found, walked });
  }

  async function look(of: number): Promise<void> {
    if (of !== turn || present === null || isOver(present.run)) return;
    const { test } = present.run;
    const points = test.rule?.points ?? (test.signal === null ? [] : [test.signal.point]);
    const { annunciators, judge } = test;
    const zone = judge?.zone ?? null;
    const reply = await desk.inquiry.ask({ kind: "guided-look", points, annunciators, since, zone, mark });
    if (of !== turn) return;
    unanswered = reply.ok ? 0 : unanswered + 1;
    if (reply.ok) takeLook(reply.body);
    else if (unanswered >= guidedLimits.unansweredMax) take({ kind: "stop" }, desk.clock.mono());
    desk.timer.at(desk.clock.mono() + guidedLimits.everyMs, () => void look(of));
  }

  /** The sample that ends a test of one signal may come with what it was judged to be: there the looks are taken first. */
  function takeLook({ now, samples, sounded, looks, mark: told }: GuidedLookReply): void {
    const isByRule = present?.run.test.rule != null;
    since = now;
    mark = told;
    const judge = () => {
      for (const look of looks) take({ kind: "look", look }, now);
    };
    if (!isByRule) judge();
    for (const sample of samples) take({ kind: "sample", ...sample }, sample.heardAt);
    if (isByRule) judge();
    for (const [annunciator, at] of Object.entries(sounded)) take({ kind: "sounded", annunciator, at }, now);
    take({ kind: "time" }, now);
  }

  return {
    present: () => present,
    begin({ test }, person) {
      if (present !== null && !isOver(present.run))
        throw refusal("test.busy", "/subject", `${present.person}: ${present.run.test.subject}`);
      present = { person, run: beginRun(test, desk.clock.mono()) };
      since = null;
      mark = null;
      unanswered = 0;
      turn += 1;
      void look(turn);
    },
    tell: (input) => take(input, desk.clock.mono()),
  };
}

/** For the record and the book. A reason names what was seen instead, where something was. */
export function foundBy(run: GuidedRun, person: string, wall: number): GuidedTestBook {
  const { test, stage, reason, ms, watch } = run;
  const outcome = stage === "passed" || stage === "failed" ? stage : "stopped";
  const instead = insteadIn(run);
  const walk = walkCountOf(run);
  return {
    at: new Date(wall).toISOString(),
    person,
    test: test.kind,
    outcome,
    reason: reason !== null && instead !== null ? `${reason}/${instead}` : reason,
    ms: outcome === "passed" ? ms : null,
    ...(walk === null ? {} : { walk }),
    ...(watch.share === null ? {} : { share: Math.round(watch.share * 100) / 100 }),
  };
}

/** What the signal showed or, where there are several and all of them are well, what the zone made of it. */
function insteadIn({ test, seen, watch }: GuidedRun): string | null {
  const isSignal = test.rule === null || (seen !== null && seen.as !== "rest" && seen.as !== "active");
  if (isSignal) return seen === null || seen.as === "rest" ? null : seen.as;
  return watch.telling === null ? null : tellingWord(watch.telling);
}

/** An annunciator is sounded by an order in the person's name. @throws PortcullisError with the controller's code */
export async function soundIt(
  desk: Pick<Desk, "inquiry">,
  { annunciator, person, id }: { readonly annunciator: string; readonly person: string; readonly id: string },
): Promise<void> {
  const act = { kind: "test-annunciator", annunciator, forMs: guidedLimits.soundMs } as const;
  const command = { id, issuers: [person], reason: "guided test 逐项测试", act };
  const { ok, code } = await answer(desk, { kind: "command", command });
  if (!ok) throw refusal(code === "command.unknown-target" ? code : "command.not-possible", annunciator, "");
}
