// The one way to the box's API: same origin, JSON, refusals as errors that carry code and remedy in the reader's language.
import type { Text } from "../../model/text.js";
import { language } from "../../page/language.js";
import { say } from "./texts.js";

/** Longer than a box takes for a change of its settings. */
const requestMsMax = 30_000;

interface RefusalView {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** `body` is what the box said beside it, for example obstacles. */
export class Refusal extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(view: RefusalView, status: number, body: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(view.message, options);
    this.name = "Refusal";
    this.code = view.code;
    this.remedy = view.remedy;
    this.status = status;
    this.body = body;
  }
}

/** Sends a request below /api/v1 and gives the JSON answer, undefined when there is none. Throws `Refusal`. */
export async function call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(requestMsMax),
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    const view = { code: "unreachable", message: say("boxUnreachable"), remedy: say("boxUnreachableRemedy") };
    throw new Refusal(view, 0, {}, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw refusalOf(response, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export function refusalOf({ status, statusText }: Response, text: string): Refusal {
  const body = readBody(text);
  const {
    code = String(status),
    message,
    remedy,
    detail = "",
  } = body as Partial<{
    code: string;
    message: Text;
    remedy: Text;
    detail: string;
  }>;
  const said = message?.[language()] ?? statusText;
  const view = { code, message: detail === "" ? said : `${said} (${detail})`, remedy: remedy?.[language()] ?? "" };
  return new Refusal(view, status, body);
}

function readBody(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
