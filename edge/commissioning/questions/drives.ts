// Barriers' drives as a technician sees them: lock-out, runs, checks; and the signs of a hold.
import type { ObstacleReason } from "../../model/command.js";
import type { CheckResult, DriveMode, DriveRunNow } from "../../model/drive-run.js";
import type { BarrierState } from "../../model/durable.js";
import type { BarrierConfig } from "../../model/site.js";
import type { CheckRow, RunRow, RunSummary } from "../drives.js";

/** What stands against a run; empty: it may begin. */
export interface DriveRunOffer {
  readonly kind: DriveRunNow["kind"];
  readonly direction: DriveRunNow["direction"];
  readonly mode: DriveMode;
  readonly against: readonly { readonly subject: string; readonly why: ObstacleReason }[];
}

export interface DriveView {
  readonly barrier: string;
  readonly name: BarrierConfig["name"];
  readonly kind: BarrierConfig["kind"];
  readonly state: BarrierState;
  /** By a person; `since` is ISO 8601 UTC. */
  readonly lockOut: { readonly by: string; readonly note: string; readonly since: string } | null;
  /** Whether two persons must agree to open it. */
  readonly isDualOpen: boolean;
  readonly underWay: DriveRunNow | null;
  readonly offers: readonly DriveRunOffer[];
  /** Since the last service, and how many lie between two; null where the settings do not say. */
  readonly cycles: number;
  readonly serviceCycles: number | null;
  readonly isServiceDue: boolean;
  /** Oldest first. */
  readonly runs: readonly RunRow[];
  readonly summaries: readonly RunSummary[];
  readonly checks: readonly CheckRow[];
  /** The check that is under way. */
  readonly checking: { readonly by: string; readonly rows: readonly CheckResult[] } | null;
}

export interface DrivesAsk {
  /** Null: all. */
  readonly barrier: string | null;
}
export interface DrivesReply {
  readonly drives: readonly DriveView[];
}

export interface HoldOnAsk {
  readonly run: string;
  readonly key: number;
}
export interface LetGoAsk {
  readonly run: string;
  readonly end: "released" | "line-lost";
}
/** `underWay` null: it is over, and `run` says how, unless it is too long ago. */
export interface HoldReply {
  readonly underWay: DriveRunNow | null;
  readonly run: RunRow | null;
}

export interface CheckAsk {
  readonly barrier: string;
  readonly move: "begin" | "end";
  readonly by: string;
}
