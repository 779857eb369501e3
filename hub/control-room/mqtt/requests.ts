// What a control room may ask over MQTT, read from its JSON. Pure; nothing of it is trusted.
import { type AlarmAct, types } from "../../alarm/acts.js";

export interface ActRequest {
  /** Comes back with the result. */
  readonly id: string;
  readonly alarm: string;
  readonly act: AlarmAct;
  /** The person at the control room. */
  readonly by: string;
  readonly note: string;
}

export interface ReplayRequest {
  readonly id: string;
  /** Changes with a greater number. */
  readonly after: number;
}

export type Read<T> = { readonly ok: true; readonly request: T } | { readonly ok: false; readonly place: string };

const idLengthMax = 64;
const nameLengthMax = 64;
const noteLengthMax = 256;

/** `{"id":"7","alarm":"123","act":{"kind":"acknowledge"},"by":"Li Wei","note":""}` */
export function readAct(payload: string): Read<ActRequest> {
  const fields = fieldsOf(payload);
  if (fields === null) return { ok: false, place: "/" };
  const { id, alarm, act, by, note = "" } = fields;
  if (!isLine(id, idLengthMax)) return { ok: false, place: "/id" };
  if (!isLine(alarm, idLengthMax)) return { ok: false, place: "/alarm" };
  if (!isLine(by, nameLengthMax)) return { ok: false, place: "/by" };
  if (note !== "" && !isLine(note, noteLengthMax)) return { ok: false, place: "/note" };
  const read = actOf(act);
  return read === null ? { ok: false, place: "/act" } : { ok: true, request: { id, alarm, act: read, by, note } };
}

/** `{"id":"8","after":4711}` */
export function readReplay(payload: string): Read<ReplayRequest> {
  const fields = fieldsOf(payload);
  if (fields === null) return { ok: false, place: "/" };
  const { id, after } = fields;
  if (!isLine(id, idLengthMax)) return { ok: false, place: "/id" };
  if (typeof after !== "number" || !Number.isSafeInteger(after) || after < 0) return { ok: false, place: "/after" };
  return { ok: true, request: { id, after } };
}

/** The id of a request that is otherwise refused, so that the asker knows which; empty when it has none. */
export function idOf(payload: string): string {
  const id = fieldsOf(payload)?.["id"];
  return isLine(id, idLengthMax) ? id : "";
}

function actOf(value: unknown): AlarmAct | null {
  if (typeof value !== "object" || value === null) return null;
  const { kind, forMs, reason } = value as Readonly<Record<string, unknown>>;
  if (kind === "shelve" || kind === "take-out-of-service") {
    const isSpan = typeof forMs === "number" && Number.isSafeInteger(forMs) && forMs > 0;
    return isSpan && isLine(reason, noteLengthMax) ? { kind, forMs, reason } : null;
  }
  return typeof kind === "string" && Object.hasOwn(types, kind) ? ({ kind } as AlarmAct) : null;
}

function fieldsOf(payload: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function isLine(value: unknown, lengthMax: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= lengthMax && !/\p{Cc}/u.test(value);
}
