// One zone from samples to events: its condition through the filter, then what its form makes of it. Each look that comes to
// nothing says which rule held it back.
import type { Sample } from "../model/point.js";
import type { Condition, Readings, ZoneEvent, ZoneTrace } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import type { AccessDoorConfig, FibreConfig, ZoneConfig } from "../model/zone.js";
import {
  changeDoor,
  type DoorSeen,
  type DoorState,
  heldOpenAt,
  holdDoorOpen,
  initialDoor,
  surroundDoor,
} from "./access-door.js";
import { conditionOf } from "./condition.js";
import { type FilterChange, type FilterState, initialFilter, offer, ripen, ripensAt } from "./filter.js";
import { nearestLimit } from "./limit.js";
import type { Look, Moment } from "./look.js";
import { initialOrder, type OrderState, observeOrder } from "./order.js";
import { initialTurnstile, observeTurnstile, type TurnstileState } from "./turnstile.js";
import { type FibreState, initialFibre, observeFibre } from "./vibration-fibre.js";

/** Transient: filters, baselines, windows; rebuilt from live samples after a start. A zone uses the filter and its own form's part. */
export interface ZoneWork {
  readonly filter: FilterState;
  readonly fibre: FibreState;
  readonly order: OrderState;
  readonly door: DoorState;
  readonly turnstile: TurnstileState;
}

export function initialZoneWork(): ZoneWork {
  return {
    filter: initialFilter,
    fibre: initialFibre(),
    order: initialOrder,
    door: initialDoor,
    turnstile: initialTurnstile,
  };
}

/** What surrounds a zone at a sample. */
export interface ZoneView {
  readonly readings: Readings;
  /** A rush only: the lane is closed or its signal is red. */
  readonly laneBarred: boolean;
  /** A posture above normal stands. */
  readonly raised: boolean;
}

export interface ZoneSeen {
  readonly work: ZoneWork;
  readonly events: readonly ZoneEvent[];
  /** What was seen and did not become an event, at most one for a sample. */
  readonly traces: readonly ZoneTrace[];
}

/** For kinds without a filter setting of their own: their tamper contacts and broken fibres. */
const defaultFilterMs = 200;

/** How long a change of a zone's condition must last. */
export function filterMsOf(zone: ZoneConfig): number {
  return "filterMs" in zone ? zone.filterMs : defaultFilterMs;
}

/** What a stage makes of a sample. */
interface Part {
  readonly work: ZoneWork;
  readonly events: readonly ZoneEvent[];
  readonly look: Look | null;
}

/** A sample of one of the zone's points has arrived; `view.readings` already holds it. */
export function observeZone(zone: ZoneConfig, work: ZoneWork, sample: Sample, view: ZoneView): ZoneSeen {
  const part = observe(zone, work, sample, view);
  const traces = part.look === null ? [] : [{ zone: zone.id, at: sample.occurredAt, ...part.look }];
  return { work: part.work, events: part.events, traces };
}

/** Time has come: what was pending may have lasted long enough. */
export function ripenZone(zone: ZoneConfig, work: ZoneWork, now: MonoMs): ZoneSeen {
  const { state: filter, change } = ripen(work.filter, filterMsOf(zone), now);
  const changes = change === null ? [] : [change];
  if (zone.kind !== "access-door") return { work: { ...work, filter }, events: changes.map(levelEvent), traces: [] };
  const changed = changeThroughDoor(zone, { ...work, filter }, changes);
  const held = holdDoor(zone, changed.work, now);
  const look = change === null ? null : lookAtOpening(changed.work);
  const traces = look === null ? [] : [{ zone: zone.id, at: now, ...look }];
  return { work: held.work, events: [...changed.events, ...held.events], traces };
}

/** When to ripen next; null when nothing is pending. */
export function zoneWakeAt(zone: ZoneConfig, work: ZoneWork): MonoMs | null {
  const ripe = ripensAt(work.filter, filterMsOf(zone));
  return ripe === null && zone.kind === "access-door" ? heldOpenAt(work.door, zone, work.filter) : ripe;
}

function observe(zone: ZoneConfig, work: ZoneWork, sample: Sample, view: ZoneView): Part {
  switch (zone.kind) {
    case "access-door":
      return observeDoor(zone, work, sample, view);
    case "vibration-fibre":
      return joined(observeLevel(zone, work, sample, view.readings), (passed) => observeBlock(zone, passed, sample));
    case "vehicle-rush":
    case "pedestrian-rush":
    case "beam-pair":
      return joined(observeLevel(zone, work, sample, view.readings), (passed) => {
        const { state, moment, look } = observeOrder(passed.order, zone, sample, view.laneBarred);
        return { work: { ...passed, order: state }, events: momentEvents(moment), look };
      });
    case "turnstile":
      return joined(observeLevel(zone, work, sample, view.readings), (passed) => {
        const isGrantSeen = view.readings[zone.granted]?.sample.quality === "good";
        const { state, moment, look } = observeTurnstile(passed.turnstile, zone, sample, isGrantSeen);
        return { work: { ...passed, turnstile: state }, events: momentEvents(moment), look };
      });
    default:
      return observeLevel(zone, work, sample, view.readings);
  }
}

