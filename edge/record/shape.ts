// Whether what somebody hands over is a record at all: a line of a disk, of an export or of evidence. Names what is amiss.
import { type JournalRecord, type KeptRecord, type LaneHead, lanes } from "../model/record.js";

/** What is nested deeper cannot be walked through safely; the hub takes no more either. */
export const nestingMax = 64;
/** Of one text of a header; ours are far shorter. */
const textCharactersMax = 4096;
/** So much of what is amiss is shown. */
const shownCharactersMax = 40;

/** Why something is no record: the code tells people what to do, the detail what was seen where. */
export interface Misfit {
  readonly code: "journal.unreadable" | "journal.misshapen" | "journal.oversize";
  readonly detail: string;
}

export type Members = Readonly<Record<string, unknown>>;
export type Check = (value: unknown) => boolean;
/** By member; the first that does not fit is named. */
export type Checks = Readonly<Record<string, Check>>;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);

export const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= textCharactersMax;
export const isEpoch = matching(/^[A-Za-z0-9._-]{1,64}$/);
const isHash = matching(/^[0-9a-f]{64}$/);
const isLane: Check = (value) => lanes.some((lane) => lane === value);
const isBoolean: Check = (value) => typeof value === "boolean";
/** Numbers of records begin with 1; 0 is a lane in which there is none. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber: Check = (value) => isCount(value) && value !== 0;

/** What a newer version may bring, types, words and members, is taken as it is. */
const checks: { readonly [K in keyof Required<JournalRecord>]: Check } = {
  specversion: isText,
  id: isText,
  source: isText,
  type: isText,
  subject: isText,
  time: (value) => isText(value) && !Number.isNaN(Date.parse(String(value))),
  epoch: isEpoch,
  lane: isLane,
  sequence: isNumber,
  order: isNumber,
  mono: matching(/^\d{1,24}$/),
  boot: isText,
  clocktrust: isText,
  exercise: isBoolean,
  prevhash: isHash,
  datahash: isHash,
  salt: matching(/^[0-9a-f]{32}$/),
  data: isMembers,
  durable: isBoolean,
};
const optional: readonly string[] = ["salt", "data", "durable"] satisfies (keyof JournalRecord)[];

const headChecks: { readonly [K in keyof LaneHead]: Check } = {
  epoch: isEpoch,
  lane: isLane,
  sequence: isCount,
  hash: isHash,
};

/** Null for a record, also for one of which there is the header only. `mayLack`: members that follow from elsewhere. */
export function misfitIn(value: unknown, mayLack: readonly string[] = []): Misfit | null {
  const misfit = memberMisfit(value, checks, [...optional, ...mayLack]);
  if (misfit !== null) return misfit;
  const { salt, data } = value as Members;
  return (salt === undefined) === (data === undefined)
    ? null
    : misshapen("/", "salt without data, or data without salt");
}

export function isRecord(value: unknown): value is KeptRecord {
  return misfitIn(value) === null;
}

export function isHead(value: unknown): value is LaneHead {
  return memberMisfit(value, headChecks) === null;
}

/** The first member that is not as it must be, or what is amiss with the whole. */
export function memberMisfit(value: unknown, of: Checks, mayLack: readonly string[] = []): Misfit | null {
  if (!isMembers(value)) return misshapen("/", shown(value));
  if (!isShallow(value)) return { code: "journal.oversize", detail: `nested deeper than ${nestingMax} levels` };
  for (const [name, fits] of Object.entries(of)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined ? !mayLack.includes(name) : !fits(member)) return misshapen(`/${name}`, shown(member));
  }
  return null;
}

export function misshapen(place: string, seen: string): Misfit {
  return { code: "journal.misshapen", detail: `${place}: ${seen}` };
}

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether nothing in the value is nested deeper than `levels`. */
export function isShallow(value: unknown, levels = nestingMax): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1));
}

/** Contents of lists and objects are no business of a message. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(typeof value === "string" ? value.slice(0, shownCharactersMax) : value);
  return typeof value === "string" && value.length > shownCharactersMax ? `${text}... (${value.length})` : text;
}
