// Intake's judgement without any I/O: which records of a batch continue their lane, which are known, which are wrong.
import type { JournalRecord, Lane, LaneHead } from "../../edge/model/record.js";
import { noHash } from "../../edge/record/hash.js";
import { laneKey } from "../../edge/record/verify.js";

/** A record whose header could be read and hashed. */
export interface Incoming {
  readonly record: JournalRecord;
  /** Hash of its canonical header. */
  readonly hash: string;
  /** Why its data cannot be believed; null when it can. The header still counts in the chain. */
  readonly dataFault: string | null;
  /** How old it was when it was sent, ms; null when its box does not say. */
  readonly ageMs: number | null;
}

/** A stretch of a lane that its box cannot deliver any more: damaged on its disk, retired, or too large. */
export interface Missing {
  readonly epoch: string;
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
}

/** Hash of a head whose record never came; the chain is taken up again at the next one. */
export const unknownHash = "unknown";

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
  /** Stretches that are given up, because the box says that they are gone. */
  readonly lost: readonly Missing[];
  readonly duplicates: number;
  readonly gaps: number;
}

/** Names one record of one box. */
export function numberKey(at: Pick<LaneHead, "epoch" | "lane" | "sequence">): string {
  return `${laneKey(at)}/${at.sequence}`;
}

/**
 * Judges a batch of one box. `heads` by `laneKey` is what is durable; `known` by `numberKey` has the stored hashes of
 * those records of the batch that are not beyond the heads; `missing` is what the box says it cannot deliver.
 */
export function receive(
  heads: ReadonlyMap<string, LaneHead>,
  known: ReadonlyMap<string, string>,
  batch: readonly Incoming[],
  missing: readonly Missing[] = [],
): Outcome {
  const store: Incoming[] = [];
  const aside: Refusal[] = [];
  const touched = new Map<string, LaneHead>();
  const hashes = new Map(known);
  const lost: Missing[] = [];
  const count = { duplicate: 0, gap: 0 };
  const headOf = (at: Pick<LaneHead, "epoch" | "lane">) => {
    const lane = laneKey(at);
    return touched.get(lane) ?? heads.get(lane) ?? { epoch: at.epoch, lane: at.lane, sequence: 0, hash: noHash };
  };
  const giveUp = (lane: string) => {
    for (const stretch of missing.filter((candidate) => laneKey(candidate) === lane)) {
      const head = headOf(stretch);
      if (stretch.from > head.sequence + 1 || stretch.to <= head.sequence) continue;
      touched.set(lane, { ...head, sequence: stretch.to, hash: unknownHash });
      lost.push({ ...stretch, from: head.sequence + 1 });
    }
  };
  for (const incoming of batch) {
    const { record, hash } = incoming;
    const lane = laneKey(record);
    if (record.sequence > headOf(record).sequence + 1) giveUp(lane);
    const head = headOf(record);
    const verdict = judge(head, hashes.get(numberKey(record)), incoming);
    const { epoch, lane: name, sequence } = record;
    touched.set(lane, verdict.advance ? { epoch, lane: name, sequence, hash } : head);
    if (verdict.advance) hashes.set(numberKey(record), hash);
    if (verdict.kind === "new") store.push(incoming);
    else if (verdict.kind === "refused") aside.push({ incoming, code: verdict.code, detail: verdict.detail });
    else count[verdict.kind] += 1;
  }
  for (const lane of new Set(missing.map(laneKey))) giveUp(lane);
  return { store, heads: [...touched.values()], aside, lost, duplicates: count.duplicate, gaps: count.gap };
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
  if (record.prevhash !== head.hash && head.hash !== unknownHash) {
    return forked(`${record.id} follows the hash ${record.prevhash}, the stored lane ends with ${head.hash}`);
  }
  if (dataFault === null) return { kind: "new", advance: true };
  return { kind: "refused", advance: true, code: "intake.record-invalid", detail: dataFault };
}

function forked(detail: string): Verdict {
  return { kind: "refused", advance: false, code: "intake.chain-forked", detail };
}
