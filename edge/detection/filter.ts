// A change counts when it has lasted: 40 ms for a beam (GB 10408.4), up to 400 ms for a contact (EN 50131).
import type { Condition } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { sameCondition } from "./condition.js";

/** Time for a connection to come back; also the longest that a broken line may hide (EN 50131: faults within 10 s). */
const lostGraceMs = 5000;
/** A hand on a line or a case is told so soon, however slow the zone itself is (EN 50131: what lasts 400 ms). */
const tamperMsMax = 400;

export interface FilterState {
  readonly stable: Condition;
  readonly candidate: { readonly condition: Condition; readonly since: MonoMs } | null;
}

export interface FilterChange {
  readonly from: Condition;
  readonly to: Condition;
  /** First sample of what then lasted. */
  readonly since: MonoMs;
}

export const initialFilter: FilterState = { stable: { kind: "unknown" }, candidate: null };

/** Takes what has lasted for `filterMs` at `now` as the new stable condition. */
export function ripen(
  state: FilterState,
  filterMs: number,
  now: MonoMs,
): { state: FilterState; change: FilterChange | null } {
  const { stable, candidate } = state;
  if (candidate === null || now < candidate.since + holdMs(candidate.condition, filterMs))
    return { state, change: null };
  return {
    state: { stable: candidate.condition, candidate: null },
    change: { from: stable, to: candidate.condition, since: candidate.since },
  };
}

/** Offers the condition seen at `at`. What was candidate until then may have lasted long enough: it ripens first. */
export function offer(
  state: FilterState,
  seen: Condition,
  filterMs: number,
  at: MonoMs,
): { state: FilterState; changes: readonly FilterChange[] } {
  const ripe = ripen(state, filterMs, at);
  const next = candidateFor(ripe.state, seen, at);
  const again = ripen(next, filterMs, at);
  return { state: again.state, changes: [ripe.change, again.change].filter((change) => change !== null) };
}

function candidateFor(state: FilterState, seen: Condition, at: MonoMs): FilterState {
  if (sameCondition(seen, state.stable)) return { ...state, candidate: null };
  if (state.candidate !== null && sameCondition(seen, state.candidate.condition)) return state;
  return { ...state, candidate: { condition: seen, since: at } };
}

/** When the candidate ripens; null when nothing is pending. */
export function ripensAt(state: FilterState, filterMs: number): MonoMs | null {
  return state.candidate === null ? null : state.candidate.since + holdMs(state.candidate.condition, filterMs);
}

/** How long a condition must last. Losing sight of a zone needs no filter, its own grace follows; a lost point beside a detector has that grace here. */
export function holdMs(condition: Condition, filterMs: number): number {
  switch (condition.kind) {
    case "unknown":
      return 0;
    case "tamper":
      return Math.min(filterMs, tamperMsMax);
    case "fault":
      return condition.cause === "signal-lost" ? lostGraceMs : Math.min(filterMs, lostGraceMs);
    case "normal":
    case "breach":
      return filterMs;
  }
}
