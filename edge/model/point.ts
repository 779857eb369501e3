// One physical signal on a driver, in or out, and what a driver reports of it.
import type { MonoMs } from "./time.js";

/** Unknown is neither normal nor alarm, so every value carries how far it may be believed (rule 6). */
export type Quality = "good" | "stale" | "lost" | "tampered" | "out-of-range";

/** A stretch of a level signal: `values[i]` was taken at `t0 + i * periodUs`. `t0` is the source's own clock in ms. */
export interface LevelBlock {
  readonly t0: number;
  readonly periodUs: number;
  readonly values: readonly number[];
}

export type PointValue = boolean | number | string | LevelBlock;

/** What a driver saw. `occurredAt` is the box's monotonic time; `sourceTime` is evidence, never a deadline. */
export interface Sample {
  readonly point: string;
  /** Null when the quality is not good and no last value is known. */
  readonly value: PointValue | null;
  readonly quality: Quality;
  readonly occurredAt: MonoMs;
  /** The device's own time, ISO 8601, where it gives one. */
  readonly sourceTime?: string;
}

/** An output that the controller wants. `id` is unique within one run of the box and comes back in the result. */
export interface WriteRequest {
  readonly id: string;
  readonly point: string;
  readonly value: boolean | number | string;
}

/** What the hardware said of a write: `ok` only when it was read back or acknowledged by the device itself. */
export type WriteResult =
  | { readonly id: string; readonly point: string; readonly ok: true; readonly confirmedAt: MonoMs }
  | { readonly id: string; readonly point: string; readonly ok: false; readonly reason: string; readonly at: MonoMs };
