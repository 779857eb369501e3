// Makes a record out of a fact: gives it a number, a time and its place in the chain.
import type { JournalRecord, Lane, LaneHead } from "../model/record.js";
import type { Stamp } from "../model/time.js";
import { dataHash, headerHash } from "./hash.js";

/** What is to be recorded; `now` is the moment that the record bears. */
export interface Draft {
  readonly type: string;
  readonly lane: Lane;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly now: Stamp;
  readonly exercise: boolean;
}

/** Whose journal it is. */
export interface Origin {
  readonly site: string;
  readonly edge: string;
}

/** Where the record goes: after `head` in its lane, as number `order` of the epoch, with `salt` (16 bytes, hex). */
export interface Place {
  readonly head: LaneHead;
  readonly order: number;
  readonly salt: string;
  readonly durable: boolean;
}

/** `source` of every record of a box. */
export function sourceOf(origin: Origin): string {
  return `/portcullis/${origin.site}/${origin.edge}`;
}

/** `id` of a record: its de-duplication key. */
export function idOf(edge: string, head: Pick<LaneHead, "epoch" | "lane" | "sequence">): string {
  return `${edge}/${head.epoch}/${head.lane}/${head.sequence}`;
}

/** The next record of the lane, and the lane's new head. */
export function makeRecord(origin: Origin, draft: Draft, place: Place): { record: JournalRecord; head: LaneHead } {
  const { epoch, lane } = place.head;
  const sequence = place.head.sequence + 1;
  const record: JournalRecord = {
    specversion: "1.0",
    id: idOf(origin.edge, { epoch, lane, sequence }),
    source: sourceOf(origin),
    type: draft.type,
    subject: draft.subject,
    time: new Date(draft.now.wall).toISOString(),
    epoch,
    lane,
    sequence,
    order: place.order,
    mono: String(BigInt(Math.round(draft.now.mono * 1e6))),
    boot: draft.now.boot,
    clocktrust: draft.now.clock,
    exercise: draft.exercise,
    prevhash: place.head.hash,
    salt: place.salt,
    datahash: dataHash(place.salt, draft.data),
    data: draft.data,
    ...(place.durable ? {} : { durable: false }),
  };
  return { record, head: { epoch, lane, sequence, hash: headerHash(record) } };
}
