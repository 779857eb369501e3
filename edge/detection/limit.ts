// A measured value with limits 温湿度, 水位, 电压: beyond a limit it is a breach until it has come back by the hysteresis.
import type { Condition, Readings } from "../model/state.js";
import type { LimitConfig } from "../model/zone.js";
import { normal, outOfRange, unknown, unseen } from "./signal.js";

const tooHigh: Condition = { kind: "breach", cause: "too-high" };
const tooLow: Condition = { kind: "breach", cause: "too-low" };

/** Condition by the last sample; `stable` is what held before, for the hysteresis. A value that is no finite number is a fault. */
export function limitCondition(zone: LimitConfig, readings: Readings, stable: Condition): Condition {
  const sample = readings[zone.point]?.sample;
  const blind = unseen(sample);
  if (blind !== null) return blind;
  const value = sample?.value;
  if (typeof value !== "number") return unknown;
  if (!Number.isFinite(value)) return outOfRange;
  const cause = stable.kind === "breach" ? stable.cause : null;
  const backFromHigh = cause === "too-high" ? zone.hysteresis : 0;
  const backFromLow = cause === "too-low" ? zone.hysteresis : 0;
  if (value > (zone.high ?? Number.POSITIVE_INFINITY) - backFromHigh) return tooHigh;
  return value < (zone.low ?? Number.NEGATIVE_INFINITY) + backFromLow ? tooLow : normal;
}

/** The limit that a value within both is closer to. */
export function nearestLimit({ high, low }: LimitConfig, value: number): number | null {
  if (high === undefined || low === undefined) return high ?? low ?? null;
  return high - value < value - low ? high : low;
}
