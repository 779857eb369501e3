// Every refusal of the box's HTTP as one JSON form: a stable code, the place, and what it means and what to do in both languages.
import type { FastifyError, FastifyReply } from "fastify";
import { errorTexts } from "../../config/texts.js";
import { type ErrorCode, PortcullisError, type Trouble } from "../model/error.js";

/** HTTP status of those codes that are not 400. */
const statuses: Partial<Record<ErrorCode, number>> = {
  "api.unauthenticated": 401,
  "api.login-refused": 401,
  "people.none": 401,
  "api.forbidden": 403,
  "api.foreign": 403,
  "command.not-allowed": 403,
  "command.needs-two-persons": 403,
  "command.on-site-only": 403,
  "drive.hold-over": 409,
  "drive.lock-out-unkept": 503,
  "api.not-found": 404,
  "command.unknown-target": 404,
  "command.not-possible": 409,
  "command.declined": 409,
  "test.not-accepted": 409,
  "test.busy": 409,
  "arming.prevented": 409,
  "config.timing": 409,
  "config.safety": 409,
  "settings.busy": 409,
  "settings.no-revision": 404,
  "settings.stale": 409,
  "settings.unknown": 404,
  "alarm.protected": 409,
  "recording.none": 409,
  "recording.running": 409,
  "recording.silent": 409,
  "recording.full": 409,
  "recording.damaged": 409,
  "recording.unwritable": 503,
  "report.changed": 409,
  "api.throttled": 429,
  "api.no-answer": 503,
  "journal.disk-full": 503,
  "journal.queue-full": 503,
  "journal.worker-died": 503,
  "api.internal": 500,
};

/** `more` stands beside it, where a refusal has a list. */
export function refuse(reply: FastifyReply, { code, place, detail }: Trouble, more: object = {}): FastifyReply {
  const { message, remedy } = errorTexts[code];
  return reply.code(statuses[code] ?? 400).send({ code, place, detail, message, remedy, ...more });
}

export function troubleOf(error: FastifyError | PortcullisError, url: string): Trouble {
  if (error instanceof PortcullisError) return error.trouble;
  if (error.statusCode !== undefined && error.statusCode < 500)
    return { code: "api.invalid-body", place: "/body", detail: error.message };
  return { code: "api.internal", place: url, detail: "" };
}
