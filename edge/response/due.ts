// Spans of hours and weeks that must outlive restarts: what cannot be compared is never said to be overdue, nor held for good.
import { later, type MonoMs, monoOf, type Stamp, timeLeft } from "../model/time.js";

/** When `ms` after `at` comes by this boot's clock. Nobody can tell the age of a stamp of another boot: it counts from power-on. */
export function comesAt(at: Stamp, ms: number, now: Stamp): MonoMs {
  return monoOf(later(at, ms), now) ?? ms;
}

/** Milliseconds since `at`; at least what this boot itself has seen of it. */
export function ageMs(at: Stamp, now: Stamp): number {
  const { leftMs, by } = timeLeft(at, now);
  return by === "overdue" ? now.mono : Math.max(0, -leftMs);
}
