// The first look at what a box sent: is it records at all, are they this box's own, and can their data be believed?
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type JournalRecord, type Lane, type LaneHead, lanes } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";
import type { Missing } from "./receive.js";

/** Characters of one name; names come from outside and end up in keys, topics and pages. */
const nameLengthMax = 256;
/** What is nested deeper cannot be walked through safely. */
const depthMax = 64;
const name = () => Type.String({ minLength: 1, maxLength: nameLengthMax });
const hex64 = () => Type.String({ pattern: "^[0-9a-f]{64}$" });
const number = () => Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

const epoch = () => Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$" });

const trust = () => Type.Union(["never-set", "holdover", "synchronised"].map((word) => Type.Literal(word)));

const recordShape = Compile(
  Type.Object({
    specversion: Type.Literal("1.0"),
    id: name(),
    source: name(),
    type: name(),
    subject: Type.String({ maxLength: nameLengthMax }),
    time: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" }),
    epoch: epoch(),
    lane: Type.Union(lanes.map((lane) => Type.Literal(lane))),
    sequence: number(),
    order: number(),
    mono: Type.String({ pattern: "^\\d{1,24}$" }),
    boot: name(),
    clocktrust: trust(),
    exercise: Type.Boolean(),
    prevhash: hex64(),
    salt: Type.String({ pattern: "^[0-9a-f]{32}$" }),
    datahash: hex64(),
    data: Type.Record(Type.String(), Type.Unknown()),
    durable: Type.Optional(Type.Boolean()),
  }),
);

const alarmShape = Compile(
  Type.Object({
    key: Type.String({ minLength: 1, maxLength: nameLengthMax }),
    priority: Type.Union([1, 2, 3, 4].map((priority) => Type.Literal(priority))),
  }),
);

const stampShape = Compile(
  Type.Object({ boot: name(), mono: Type.Number({ minimum: 0 }), wall: Type.Number(), clock: trust() }),
);

const headShape = Compile(
  Type.Object({
    epoch: epoch(),
    lane: Type.Union(lanes.map((lane) => Type.Literal(lane))),
    sequence: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    hash: hex64(),
  }),
);

const missingShape = Compile(Type.Object({ epoch: epoch(), lane: name(), from: number(), to: number() }));

export interface BoxLane {
  readonly site: string;
  readonly edge: string;
  readonly lane: Lane;
}

/** The record, or in plain words where it is no record of this box and lane. */
export function readRecord(value: unknown, from: BoxLane): { record: JournalRecord } | { fault: string } {
  if (!recordShape.Check(value)) {
    const [error] = recordShape.Errors(value);
    return { fault: `${error?.instancePath || "/"} ${error?.message ?? "is no record"}` };
  }
  if (!isShallow(value, depthMax)) return { fault: `/data is nested deeper than ${depthMax}` };
  const record = value as JournalRecord;
  const source = `/portcullis/${from.site}/${from.edge}`;
  if (record.source !== source) return { fault: `/source is ${record.source}, the topic belongs to ${source}` };
  if (record.lane !== from.lane) return { fault: `/lane is ${record.lane}, the topic is ${from.lane}` };
  const id = `${from.edge}/${record.epoch}/${record.lane}/${record.sequence}`;
  return record.id === id ? { record } : { fault: `/id is ${record.id}, its parts say ${id}` };
}

/** Why an alarm mark cannot be used; null when it can or when there is none. */
export function alarmFault(data: JournalRecord["data"]): string | null {
  const mark = data["alarm"];
  if (mark === undefined || alarmShape.Check(mark)) return null;
  const [error] = alarmShape.Errors(mark);
  return `/data/alarm${error?.instancePath ?? ""} ${error?.message ?? "is no alarm mark"}`;
}

function isShallow(value: unknown, levelsLeft: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levelsLeft > 0 && Object.values(value).every((each) => isShallow(each, levelsLeft - 1));
}

/** Where a value that may be no record says that it stands; null when it does not say so. */
export function placeIn(value: unknown, { lane }: BoxLane): Missing | null {
  const { epoch, sequence } = (value ?? {}) as { readonly epoch?: unknown; readonly sequence?: unknown };
  const place = { epoch, lane, from: sequence, to: sequence };
  return missingShape.Check(place) ? (place as Missing) : null;
}

export function isStamp(value: unknown): value is Stamp {
  return stampShape.Check(value);
}

export function isHead(value: unknown): value is LaneHead {
  return headShape.Check(value);
}

/** Whether a hole that a box declares is one of this lane. */
export function isMissing(value: unknown, from: BoxLane): value is Missing {
  return missingShape.Check(value) && value.lane === from.lane && value.from <= value.to;
}
