// Double end-of-line loop: a raw divider value becomes a resistance, the resistance a class (GB 50394 5.2.4, EN 50131).
import type { LoopConfig } from "../model/zone.js";

export type LoopClass = "normal" | "alarm" | "cut" | "short" | "out-of-range";

/** A loop with more than this multiple of its highest resistance counts as cut. */
const cutFactor = 3;
/** A loop with less than this share of its end resistor counts as shorted. */
const shortShare = 0.25;

/** Resistance to ground in ohms of a divider with a pull-up; Infinity at full scale. */
export function loopOhms(loop: LoopConfig, raw: number): number {
  if (raw >= loop.fullScale) return Number.POSITIVE_INFINITY;
  return (loop.pullUpOhms * Math.max(0, raw)) / (loop.fullScale - raw);
}

/** Class of a raw value in 0..fullScale; between the classes a loop is out of range: wrong resistor, wet splice, tampering. */
export function classifyLoop(loop: LoopConfig, raw: number): LoopClass {
  const ohms = loopOhms(loop, raw);
  const near = (nominal: number) => Math.abs(ohms - nominal) <= nominal * loop.tolerance;
  if (near(loop.endOhms)) return "normal";
  if (near(loop.endOhms + loop.alarmOhms)) return "alarm";
  if (ohms > (loop.endOhms + loop.alarmOhms) * cutFactor) return "cut";
  if (ohms < loop.endOhms * shortShare) return "short";
  return "out-of-range";
}
