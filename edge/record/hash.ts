// The hashes of the chain: of a record's data, and of its header, which the next record of the lane carries.
import { hash } from "node:crypto";
import type { JournalRecord, KeptRecord, RecordHeader } from "../model/record.js";
import { canonical } from "./canonical.js";

/** `prevhash` of the first record of a lane. */
export const noHash = "0".repeat(64);

/** SHA-256 (hex) over the salt's hex digits and the canonical data. */
export function dataHash(salt: string, data: unknown): string {
  return hash("sha256", salt + canonical(data));
}

/**
 * SHA-256 (hex) of the canonical header: the record without `data` and `salt`, for which `datahash` stands. The salt goes
 * with the data, so that whoever may not read the data cannot guess it either.
 */
export function headerHash(record: KeptRecord): string {
  return hash("sha256", headerText(record));
}

/** The canonical form. Hub and box hash each record, and nearly all have these plain members only, which stand here in order. */
function headerText(record: KeptRecord): string {
  const header: { readonly [K in keyof RecordHeader]: RecordHeader[K] | undefined } = {
    boot: record.boot,
    clocktrust: record.clocktrust,
    datahash: record.datahash,
    durable: record.durable,
    epoch: record.epoch,
    exercise: record.exercise,
    id: record.id,
    lane: record.lane,
    mono: record.mono,
    order: record.order,
    prevhash: record.prevhash,
    sequence: record.sequence,
    source: record.source,
    specversion: record.specversion,
    subject: record.subject,
    time: record.time,
    type: record.type,
  };
  for (const member in record) {
    if (member === "data" || member === "salt") continue;
    if (!Object.hasOwn(header, member) || typeof header[member as keyof RecordHeader] === "object")
      return canonical(headerOf(record));
  }
  return JSON.stringify(header);
}

/** What is left of a record when its data may not be shown. */
export function headerOf(record: KeptRecord): RecordHeader {
  const { data: _data, salt: _salt, ...header } = record as JournalRecord;
  return header;
}
