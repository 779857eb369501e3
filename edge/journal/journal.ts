// The journal's port and settings: what the recorder appends to, and what the uplink and the controller's fold read from.
import type { Clock, Random, Timer } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import type { JournalRecord, LaneHead } from "../model/record.js";
import type { Stamp } from "../model/time.js";
import type { Draft, Origin } from "../record/make.js";
import type { Position } from "./reader.js";

/** `entry`: the writer's own number, ascending within one `run`; appended twice it is written once. */
export interface JournalDraft extends Draft {
  readonly entry?: number;
}

export interface JournalOptions extends Origin {
  /** Names this run of the box, so that entry numbers of another run are not confused with ours. */
  readonly run: string;
  /** Records that the hub has are kept at least this long, space permitting. */
  readonly retentionDays: number;
  /** All files of the journal together, reserve included. */
  readonly quotaBytes: number;
  /** Kept free for alarms when everything else is full. */
  readonly reserveBytes: number;
  readonly segmentBytes?: number;
  /** No hub is configured: records go by age and quota alone. */
  readonly isAlone?: boolean;
}

/** What the journal needs of the machine besides its disk. */
export interface JournalMachine {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
}

/**
 * What all drafts so far amount to. The journal begins every segment with it, so that older segments may go without
 * anything being forgotten, and so that a start reads the last segment only.
 */
export interface Memory {
  /** Every draft once and in order, also one for which there was no room, and every record that is read at a start. */
  remember(known: Pick<Draft, "type" | "data">): void;
  /** Drafts that, remembered on whatever memory, make it what it is now. */
  kept(now: Stamp): readonly JournalDraft[];
}

/** `refused`: drafts for which there was no space; telemetry goes first, then state (rule 10). */
export interface Appended {
  readonly records: readonly JournalRecord[];
  readonly refused: readonly JournalDraft[];
}

export interface JournalStatus {
  readonly epoch: string;
  /** Records are kept in memory only, because no disk can be written. */
  readonly volatile: boolean;
  readonly space: "all" | "no-telemetry" | "alarms-only";
  readonly refused: number;
  readonly retired: number;
  readonly segments: number;
  readonly usedBytes: number;
  /** Handed to the disk since the start: records, their bytes, and syncs. */
  readonly recordsWritten: number;
  readonly bytesWritten: number;
  readonly syncs: number;
  readonly lastEntry: number;
}

export interface Journal {
  /**
   * Resolves when the drafts are on the medium: alarms at once, state within 50 ms, telemetry within 1 s, or all at once
   * with `sync`. Rejects with a PortcullisError (`journal.*`) only when not even memory takes them.
   */
  append(drafts: readonly JournalDraft[], sync?: boolean): Promise<Appended>;
  read(from: Position, max: number): Promise<readonly JournalRecord[]>;
  /** The last durable record of each lane of each epoch that is kept, oldest epoch first. */
  heads(): readonly LaneHead[];
  /** What the hub has on its disk; also lower than before, when the hub was restored. */
  acknowledge(heads: readonly LaneHead[]): Promise<void>;
  acknowledged(): readonly LaneHead[];
  /** Every record, oldest first. */
  replay(): AsyncIterable<JournalRecord>;
  status(): JournalStatus;
  /** Writes what is waiting, then closes the files. */
  close(): Promise<void>;
}

export type OnTrouble = (trouble: Trouble) => void;
