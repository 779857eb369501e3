// A loop with resistors: a raw divider value becomes a resistance, the resistance a class (GB 50394 5.2.4, EN 50131).
import type { LoopConfig } from "../model/zone.js";

export type LoopClass = "normal" | "alarm" | "cut" | "short" | "masked" | "out-of-range";

/** A loop with more than this multiple of its highest resistance counts as open. */
const openFactor = 3;
/** A loop with less than this share of its end resistor counts as shorted. */
const shortShare = 0.25;

/** Resistance to ground in ohms of a divider with a pull-up; Infinity at full scale. */
export function loopOhms(loop: LoopConfig, raw: number): number {
  if (raw >= loop.fullScale) return Number.POSITIVE_INFINITY;
  return (loop.pullUpOhms * Math.max(0, raw)) / (loop.fullScale - raw);
}

/**
 * Class of a raw value in 0..fullScale: the one whose resistance is nearest, within its tolerance. An intruder in front of a
 * masked detector is an alarm. Between the classes a loop is out of range: wrong resistor, wet splice, tampering.
 */
export function classifyLoop(loop: LoopConfig, raw: number): LoopClass {
  const { endOhms, alarmOhms, maskOhms, tolerance } = loop;
  const ohms = loopOhms(loop, raw);
  let found: LoopClass = "out-of-range";
  let nearest = tolerance;
  const offer = (candidate: LoopClass, nominal: number) => {
    const deviation = Math.abs(ohms - nominal) / nominal;
    if (!(deviation <= nearest)) return;
    nearest = deviation;
    found = candidate;
  };
  offer("normal", endOhms);
  if (maskOhms !== undefined) offer("masked", endOhms + maskOhms);
  if (alarmOhms !== undefined) offer("alarm", endOhms + alarmOhms);
  if (alarmOhms !== undefined && maskOhms !== undefined) offer("alarm", endOhms + alarmOhms + maskOhms);
  if (found !== "out-of-range") return found;
  // With a single resistor a cut line and an open contact look alike: the alarm is the safer reading.
  if (ohms > (endOhms + (alarmOhms ?? 0) + (maskOhms ?? 0)) * openFactor)
    return alarmOhms === undefined ? "alarm" : "cut";
  return ohms < endOhms * shortShare ? "short" : "out-of-range";
}
