// How commands ask a running box: its HTTP, its refusals as trouble, and the language in which they answer.
import { PortcullisError } from "../edge/model/error.js";
import type { Language } from "../edge/model/text.js";
import { refusalIn } from "./refusal.js";

/** Where a box listens unless its configuration says otherwise. */
export const boxUrlDefault = "http://127.0.0.1:8081";
const answerWithinMs = 10_000;

export interface BoxOptions {
  readonly url: string;
  readonly language?: string;
  readonly json?: boolean;
}

/** The body of a good answer. @throws PortcullisError with the box's own code, or `api.no-answer`. */
export async function askBox<T>(url: string, path: string, query: Readonly<Record<string, string>>): Promise<T> {
  const address = new URL(path, url);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const answer = await fetch(address, { signal: AbortSignal.timeout(answerWithinMs) }).catch((cause: unknown) => {
    throw new PortcullisError({ code: "api.no-answer", place: url, detail: reasonOf(cause) }, { cause });
  });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && body !== null) return body as T;
  const detail = `status ${answer.status}`;
  throw refusalIn(body) ?? new PortcullisError({ code: "api.no-answer", place: url, detail });
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

/** `--language`, else the language of the terminal. */
export function languageOf(named: string | undefined): Language {
  const language = named ?? process.env["LC_ALL"] ?? process.env["LC_MESSAGES"] ?? process.env["LANG"] ?? "";
  return language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
