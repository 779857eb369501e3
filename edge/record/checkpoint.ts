// Checkpoints: records in which a box signs where its lanes stand, so that what lies before cannot be made anew by whoever has
// the disk and not the key.
import type { JournalRecord, LaneHead } from "../model/record.js";
import { canonical } from "./canonical.js";
import type { Signer } from "./sign.js";

export const checkpointType = "journal.checkpointed";

/** What is signed, together with the record's `source` and `time`. `order`: of the last record before it in the epoch. */
export interface CheckpointContent {
  readonly epoch: string;
  readonly order: number;
  readonly heads: readonly LaneHead[];
}

/** `data` of the record. `key` names the signer's key. */
export interface Checkpoint extends CheckpointContent {
  readonly key: string;
  readonly signature: string;
}

export function signCheckpoint(content: CheckpointContent, about: SignedHeader, signer: Signer): Checkpoint {
  return { ...content, key: signer.key, signature: signer.sign(signedText(content, about)) };
}

type SignedHeader = Pick<JournalRecord, "source" | "time">;

/** The text that a checkpoint's signature is over. */
export function signedText({ epoch, order, heads }: CheckpointContent, { source, time }: SignedHeader): string {
  return canonical({ source, time, epoch, order, heads });
}

/** What a record of that type states; null when it has not the shape of a checkpoint. */
export function checkpointIn({ data }: Pick<JournalRecord, "data">): Checkpoint | null {
  const { epoch, order, heads, key, signature } = data;
  if (typeof epoch !== "string" || typeof order !== "number" || !Array.isArray(heads)) return null;
  if (typeof key !== "string" || typeof signature !== "string" || !heads.every(isHead)) return null;
  return { epoch, order, heads: heads.map(headOf), key, signature };
}

function isHead(value: unknown): value is LaneHead {
  const { epoch, lane, sequence, hash } = (value ?? {}) as { readonly [K in keyof LaneHead]?: unknown };
  const areTexts = [epoch, lane, hash].every((text) => typeof text === "string");
  return areTexts && typeof sequence === "number";
}

function headOf({ epoch, lane, sequence, hash }: LaneHead): LaneHead {
  return { epoch, lane, sequence, hash };
}
