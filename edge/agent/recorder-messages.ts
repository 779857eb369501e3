// What goes between the agent's thread and the thread that holds journal and uplink. Plain values only.
import type { JournalStatus } from "../journal/journal.js";
import type { Command, CommandResult } from "../model/command.js";
import type { Durable } from "../model/durable.js";
import type { Trouble } from "../model/error.js";
import type { Fact } from "../model/fact.js";
import type { LaneHead } from "../model/record.js";
import type { EdgeConfig } from "../model/site.js";
import type { MonoMs, Stamp } from "../model/time.js";
import type { PerLane } from "../uplink/backlog.js";
import type { UplinkStatus } from "../uplink/uplink.js";

export interface RecorderOptions {
  /** The journal's own folder; made when missing. */
  readonly dataDir: string;
  /** Where the journal's keys are; made when missing. */
  readonly keysDir: string;
  readonly site: string;
  readonly edge: string;
  /** What the box knows when there is no record yet. */
  readonly initial: Durable;
  readonly journal: EdgeConfig["journal"];
  /** What stands in the encrypted areas. */
  readonly secretIds: readonly string[];
  /** No hub is configured. */
  readonly isAlone: boolean;
  /** Without it nothing is sent. Paths of PEM files; they may be missing for `mqtt://` on loopback. */
  readonly uplink?: {
    readonly hubs: readonly string[];
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
  };
}

export interface WorkerOptions extends RecorderOptions {
  readonly run: string;
}

/** One fact to be recorded at `now`. */
export interface RecorderEntry {
  readonly fact: Fact;
  readonly now: Stamp;
  readonly exercise: boolean;
}

/** `number` is unique in the run and ascending, so that an entry that is handed over twice is written once. */
export interface NumberedEntry extends RecorderEntry {
  readonly number: number;
}

export interface RecorderStatus extends JournalStatus, UplinkStatus {
  readonly heads: readonly LaneHead[];
  /** Age of the oldest record that waits for the hub, ms; 0 where none does. */
  readonly oldestAgeMs: PerLane;
  /** Until records must be dropped when the hub takes nothing and as much is written as in the last hour. */
  readonly hoursLeft: PerLane;
}

/** Requests, each answered by an Answer with the same id. */
export type Ask =
  | { readonly op: "append"; readonly entries: readonly NumberedEntry[] }
  | { readonly op: "durable" }
  | { readonly op: "status" }
  | { readonly op: "close" };

export type ToWorker =
  | { readonly kind: "ask"; readonly id: number; readonly ask: Ask }
  /** Stand in the encrypted areas from now on. */
  | { readonly kind: "secret"; readonly ids: readonly string[] }
  | { readonly kind: "result"; readonly id: number; readonly result: CommandResult };

export type FromWorker =
  /** `wallMs`: of the newest record whose clock could be believed; 0 when there is none. `isWhole`: the journal was read back without a gap. */
  | { readonly kind: "ready"; readonly wallMs: number; readonly isWhole: boolean }
  | { readonly kind: "answer"; readonly id: number; readonly value: Durable | RecorderStatus | null }
  | { readonly kind: "failure"; readonly id: number; readonly trouble: Trouble }
  | { readonly kind: "command"; readonly id: number; readonly command: Command; readonly expiresAt: MonoMs }
  | { readonly kind: "trouble"; readonly trouble: Trouble };
