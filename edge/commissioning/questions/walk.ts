// The walk test that runs, which zones can be walked and are due, and what the last tests gave.
import type { WalkTestBook } from "../results.js";

export interface WalkReply {
  /** Null while none runs. */
  readonly running: WalkRunning | null;
  /** Each trigger is answered by a sound at the box. */
  readonly chirps: boolean;
  readonly zones: readonly WalkZone[];
  /** Newest first. */
  readonly tests: readonly WalkTestBook[];
}

export interface WalkRunning {
  readonly person: string;
  readonly leftMs: number;
  readonly zones: readonly {
    readonly zone: string;
    readonly hits: number;
    readonly worstMs: number | null;
    readonly worstHeardMs: number | null;
  }[];
}

export interface WalkZone {
  readonly zone: string;
  /** False: it is never quiet, so it is tried in a drill or a guided test. */
  readonly canWalk: boolean;
  /** It is walked with its area. What watches at any hour, like a leak, is only when it is named: while it is tested it tells nobody. */
  readonly withArea: boolean;
  /** Last trigger in a walk test, ISO 8601 UTC; null: never. */
  readonly lastAt: string | null;
  readonly lastBy: string | null;
  /** Until it is due again, negative when it is overdue; null: no interval is configured. */
  readonly dueInMs: number | null;
}
