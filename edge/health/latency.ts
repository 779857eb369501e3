// How long things took of late: the last measurements, told as median, 99th percentile and maximum.
import type { Spread } from "../model/driver.js";

/** Enough for a percentile that means something, few enough to sort each second. */
export const measurementsMax = 512;

export interface Latency {
  note(ms: number): void;
  /** Of the last `measurementsMax`; null before the first. */
  spread(): Spread | null;
}

export function createLatency(): Latency {
  const kept: number[] = [];
  let next = 0;
  return {
    note(ms) {
      kept[next] = ms;
      next = (next + 1) % measurementsMax;
    },
    spread() {
      if (kept.length === 0) return null;
      const sorted = kept.toSorted((one, other) => one - other);
      const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
    },
  };
}
