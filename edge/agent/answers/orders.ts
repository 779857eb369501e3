// A person's order, and what the box's HTTP has to record.
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import type { AnswerParts } from "./parts.js";

export async function command(asked: QuestionOf<"command">, { obey }: AnswerParts): Promise<Reply<"command">> {
  return { ok: true, body: await obey(asked.command) };
}

export async function record({ facts, duressBy }: QuestionOf<"record">, parts: AnswerParts): Promise<Reply<"record">> {
  if (duressBy !== undefined) parts.feed({ kind: "recorded", facts: [], duressBy });
  await parts.record(facts);
  return { ok: true, body: { recorded: facts.length } };
}
