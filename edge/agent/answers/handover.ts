// What report and inventory are made of, and what people signed, tested and found due.
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import { fact } from "../../model/fact.js";
import { trialAvailability } from "../../response/trial.js";
import { tellFaults } from "../faults.js";
import { withoutHoldUps } from "../hold-ups.js";
import type { AnswerParts } from "./parts.js";

export function handover(_question: QuestionOf<"handover">, parts: AnswerParts): Reply<"handover"> {
  const { state, now, site, version, settings, book } = parts;
  const { config } = state;
  const shown = { ...state, durable: withoutHoldUps(state.durable, config) };
  return {
    ok: true,
    body: {
      site,
      version,
      revision: settings.revision,
      hash: settings.hash,
      config,
      durable: shown.durable,
      book: book.read(),
      faults: tellFaults(shown, now),
      trialAvailability: trialAvailability(config, state.durable, now),
      now,
    },
  };
}

/** Durable before it counts. */
export async function sign(asked: QuestionOf<"sign">, { record, feed, now }: AnswerParts): Promise<Reply<"sign">> {
  const { by } = asked.signature;
  const facts = [fact("report.signed", by, { ...asked.signature, at: now })];
  await record(facts);
  feed({ kind: "recorded", facts, duressBy: asked.duress ? by : null });
  return { ok: true, body: {} };
}

export async function noteTest(
  { result }: QuestionOf<"note-test">,
  { record, book, now }: AnswerParts,
): Promise<Reply<"note-test">> {
  const { kind, target, measuredMs, note, by } = result;
  await record([fact("test.noted", target, { kind, target, result: result.result, measuredMs, note, by })]);
  book.noteTest({ ...result, at: new Date(now.wall).toISOString() });
  await book.kept();
  return { ok: true, body: {} };
}

export function due({ devices }: QuestionOf<"due">, { feed }: AnswerParts): Reply<"due"> {
  feed({ kind: "due", devices });
  return { ok: true, body: {} };
}