/** The condition of all the zone's points, through its filter. */
function observeLevel(zone: ZoneConfig, work: ZoneWork, sample: Sample, readings: Readings): Part {
  const { filter, changes, look } = filterLevel(zone, work.filter, sample, readings);
  return { work: { ...work, filter }, events: changes.map(levelEvent), look };
}

function filterLevel(
  zone: ZoneConfig,
  before: FilterState,
  sample: Sample,
  readings: Readings,
): { readonly filter: FilterState; readonly changes: readonly FilterChange[]; readonly look: Look | null } {
  const condition = conditionOf(zone, readings, before.stable);
  const { state: filter, changes } = offer(before, condition, filterMsOf(zone), sample.occurredAt);
  const isAlarm = changes.some(({ to }) => to.kind !== "normal" && to.kind !== "unknown");
  return { filter, changes, look: isAlarm ? null : lookAt(zone, before, filter, sample) };
}

/** Why a sample that changed nothing changed nothing. A change that is still on its way has not been held back yet. */
function lookAt(zone: ZoneConfig, before: FilterState, after: FilterState, sample: Sample): Look | null {
  if (sample.quality !== "good") return { verdict: "quality-not-good", seen: sample.quality, limit: null };
  const given = before.candidate;
  if (given !== null && isTrouble(given.condition) && after.candidate?.since !== given.since)
    return { verdict: "filter-not-passed", seen: sample.occurredAt - given.since, limit: filterMsOf(zone) };
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

/** A stage for moments after the level; what it saw tells more than a level at rest. */
function joined(level: Part, next: (work: ZoneWork) => Part): Part {
  const moment = next(level.work);
  const isHeard = level.events.some(({ condition }) => isTrouble(condition));
  const look = moment.events.length > 0 || isHeard ? null : (moment.look ?? level.look);
  return { work: moment.work, events: [...level.events, ...moment.events], look };
}

function observeBlock(zone: FibreConfig, work: ZoneWork, sample: Sample): Part {
  const block = sample.value;
  if (sample.point !== zone.level || sample.quality !== "good" || block === null || typeof block !== "object")
    return { work, events: [], look: null };
  const { state, detection, look } = observeFibre(work.fibre, zone.settings, block, sample.occurredAt);
  return { work: { ...work, fibre: state }, events: momentEvents(detection ?? null), look };
}

function observeDoor(zone: AccessDoorConfig, work: ZoneWork, sample: Sample, view: ZoneView): Part {
  const held = holdDoor(zone, work, sample.occurredAt);
  const { filter, changes, look } = filterLevel(zone, held.work.filter, sample, view.readings);
  const door = surroundDoor(held.work.door, zone, sample, view.raised);
  const changed = changeThroughDoor(zone, { ...held.work, filter, door }, changes);
  const events = [...held.events, ...changed.events];
  const isAlarm = events.some(({ condition }) => isTrouble(condition));
  return { work: changed.work, events, look: isAlarm ? null : (lookAtOpening(changed.work) ?? look) };
}

/** The door stands open, and somebody was let through. */
function lookAtOpening({ filter, door }: ZoneWork): Look | null {
  const isOpen = filter.stable.kind === "breach" && filter.candidate === null;
  return isOpen && door.opening.kind === "normal" ? { verdict: "granted", seen: true, limit: null } : null;
}

/** A door that has been open for too long at `at`. */
function holdDoor(zone: AccessDoorConfig, work: ZoneWork, at: MonoMs): Part {
  const dueAt = heldOpenAt(work.door, zone, work.filter);
  if (dueAt === null || at < dueAt) return { work, events: [], look: null };
  return withDoor(work, [holdDoorOpen(work.door, dueAt)]);
}

function changeThroughDoor(zone: AccessDoorConfig, work: ZoneWork, changes: readonly FilterChange[]): Part {
  const seen: DoorSeen[] = [];
  for (const change of changes) seen.push(changeDoor(seen.at(-1)?.state ?? work.door, zone, change));
  return withDoor(work, seen);
}

function withDoor(work: ZoneWork, seen: readonly DoorSeen[]): Part {
  const events = seen.flatMap(({ event }) => event ?? []);
  return { work: { ...work, door: seen.at(-1)?.state ?? work.door }, events, look: null };
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

function momentEvents(moment: Moment | null): readonly ZoneEvent[] {
  if (moment === null) return [];
  const { cause, firstActivityAt, occurredAt } = moment;
  return [{ condition: { kind: "breach", cause }, from: "normal", firstActivityAt, occurredAt, momentary: true }];
}
