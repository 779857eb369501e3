// Two kinds of time: the monotonic clock decides, the wall clock is for people and for other machines.

/** Milliseconds on the machine's monotonic clock (CLOCK_MONOTONIC), fractional. Comparable only within one boot. */
export type MonoMs = number;

/** Whether the wall clock may be believed: never set since power-on, kept by the machine alone, or disciplined by a time source. */
export type ClockTrust = "never-set" | "holdover" | "synchronised";

/** One moment on both clocks. `boot` is the kernel's boot id, so that `mono` of two stamps is compared only when it is equal. */
export interface Stamp {
  readonly boot: string;
  readonly mono: MonoMs;
  /** Milliseconds since 1970 (UTC). */
  readonly wall: number;
  readonly clock: ClockTrust;
}

/** How the time that is left was found after a restart (rule 5). */
export type ResumedBy = "monotonic" | "wall" | "overdue";

/** `at` shifted by `ms` on both clocks. */
export function later(at: Stamp, ms: number): Stamp {
  return { ...at, mono: at.mono + ms, wall: at.wall + ms };
}

/** The same moment seen from `now`: a monotonic reading of this boot with the wall time that belongs to it. */
export function stampAt(now: Stamp, mono: MonoMs): Stamp {
  return { ...now, mono, wall: now.wall + (mono - now.mono) };
}

/**
 * Milliseconds left until `deadline`. Same boot: by the monotonic clock. Other boot: by the wall clock if it could be
 * trusted before and after; else the deadline counts as passed (design rule 5).
 */
export function timeLeft(deadline: Stamp, now: Stamp): { leftMs: number; by: ResumedBy } {
  if (deadline.boot === now.boot) return { leftMs: deadline.mono - now.mono, by: "monotonic" };
  if (deadline.clock !== "never-set" && now.clock !== "never-set") {
    return { leftMs: deadline.wall - now.wall, by: "wall" };
  }
  return { leftMs: 0, by: "overdue" };
}

/** When `at` comes by the present boot's monotonic clock; null when it was taken in another boot and the wall clock cannot tell. */
export function monoOf(at: Stamp, now: Stamp): MonoMs | null {
  const { leftMs, by } = timeLeft(at, now);
  return by === "overdue" ? null : now.mono + leftMs;
}
