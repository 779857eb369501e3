// What a field device says in an MQTT payload, judged before anything believes it. Pure.
import type { LevelBlock, PointValue, WriteRequest } from "../../model/point.js";
import type { MqttPointConfig } from "../../model/wiring.js";

export type Decoded =
  | { readonly ok: true; readonly value: PointValue; readonly sourceTime?: string }
  | { readonly ok: false; readonly detail: string };

/** A block is at most 1000 Hz and at least 1 Hz. */
const periodUsMin = 1_000;
const periodUsMax = 1_000_000;
const blockLengthMax = 4_096;
/** Longer words are no order and no message. */
const textLengthMax = 256;
/** Only the start of rubbish is shown. */
const shownLengthMax = 60;

const onWords: readonly unknown[] = [true, 1, "1", "true", "on"];
const offWords: readonly unknown[] = [false, 0, "0", "false", "off"];

/** Reads a payload as the point's config says. What does not fit exactly is refused, with what was seen. */
export function decodePayload(point: MqttPointConfig, payload: Uint8Array): Decoded {
  const text = Buffer.from(payload).toString("utf8");
  if (point.payload === "plain") return decodeState(point, text.trim());
  if (point.payload === "text") return decodeText(text);
  const json = parse(text);
  if (json === undefined) return refused(`no JSON: ${shown(text)}`);
  if (point.payload === "level") return decodeLevel(json);
  const seen = point.path === undefined ? json : valueAt(json, point.path);
  const decoded = point.payload === "number" ? decodeNumber(seen) : decodeState(point, seen);
  return decoded.ok ? { ...decoded, ...sourceTimeOf(point, json) } : decoded;
}

/** The text that orders `value` on an output; null when the point cannot carry it. */
export function encodeOrder(point: MqttPointConfig, value: WriteRequest["value"]): string | null {
  if (point.payload === "text") return typeof value === "string" && value.length <= textLengthMax ? value : null;
  if (typeof value !== "boolean") return null;
  return value ? (point.on ?? "true") : (point.off ?? "false");
}

function decodeState(point: MqttPointConfig, seen: unknown): Decoded {
  const { on, off } = point;
  if (on === undefined ? onWords.includes(seen) : seen === on) return { ok: true, value: true };
  if (off === undefined ? offWords.includes(seen) : seen === off) return { ok: true, value: false };
  const where = point.path === undefined ? "" : `${point.path} is `;
  return refused(`${where}${shown(seen)} is neither ${on ?? "on"} nor ${off ?? "off"}`);
}

function decodeNumber(seen: unknown): Decoded {
  return isFiniteNumber(seen) ? { ok: true, value: seen } : refused(`${shown(seen)} is no finite number`);
}

function decodeText(text: string): Decoded {
  return text.length <= textLengthMax ? { ok: true, value: text } : refused(`more than ${textLengthMax} characters`);
}

function decodeLevel(json: unknown): Decoded {
  const [t0, periodUs, values] = ["t0", "periodUs", "values"].map((name) => valueAt(json, name));
  if (!isFiniteNumber(t0)) return refused(`t0 is ${shown(t0)}`);
  if (!isFiniteNumber(periodUs) || periodUs < periodUsMin || periodUs > periodUsMax) {
    return refused(`periodUs is ${shown(periodUs)}, allowed are ${periodUsMin} to ${periodUsMax}`);
  }
  if (!Array.isArray(values) || values.length === 0 || values.length > blockLengthMax) {
    return refused(`values are no list of 1 to ${blockLengthMax} numbers`);
  }
  const wrong = values.findIndex((value: unknown) => !isFiniteNumber(value));
  if (wrong !== -1) return refused(`values[${wrong}] is ${shown(values[wrong])}`);
  return { ok: true, value: { t0, periodUs, values } satisfies LevelBlock };
}

function sourceTimeOf(point: MqttPointConfig, json: unknown): { sourceTime?: string } {
  if (point.sourceTimePath === undefined) return {};
  const seen = valueAt(json, point.sourceTimePath);
  const time = typeof seen === "string" || typeof seen === "number" ? new Date(seen) : null;
  return time === null || Number.isNaN(time.getTime()) ? {} : { sourceTime: time.toISOString() };
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value below `path` (names joined by dots); undefined when there is none. */
function valueAt(json: unknown, path: string): unknown {
  let at: unknown = json;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

function shown(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, shownLengthMax);
}

function refused(detail: string): Decoded {
  return { ok: false, detail };
}
