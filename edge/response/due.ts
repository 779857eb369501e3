// Spans of hours and weeks that must outlive restarts: what cannot be compared is never said to be overdue, nor held for good.
import { later, type MonoMs, monoOf, type Stamp, timeLeft } from "../model/time.js";

/** When `ms` after `at` comes by this boot's clock. Nobody can tell the age of a stamp of another boot: it counts from power-on. */
export function comesAt(at: Stamp, ms: number, now: Stamp): MonoMs {
  return monoOf(later(at, ms), now) ?? ms;
}

/**
 * When a wait of at most `msMax` that ends at `until` is over. One of another boot ends at the latest so long after power-on, wherever
 * the wall clock is put; one whose end nobody can tell is over.
 */
export function waitEndsAt(until: Stamp, msMax: number, now: Stamp): MonoMs {
  return until.boot === now.boot ? until.mono : Math.min(monoOf(until, now) ?? now.mono, msMax);
}

/** Milliseconds since `at`; at least what this boot itself has seen of it. */
export function ageMs(at: Stamp, now: Stamp): number {
  const { leftMs, by } = timeLeft(at, now);
  return by === "overdue" ? now.mono : Math.max(0, -leftMs);
}

/** Whether `at` lies after `since`. Where no wall clock can compare two boots only the present one is surely the later. */
export function isAfter(at: Stamp, since: Stamp, now: Stamp): boolean {
  if (at.boot === since.boot) return at.mono > since.mono;
  if (at.clock !== "never-set" && since.clock !== "never-set") return at.wall > since.wall;
  return at.boot === now.boot;
}
