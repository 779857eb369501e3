// Gives drafts their numbers and their place in the chain, before anything of it is written.
import type { Random } from "../machine/ports.js";
import type { JournalRecord, LaneHead } from "../model/record.js";
import { makeRecord, type Origin } from "../record/make.js";
import type { Sealer } from "../record/seal.js";
import { laneKey } from "../record/verify.js";
import type { JournalDraft } from "./journal.js";
import { type Entry, sealContent } from "./line.js";

const saltBytes = 16;

/** Where a log stands: `heads` by `laneKey`, `order` of its last record. */
export interface Standing {
  readonly origin: Origin;
  readonly epoch: string;
  readonly heads: ReadonlyMap<string, LaneHead>;
  readonly order: number;
  readonly durable: boolean;
  readonly sealing?: Sealing | undefined;
}

/** An entry that was made here: its data are at hand. */
export interface Made extends Entry {
  readonly record: JournalRecord;
}

/** Records made of drafts, and the heads that the lanes will have once they are written. */
export interface Chained {
  readonly entries: readonly Made[];
  readonly heads: ReadonlyMap<string, LaneHead>;
}

/** Says of which drafts the data are sealed. */
export interface Sealing {
  readonly sealer: Sealer;
  seals(draft: JournalDraft): boolean;
}

export function chainDrafts(drafts: readonly JournalDraft[], from: Standing, random: Random): Chained {
  const heads = new Map<string, LaneHead>();
  const salts = Buffer.from(random.bytes(saltBytes * drafts.length));
  const entries = drafts.map((draft, at): Made => {
    const key = laneKey({ epoch: from.epoch, lane: draft.lane });
    const head = heads.get(key) ?? from.heads.get(key);
    if (head === undefined) throw new Error(`no head for ${key}`);
    const salt = salts.toString("hex", at * saltBytes, (at + 1) * saltBytes);
    const made = makeRecord(from.origin, draft, { head, order: from.order + at + 1, salt, durable: from.durable });
    heads.set(key, made.head);
    const { sealing } = from;
    const isSealed = sealing?.seals(draft) === true;
    const sealed = isSealed ? sealing.sealer.seal(sealContent(made.record), made.record.id) : undefined;
    return { record: made.record, entry: draft.entry, sealed };
  });
  return { entries, heads };
}
