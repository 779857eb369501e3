// How a route asks the controller: the body of a good answer, or the refusal thrown.
import { PortcullisError } from "../model/error.js";
import type { Desk } from "./desk.js";
import type { QuestionKind, QuestionOf, Questions } from "./questions.js";

/** @throws PortcullisError with the code that the question was refused with. */
export async function answer<K extends QuestionKind>(
  { inquiry }: Pick<Desk, "inquiry">,
  question: QuestionOf<K>,
): Promise<Questions[K]["reply"]> {
  const reply = await inquiry.ask<K>(question);
  if (reply.ok) return reply.body;
  throw new PortcullisError({ code: reply.code, place: reply.place, detail: reply.detail });
}

/** A query's value; null when it is absent or empty. */
export function textOf(query: unknown, name: string): string | null {
  const value = (query as Record<string, unknown>)[name];
  return typeof value === "string" && value !== "" ? value : null;
}
