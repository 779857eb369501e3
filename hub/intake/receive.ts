// Intake's judgement without any I/O: which records of a batch continue their lane, which are known, which are wrong.
import type { JournalRecord, LaneHead } from "../../edge/model/record.js";
import { noHash } from "../../edge/record/hash.js";
import { laneKey } from "../../edge/record/verify.js";

/** A record whose header could be read and hashed. */
export interface Incoming {
  readonly record: JournalRecord;
  /** Hash of its canonical header. */
  readonly hash: string;
  /** Why its data cannot be believed; null when it can. The header still counts in the chain. */
  readonly dataFault: string | null;
}

export interface Refusal {
  readonly incoming: Incoming;
  readonly code: "intake.record-invalid" | "intake.chain-forked";
  readonly detail: string;
}

export interface Outcome {
  readonly store: readonly Incoming[];
  /** Every lane that the batch touched, as it stands afterwards; a box resends from there. */
  readonly heads: readonly LaneHead[];
  readonly aside: readonly Refusal[];
  readonly duplicates: number;
  readonly gaps: number;
}

/** Names one record of one box. */
export function numberKey(at: Pick<LaneHead, "epoch" | "lane" | "sequence">): string {
  return `${laneKey(at)}/${at.sequence}`;
}

/**
 * Judges a batch of one box. `heads` by `laneKey` is what is durable; `known` by `numberKey` has the stored hashes of
 * those records of the batch that are not beyond the heads.
 */
export function receive(
  heads: ReadonlyMap<string, LaneHead>,
  known: ReadonlyMap<string, string>,
  batch: readonly Incoming[],
): Outcome {
  const store: Incoming[] = [];
  const aside: Refusal[] = [];
  const touched = new Map<string, LaneHead>();
  const hashes = new Map(known);
  const count = { duplicate: 0, gap: 0 };
  for (const incoming of batch) {
    const { record, hash } = incoming;
    const lane = laneKey(record);
    const head = touched.get(lane) ?? heads.get(lane) ?? firstHead(record);
    const verdict = judge(head, hashes.get(numberKey(record)), incoming);
    touched.set(lane, verdict.advance ? { ...head, sequence: record.sequence, hash } : head);
    if (verdict.advance) hashes.set(numberKey(record), hash);
    if (verdict.kind === "new") store.push(incoming);
    else if (verdict.kind === "refused") aside.push({ incoming, code: verdict.code, detail: verdict.detail });
    else count[verdict.kind] += 1;
  }
  return { store, heads: [...touched.values()], aside, duplicates: count.duplicate, gaps: count.gap };
}

function firstHead({ epoch, lane }: JournalRecord): LaneHead {
  return { epoch, lane, sequence: 0, hash: noHash };
}

type Verdict =
  | { readonly kind: "new"; readonly advance: true }
  | { readonly kind: "duplicate" | "gap"; readonly advance: false }
  | { readonly kind: "refused"; readonly advance: boolean; readonly code: Refusal["code"]; readonly detail: string };

function judge(head: LaneHead, knownHash: string | undefined, { record, hash, dataFault }: Incoming): Verdict {
  if (record.sequence > head.sequence + 1) return { kind: "gap", advance: false };
  if (record.sequence <= head.sequence) {
    if (knownHash === undefined || knownHash === hash) return { kind: "duplicate", advance: false };
    return forked(`${record.id} was stored with the hash ${knownHash} and came again with ${hash}`);
  }
  if (record.prevhash !== head.hash) {
    return forked(`${record.id} follows the hash ${record.prevhash}, the stored lane ends with ${head.hash}`);
  }
  if (dataFault === null) return { kind: "new", advance: true };
  return { kind: "refused", advance: true, code: "intake.record-invalid", detail: dataFault };
}

function forked(detail: string): Verdict {
  return { kind: "refused", advance: false, code: "intake.chain-forked", detail };
}
