// A line of the journal: one JSON form for disk, wire and hub, following CloudEvents 1.0.
import type { FactMap, FactType } from "./fact.js";
import type { ClockTrust } from "./time.js";

/** Three lanes, so that a day of backlog does not delay a live alarm (rule 10). Order of urgency. */
export const lanes = ["alarm", "state", "telemetry"] as const;
export type Lane = (typeof lanes)[number];

/**
 * CloudEvents 1.0 with the extensions of design section 7. De-duplication key: edge (in `source`), epoch, lane, sequence.
 * The chain per lane: `prevhash` is the SHA-256 (hex) of the previous record's canonical header, in which `datahash`
 * (SHA-256 over salt and canonical data) stands for the data, so that an encrypted area verifies without its key.
 */
export interface JournalRecord {
  readonly specversion: "1.0";
  /** `{edge}/{epoch}/{lane}/{sequence}` */
  readonly id: string;
  /** `/portcullis/{site}/{edge}` */
  readonly source: string;
  /** Past tense, for example `zone.breached`. Unknown types are kept. */
  readonly type: string;
  readonly subject: string;
  /** Wall clock of the record's making, ISO 8601 UTC with milliseconds. */
  readonly time: string;
  readonly epoch: string;
  readonly lane: Lane;
  /** Contiguous per lane and epoch, from 1. */
  readonly sequence: number;
  /** Contiguous over all records of the epoch, from 1. */
  readonly order: number;
  /** The monotonic clock in nanoseconds, decimal. */
  readonly mono: string;
  readonly boot: string;
  readonly clocktrust: ClockTrust;
  readonly exercise: boolean;
  /** Hex; 64 zeros for the first of a lane. */
  readonly prevhash: string;
  /** Hex, 16 random bytes. */
  readonly salt: string;
  /** Hex. */
  readonly datahash: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** False only for alarms of a volatile epoch, when no disk could be written (rule 10). */
  readonly durable?: boolean;
}

/** What is chained: a record without its data and their salt, for which `datahash` stands. */
export type RecordHeader = Omit<JournalRecord, "data" | "salt">;

/** A record as a reader has it: of one that is sealed and cannot be opened, the header only. */
export type KeptRecord = JournalRecord | RecordHeader;

/** Whether the data are there. */
export function isWhole(record: KeptRecord): record is JournalRecord {
  return "data" in record;
}

/** Where a lane of an epoch stands: its last sequence (0 when empty) and the hash of that record. */
export interface LaneHead {
  readonly epoch: string;
  readonly lane: Lane;
  readonly sequence: number;
  readonly hash: string;
}

/** A record whose type is known; `data` has the shape that the type promises. */
export type KnownRecord<T extends FactType = FactType> = { [K in T]: JournalRecord & { type: K; data: FactMap[K] } }[T];
