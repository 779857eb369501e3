// Every refusal of the API as one JSON form: a stable code, what it means and what to do, in the reader's language.
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { errorTexts } from "../../config/texts.js";
import { type ErrorCode, PortcullisError, refusal } from "../../edge/model/error.js";
import type { Language } from "../../edge/model/text.js";
import type { ErrorView } from "./views.js";

/** HTTP status of those codes that the API gives; all others are 400. */
const statuses: Partial<Record<ErrorCode, number>> = {
  "api.unauthenticated": 401,
  "api.login-refused": 401,
  "api.forbidden": 403,
  "api.password-wrong": 403,
  "api.password-missing": 403,
  "command.not-allowed": 403,
  "command.needs-two-persons": 403,
  "api.not-found": 404,
  "command.unknown-target": 404,
  "command.not-possible": 409,
  "alarm.protected": 409,
  "keys.code-refused": 403,
  "keys.code-other-use": 403,
  "keys.authority-missing": 409,
  "keys.too-many": 409,
  "api.throttled": 429,
  "api.login-slowed": 429,
  "api.box-away": 503,
  "api.internal": 500,
};

/** The view that a request names by its id. */
export function found<T>(view: T | undefined, id: string): T {
  if (view === undefined) throw refusal("api.not-found", "/params/id", id);
  return view;
}

/** Chinese when the reader prefers it, else English. */
export function languageOf(request: FastifyRequest): Language {
  const preferred = /^\s*(zh|en)\b/i.exec(request.headers["accept-language"] ?? "")?.[1];
  return preferred?.toLowerCase() === "zh" ? "zh" : "en";
}

/** Answers with the refusal that an error stands for. Only the unexpected is logged with its cause. */
export function answerError(error: FastifyError | PortcullisError, request: FastifyRequest, reply: FastifyReply): void {
  const { code, place, detail } = troubleOf(error, request);
  if (code === "api.internal") request.log.error({ err: error }, "request failed");
  const language = languageOf(request);
  const { message, remedy } = errorTexts[code];
  const explained = code === "api.internal" || detail === "" ? message[language] : `${message[language]} (${detail})`;
  const view: ErrorView = { code, message: explained, remedy: remedy[language], place };
  void reply.code(statuses[code] ?? 400).send(view);
}

function troubleOf(error: FastifyError | PortcullisError, request: FastifyRequest): PortcullisError["trouble"] {
  if (error instanceof PortcullisError) return error.trouble;
  if (error.statusCode === 429) return { code: "api.throttled", place: request.url, detail: "" };
  if (error.statusCode === 404) return { code: "api.not-found", place: request.url, detail: "" };
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { code: "api.invalid-body", place: "/body", detail: error.message };
  }
  return { code: "api.internal", place: request.routeOptions.url ?? "", detail: "" };
}
