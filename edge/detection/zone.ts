// One zone from samples to events: kind-specific reading, then the filter that the kind needs.
import type { Sample } from "../model/point.js";
import type { Readings, ZoneEvent } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";
import { conditionOf } from "./condition.js";
import { type FilterChange, type FilterState, initialFilter, offer, ripen, ripensAt } from "./filter.js";
import { initialRush, observeRush, type RushState } from "./vehicle-rush.js";
import { type FibreState, initialFibre, observeFibre } from "./vibration-fibre.js";

/** Transient: filters, baselines, windows; rebuilt from live samples after a start. */
export interface ZoneWork {
  readonly filter: FilterState;
  readonly fibre: FibreState;
  readonly rush: RushState;
}

export function initialZoneWork(): ZoneWork {
  return { filter: initialFilter, fibre: initialFibre(), rush: initialRush };
}

/** Tamper contacts and broken fibres of kinds without a filter setting of their own. */
const defaultFilterMs = 200;

export function filterMsOf(zone: ZoneConfig): number {
  return "filterMs" in zone ? zone.filterMs : defaultFilterMs;
}

export interface ZoneSeen {
  readonly work: ZoneWork;
  readonly events: readonly ZoneEvent[];
}

/** A sample of one of the zone's points has arrived; `readings` already holds it. */
export function observeZone(
  zone: ZoneConfig,
  work: ZoneWork,
  sample: Sample,
  view: { readings: Readings; laneBarred: boolean },
): ZoneSeen {
  const filtered = offer(work.filter, conditionOf(zone, view.readings), filterMsOf(zone), sample.occurredAt);
  const next = { ...work, filter: filtered.state };
  const moment = observeMoment(zone, next, sample, view.laneBarred);
  return { work: moment.work, events: [...filtered.changes.map(levelEvent), ...moment.events] };
}

/** Time has come: what was pending may have lasted long enough. */
export function ripenZone(zone: ZoneConfig, work: ZoneWork, now: MonoMs): ZoneSeen {
  const { state, change } = ripen(work.filter, filterMsOf(zone), now);
  return change === null ? { work, events: [] } : { work: { ...work, filter: state }, events: [levelEvent(change)] };
}

export function zoneWakeAt(zone: ZoneConfig, work: ZoneWork): MonoMs | null {
  return ripensAt(work.filter, filterMsOf(zone));
}

function levelEvent(change: FilterChange): ZoneEvent {
  return {
    condition: change.to,
    from: change.from.kind,
    firstActivityAt: change.since,
    occurredAt: change.since,
    momentary: false,
  };
}

/** Kinds whose detection stands for itself: no level follows that could return to normal. */
function observeMoment(zone: ZoneConfig, work: ZoneWork, sample: Sample, laneBarred: boolean): ZoneSeen {
  if (zone.kind === "vibration-fibre" && sample.point === zone.level) return observeLevel(zone, work, sample);
  if (zone.kind !== "vehicle-rush") return { work, events: [] };
  const seen = observeRush(work.rush, zone, sample, laneBarred);
  return {
    work: { ...work, rush: seen.state },
    events: seen.rush === null ? [] : [momentEvent("vehicle-rush", seen.rush)],
  };
}

function observeLevel(zone: ZoneConfig & { kind: "vibration-fibre" }, work: ZoneWork, sample: Sample): ZoneSeen {
  const block = sample.value;
  if (sample.quality !== "good" || block === null || typeof block !== "object") return { work, events: [] };
  const seen = observeFibre(work.fibre, zone.settings, block, sample.occurredAt);
  const events = seen.detection === undefined ? [] : [momentEvent("fibre-cut-or-climb", seen.detection)];
  return { work: { ...work, fibre: seen.state }, events };
}

function momentEvent(
  cause: "fibre-cut-or-climb" | "vehicle-rush",
  at: { firstActivityAt: MonoMs; occurredAt: MonoMs },
): ZoneEvent {
  return {
    condition: { kind: "breach", cause },
    from: "normal",
    firstActivityAt: at.firstActivityAt,
    occurredAt: at.occurredAt,
    momentary: true,
  };
}
