// What one sample says by itself: whether it may be believed, and what a flag or the mere presence of points means.
import type { Sample } from "../model/point.js";
import type { Condition, Readings } from "../model/state.js";

export const normal: Condition = { kind: "normal" };
export const unknown: Condition = { kind: "unknown" };
export const tampered: Condition = { kind: "tamper", cause: "tampered" };
export const fibreBroken: Condition = { kind: "tamper", cause: "fibre-broken" };
export const outOfRange: Condition = { kind: "fault", cause: "loop-out-of-range" };
const signalLost: Condition = { kind: "fault", cause: "signal-lost" };

/** What a sample means that may not be believed; null when it is good. */
export function unseen(sample: Sample | undefined): Condition | null {
  switch (sample?.quality) {
    case "good":
      return null;
    case "tampered":
      return tampered;
    case "out-of-range":
      return outOfRange;
    case "stale":
    case "lost":
    case undefined:
      return unknown;
  }
}

/**
 * What a point beside the detector says (its case, its cover, its fibre): `whenTrue`, null when nothing. Its loss is a fault,
 * not blindness: the detector itself still watches.
 */
export function besides(
  point: string | undefined,
  readings: Readings,
  whenTrue: Condition | null = null,
): Condition | null {
  const sample = point === undefined ? undefined : readings[point]?.sample;
  if (sample === undefined) return null;
  if (sample.quality === "good") return sample.value === true ? whenTrue : null;
  if (sample.quality === "tampered") return tampered;
  return sample.quality === "lost" ? signalLost : null;
}

/** Joins the detector with what is beside it: tamper outweighs all, a fault beside speaks only when the detector rests. */
export function withBesides(detector: Condition, beside: readonly (Condition | null)[]): Condition {
  const tamper = beside.find((each) => each?.kind === "tamper");
  if (tamper) return tamper;
  return detector.kind === "normal" ? (beside.find((each) => each !== null) ?? detector) : detector;
}

/** Whether two points can be seen, whatever they say. */
export function presence(one: string, other: string, readings: Readings): Condition {
  const first = unseen(readings[one]?.sample);
  const second = unseen(readings[other]?.sample);
  if (first === null || second === null) return first ?? second ?? normal;
  return first.kind === "unknown" ? second : first;
}
