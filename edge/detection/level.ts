// The level of a zone: the condition of all its points through the filter, and why a sample changed nothing. First stage of zone.ts.
import type { Sample } from "../model/point.js";
import type { Condition, Readings, ZoneEvent } from "../model/state.js";
import type { ZoneConfig } from "../model/zone.js";
import { conditionOf } from "./condition.js";
import { type FilterChange, type FilterState, holdMs, offer } from "./filter.js";
import { nearestLimit } from "./limit.js";
import type { Look } from "./look.js";

/** For kinds without a filter setting of their own: their tamper contacts and broken fibres. */
const defaultFilterMs = 200;

/** How long a change of a zone's condition must last. */
export function filterMsOf(zone: ZoneConfig): number {
  return "filterMs" in zone ? zone.filterMs : defaultFilterMs;
}

export interface LevelSeen {
  readonly filter: FilterState;
  readonly changes: readonly FilterChange[];
  readonly look: Look | null;
}

/** A sample of one of the zone's points; `readings` already holds it. */
export function filterLevel(zone: ZoneConfig, before: FilterState, sample: Sample, readings: Readings): LevelSeen {
  const condition = conditionOf(zone, readings, before.stable);
  const { state: filter, changes } = offer(before, condition, filterMsOf(zone), sample.occurredAt);
  return { filter, changes, look: lookAt(zone, before, filter, sample) };
}

/** Why a sample that changed nothing changed nothing. A change that is still on its way has not been held back yet. */
function lookAt(zone: ZoneConfig, before: FilterState, after: FilterState, sample: Sample): Look | null {
  if (sample.quality !== "good") return { verdict: "quality-not-good", seen: sample.quality, limit: null };
  const given = before.candidate;
  if (given !== null && isTrouble(given.condition) && after.candidate?.since !== given.since)
    return {
      verdict: "filter-not-passed",
      seen: sample.occurredAt - given.since,
      limit: holdMs(given.condition, filterMsOf(zone)),
    };
  if (after.candidate !== null && isTrouble(after.candidate.condition)) return null;
  if (isTrouble(after.stable)) return { verdict: "known-already", seen: after.stable.cause, limit: null };
  const seen = typeof sample.value === "object" ? null : sample.value;
  const limit = "hysteresis" in zone && typeof seen === "number" ? nearestLimit(zone, seen) : null;
  return { verdict: limit === null ? "nothing-seen" : "within-limits", seen, limit };
}

type Trouble = Extract<Condition, { readonly cause: unknown }>;

function isTrouble(condition: Condition): condition is Trouble {
  return "cause" in condition;
}

/** A change of level as an event. */
export function levelEvent(change: FilterChange): ZoneEvent {
  return {
    condition: change.to,
    from: change.from.kind,
    firstActivityAt: change.since,
    occurredAt: change.since,
    momentary: false,
  };
}
