// Guided tests: plans, what was seen since, and what they found, for the record and the commissioning book.
import { type GuidedSubject, guidedTestOf, subjectsOf } from "../../commissioning/guided/guided-test.js";
import type { GuidedPlan } from "../../commissioning/questions/guided.js";
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import type { State } from "../../controller.js";
import { fact } from "../../model/fact.js";
import type { MonoMs, Stamp } from "../../model/time.js";
import { realEffects, soundsOf } from "../real-effects.js";
import { type AnswerParts, notFound } from "./parts.js";

export function guidedPlan({ subject }: QuestionOf<"guided-plan">, parts: AnswerParts): Reply<"guided-plan"> {
  const { guidedTests } = parts.book.read();
  const known = subjectsOf(parts.state.config);
  const found = known.find((each) => each.subject === subject);
  if (subject !== null && found === undefined) return notFound("subject", subject);
  const subjects = known.map((each) => ({ ...each, last: guidedTests[each.subject] ?? null }));
  return { ok: true, body: { subjects, plan: found === undefined ? null : planOf(found, parts) } };
}

function planOf(subject: GuidedSubject, { state, now }: AnswerParts): GuidedPlan {
  const test = guidedTestOf(subject, state.config, soundsOf(subject, state, now));
  return { test, consequences: realEffects(subject, state, now) };
}

export function guidedLook(
  { points: asked, annunciators, since, zone, mark }: QuestionOf<"guided-look">,
  { state, points, traces, now }: AnswerParts,
): Reply<"guided-look"> {
  const samples = asked
    .flatMap((point) => {
      const heard = points.since(point, since);
      return (since === null ? heard.slice(-1) : heard).map((sample) => ({ ...sample, point }));
    })
    .sort((one, other) => one.heardAt - other.heardAt);
  const sounded = annunciators.flatMap((id) => {
    const at = soundedAt(id, state, now);
    return at === null ? [] : [[id, at] as const];
  });
  const told = zone === null ? { mark: 0, looks: [] } : traces.since(zone, mark);
  const looks = told.looks.map(({ zone: _, ...look }) => look);
  return {
    ok: true,
    body: { now: now.mono, samples, sounded: Object.fromEntries(sounded), looks, mark: told.mark },
  };
}

/** By its steps, which remember a confirmation although it was silent again at once, and by its outputs. */
function soundedAt(annunciator: string, { config, durable, transient }: State, now: Stamp): MonoMs | null {
  const steps = Object.values(durable.steps).flatMap(({ action, confirmedAt }) =>
    action.kind === "announce" && action.annunciator === annunciator && confirmedAt?.boot === now.boot
      ? [confirmedAt.mono]
      : [],
  );
  const points = config.annunciators.find(({ id }) => id === annunciator)?.points ?? [];
  const outputs = points.map((point) => {
    const output = transient.outputs[point];
    return output?.wanted === true ? output.confirmedAt : null;
  });
  const on = outputs.length > 0 && !outputs.includes(null) ? [Math.max(...outputs.map((at) => at ?? 0))] : [];
  const times = [...steps, ...on];
  return times.length === 0 ? null : Math.max(...times);
}

export async function guidedNote(
  { subject, found, walked }: QuestionOf<"guided-note">,
  { book, record, feed, now }: AnswerParts,
): Promise<Reply<"guided-note">> {
  const { test, person: by, outcome, reason, ms } = found;
  // A test that was stopped says nothing of the thing: what is known of it stands.
  if (outcome !== "stopped") book.noteGuidedTest(subject, found);
  const data = { subject, test, by, outcome, reason, ms, at: now, ...(walked === null ? {} : { walked }) };
  const facts = [fact("guidedtest.done", subject, data)];
  await record(facts);
  await book.kept();
  feed({ kind: "recorded", facts, duressBy: null });
  return { ok: true, body: { noted: true } };
}
