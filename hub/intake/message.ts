// What comes up from a box, taken apart: the topic says whose it is, the text holds records, a status or a result.
import { createHash } from "node:crypto";
import type { CommandResult, Obstacle, ObstacleReason } from "../../edge/model/command.js";
import { dataHash, headerHash } from "../../edge/record/hash.js";
import type { Incoming, Missing } from "./receive.js";
import { alarmFault, type BoxLane, isMissing, readRecord } from "./shape.js";

const topicPattern = /^portcullis\/v1\/([^/]+)\/([^/]+)\/([a-z]+)$/;

/** Records of one message; more are not looked at. */
export const recordsPerMessageMax = 2000;

export interface UpTopic {
  readonly site: string;
  readonly edge: string;
  readonly kind: string;
}

export function readTopic(topic: string): UpTopic | null {
  const [, site, edge, kind] = topicPattern.exec(topic) ?? [];
  return site === undefined || edge === undefined || kind === undefined ? null : { site, edge, kind };
}

/** Text that is no record of this box; it has no place in any chain. */
export interface Unreadable {
  readonly hash: string;
  readonly text: string;
  readonly fault: string;
}

export interface ReadRecords {
  readonly incoming: readonly Incoming[];
  readonly missing: readonly Missing[];
  readonly unreadable: readonly Unreadable[];
}

/** `{"records":[...]}` of one lane, in order; `"missing":[{epoch,lane,from,to}]` where the box has holes. */
export function readRecords(text: string, from: BoxLane): ReadRecords {
  const { records, missing = [] } = (parse(text) ?? {}) as { records?: unknown; missing?: unknown };
  if (!Array.isArray(records) || !Array.isArray(missing)) {
    return { incoming: [], missing: [], unreadable: [unreadable(text, "no list of records")] };
  }
  const incoming: Incoming[] = [];
  const refused: Unreadable[] = [];
  for (const value of records.slice(0, recordsPerMessageMax)) {
    const read = readRecord(value, from);
    if ("fault" in read) refused.push(unreadable(JSON.stringify(value), read.fault));
    else incoming.push(weigh(read.record));
  }
  const holes = missing.slice(0, recordsPerMessageMax).filter((value) => isMissing(value, from));
  return { incoming, missing: holes, unreadable: refused };
}

function weigh(record: Incoming["record"]): Incoming {
  const isData = dataHash(record.salt, record.data) === record.datahash;
  return {
    record,
    hash: headerHash(record),
    dataFault: isData ? alarmFault(record.data) : "/data does not match /datahash",
  };
}

function unreadable(text: string, fault: string): Unreadable {
  return { hash: createHash("sha256").update(text).digest("hex"), text, fault };
}

/** Whether the box is there, and the nonce that commands of this connection must bear. */
export interface BoxStatus {
  readonly online: boolean;
  readonly session: string;
}

export function readStatus(text: string): BoxStatus | null {
  const { online, session } = (parse(text) ?? {}) as { online?: unknown; session?: unknown };
  if (typeof online !== "boolean") return null;
  return { online, session: typeof session === "string" ? session : "" };
}

/** What a box names against an order; more is not looked at. */
const obstaclesMax = 256;
const wordLengthMax = 128;

export function readResult(text: string): CommandResult | null {
  const { id, ok, code, obstacles } = (parse(text) ?? {}) as { readonly [K in keyof CommandResult]?: unknown };
  if (typeof id !== "string" || typeof ok !== "boolean" || typeof code !== "string") return null;
  const named = Array.isArray(obstacles) ? obstacles.slice(0, obstaclesMax).flatMap(readObstacle) : [];
  return { id, ok, code, ...(named.length > 0 && { obstacles: named }) };
}

function readObstacle(value: unknown): readonly Obstacle[] {
  const { subject, why } = (value ?? {}) as { subject?: unknown; why?: unknown };
  const isWord = (word: unknown) => typeof word === "string" && word.length <= wordLengthMax;
  // A newer box may know reasons that are not in our tables.
  return isWord(subject) && isWord(why) ? [{ subject: String(subject), why: why as ObstacleReason }] : [];
}

/** Null for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
