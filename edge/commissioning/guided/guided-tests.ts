// Runs one guided test at a time: looks at the controller a few times a second while it runs, and notes what it found.
import { refusal } from "../../model/error.js";
import type { MonoMs } from "../../model/time.js";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";
import type { GuidedLookReply, GuidedPlan } from "../questions/guided.js";
import type { GuidedTestBook } from "../results.js";
import { beginRun, type GuidedInput, type GuidedRun, isOver, stepRun } from "./guided-run.js";

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
  let unanswered = 0;
  /** Number of the present test: an answer that an earlier one waited for says nothing of this one. */
  let turn = 0;

  function take(input: GuidedInput, now: MonoMs): void {
    if (present === null || isOver(present.run)) return;
    present = { ...present, run: stepRun(present.run, input, now) };
    if (isOver(present.run)) void note(present);
  }

  async function note({ person, run }: GuidedNow): Promise<void> {
    const found = foundBy(run, person, desk.clock.now().wall);
    // What cannot be noted now stays on the page; the journal's own trouble is told by the box.
    await desk.inquiry.ask({ kind: "guided-note", subject: run.test.subject, found });
  }

  async function look(of: number): Promise<void> {
    if (of !== turn || present === null || isOver(present.run)) return;
    const { test } = present.run;
    const point = test.signal?.point ?? null;
    const reply = await desk.inquiry.ask({ kind: "guided-look", point, annunciators: test.annunciators, since });
    if (of !== turn) return;
    unanswered = reply.ok ? 0 : unanswered + 1;
    if (reply.ok) takeLook(reply.body);
    else if (unanswered >= guidedLimits.unansweredMax) take({ kind: "stop" }, desk.clock.mono());
    desk.timer.at(desk.clock.mono() + guidedLimits.everyMs, () => void look(of));
  }

  function takeLook({ now, samples, sounded }: GuidedLookReply): void {
    since = now;
    for (const sample of samples) take({ kind: "sample", ...sample }, sample.heardAt);
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
      unanswered = 0;
      turn += 1;
      void look(turn);
    },
    tell: (input) => take(input, desk.clock.mono()),
  };
}

/** For the record and the book. A reason names what the signal showed instead, where it showed something. */
export function foundBy({ test, stage, reason, seen, ms }: GuidedRun, person: string, wall: number): GuidedTestBook {
  const outcome = stage === "passed" || stage === "failed" ? stage : "stopped";
  const showsWhat = reason !== null && seen !== null && seen.as !== "rest";
  return {
    at: new Date(wall).toISOString(),
    person,
    test: test.kind,
    outcome,
    reason: showsWhat ? `${reason}/${seen.as}` : reason,
    ms: outcome === "passed" ? ms : null,
  };
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
