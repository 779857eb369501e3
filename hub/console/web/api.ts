// Requests to the hub's API. The session is a cookie that this page cannot read; no token is kept anywhere.
import type { ErrorView } from "../views.js";
import { followHub } from "./clock.js";
import { language, say } from "./language.js";

const requestMsMax = 10_000;

/** What the hub refused, or that it could not be reached (`code` "unreachable"); message in the reader's language. */
export class Refusal extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly status: number;
  constructor(view: Pick<ErrorView, "code" | "message" | "remedy">, status: number, options?: ErrorOptions) {
    super(view.message, options);
    this.name = "Refusal";
    this.code = view.code;
    this.remedy = view.remedy;
    this.status = status;
  }
}

function unreachable(cause: unknown): Refusal {
  const view = { code: "unreachable", message: say("hubUnreachable"), remedy: say("hubUnreachableRemedy") };
  return new Refusal(view, 0, { cause });
}

async function refusal(response: Response): Promise<Refusal> {
  const view: Partial<ErrorView> = await response.json().catch(() => ({}));
  const { code = String(response.status), message = response.statusText, remedy = "" } = view;
  return new Refusal({ code, message, remedy }, response.status);
}

/** Sends a request below /api/v1 and gives the JSON answer, undefined when there is none. Throws `Refusal`. */
export async function call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers = {
    "accept-language": language(),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const response = await fetch(`/api/v1/${path}`, {
    method,
    headers,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(requestMsMax),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  followHub(response.headers.get("date"));
  if (!response.ok) throw await refusal(response);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** All items of a list. */
export async function list<T>(path: string): Promise<readonly T[]> {
  const { items } = await call<{ items: readonly T[] }>("GET", path);
  return items;
}
