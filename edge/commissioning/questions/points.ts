// Every point as it stands, for the table of points and the walk along the fence.
import type { Quality } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";

/** A value as it is shown; of a block of a level signal its extent. */
export type SeenValue = boolean | number | string | null | SeenBlock;
export interface SeenBlock {
  readonly count: number;
  readonly periodUs: number;
  readonly least: number;
  readonly greatest: number;
}

export interface SeenSample {
  /** Monotonic, of the box. */
  readonly at: MonoMs;
  readonly heardAt: MonoMs;
  readonly value: SeenValue;
  readonly quality: Quality;
}

export interface PointNow {
  readonly point: string;
  readonly direction: "in" | "out";
  readonly driver: string;
  readonly driverUp: boolean;
  readonly zones: readonly string[];
  readonly barriers: readonly string[];
  /** Null: not heard of since the start. */
  readonly quality: Quality | null;
  readonly value: SeenValue;
  readonly occurredAt: MonoMs | null;
  /** The device's own time, ISO 8601, where it gives one: evidence, never a deadline. */
  readonly sourceTime: string | null;
  /** Since anything was heard of it, ms. */
  readonly ageMs: number | null;
  /** The newest samples, oldest first; of a live reader those that it has not had yet. */
  readonly samples: readonly SeenSample[];
}

export interface PointsReply {
  /** To be handed back as `since`. */
  readonly now: MonoMs;
  readonly points: readonly PointNow[];
}

export interface PointsAsk {
  /** Only points that were heard of since, with their samples since; null: all. Monotonic. */
  readonly since: MonoMs | null;
}
