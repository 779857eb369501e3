// One zone from samples to events: its condition through the filter, then what its form makes of it. Each look that comes to
// nothing says which rule held it back.
import type { Sample } from "../model/point.js";
import type { Condition, Readings, ZoneEvent, ZoneTrace } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import type { AccessDoorConfig, FibreConfig, ZoneConfig } from "../model/zone.js";
import {
  changeDoor,
  type DoorState,
  heldOpenAt,
  holdDoorOpen,
  initialDoor,
  isLetThrough,
  surroundDoor,
} from "./access-door.js";
import { sameCondition } from "./condition.js";
import { type FilterChange, type FilterState, initialFilter, ripen, ripensAt } from "./filter.js";
import { filterLevel, filterMsOf, levelEvent } from "./level.js";
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
  /** Why a sample gave no event: at most one, and none beside an event. */
  readonly traces: readonly ZoneTrace[];
}

/** What a stage makes of a sample. */
interface Part {
  readonly work: ZoneWork;
  readonly events: readonly ZoneEvent[];
  readonly look: Look | null;
}

/** A sample of one of the zone's points has arrived; `view.readings` already holds it. */
export function observeZone(zone: ZoneConfig, work: ZoneWork, sample: Sample, view: ZoneView): ZoneSeen {
  return seen(zone, observe(zone, work, sample, view), sample.occurredAt);
}

/** Time has come: what was pending may have lasted long enough. */
export function ripenZone(zone: ZoneConfig, work: ZoneWork, now: MonoMs): ZoneSeen {
  const part = zone.kind === "access-door" ? ripenDoor(zone, work, now) : ripenLevel(zone, work, now);
  return seen(zone, part, now);
}

/** When to ripen next; null when nothing is pending. */
export function zoneWakeAt(zone: ZoneConfig, work: ZoneWork): MonoMs | null {
  if (zone.kind !== "access-door") return ripensAt(work.filter, filterMsOf(zone));
  return ripensAt(work.door.contact, filterMsOf(zone)) ?? heldOpenAt(work.door, zone);
}

/** An event is explained by its judgement, all else here. */
function seen(zone: ZoneConfig, { work, events, look }: Part, at: MonoMs): ZoneSeen {
  return { work, events, traces: look === null || events.length > 0 ? [] : [{ zone: zone.id, at, ...look }] };
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

/** A stage for moments after the level; what it saw tells more than a level at rest. */
function joined(level: Part, next: (work: ZoneWork) => Part): Part {
  const moment = next(level.work);
  return { work: moment.work, events: [...level.events, ...moment.events], look: moment.look ?? level.look };
}

function observeBlock(zone: FibreConfig, work: ZoneWork, sample: Sample): Part {
  const block = sample.value;
  if (sample.point !== zone.level || sample.quality !== "good" || block === null || typeof block !== "object")
    return { work, events: [], look: null };
  const { state, detection, look } = observeFibre(work.fibre, zone.settings, block, sample.occurredAt);
  return { work: { ...work, fibre: state }, events: momentEvents(detection ?? null), look };
}

function ripenLevel(zone: ZoneConfig, work: ZoneWork, now: MonoMs): Part {
  const { state: filter, change } = ripen(work.filter, filterMsOf(zone), now);
  return { work: { ...work, filter }, events: change === null ? [] : [levelEvent(change)], look: null };
}

/** A door's contact has a filter of its own: `work.filter` holds what the zone says, which an opening alone does not change. */
function observeDoor(zone: AccessDoorConfig, work: ZoneWork, sample: Sample, view: ZoneView): Part {
  const held = holdDoor(zone, work, sample.occurredAt);
  const { filter: contact, changes, look } = filterLevel(zone, held.work.door.contact, sample, view.readings);
  const door = surroundDoor({ ...held.work.door, contact }, zone, sample, view.raised);
  const part = changes.reduce((before, change) => passDoor(zone, before, change), {
    ...held,
    work: { ...held.work, door },
  });
  return { ...part, look: lookAtDoor(part.work.door) ?? look };
}

function ripenDoor(zone: AccessDoorConfig, work: ZoneWork, now: MonoMs): Part {
  const { state: contact, change } = ripen(work.door.contact, filterMsOf(zone), now);
  const part = { work: { ...work, door: { ...work.door, contact } }, events: [], look: null };
  const passed = change === null ? part : passDoor(zone, part, change);
  const held = holdDoor(zone, passed.work, now);
  return {
    work: held.work,
    events: [...passed.events, ...held.events],
    look: change === null ? null : lookAtDoor(held.work.door),
  };
}

function passDoor(zone: AccessDoorConfig, before: Part, change: FilterChange): Part {
  const { state, condition } = changeDoor(before.work.door, zone, change);
  return say(before, state, condition, change.since);
}

/** A door that has been open for too long at `at`. */
function holdDoor(zone: AccessDoorConfig, work: ZoneWork, at: MonoMs): Part {
  const part: Part = { work, events: [], look: null };
  const dueAt = heldOpenAt(work.door, zone);
  if (dueAt === null || at < dueAt) return part;
  const { state, condition } = holdDoorOpen(work.door);
  return say(part, state, condition, dueAt);
}

/** What a door says is an event when it says something else than before. */
function say({ work, events }: Part, door: DoorState, condition: Condition, at: MonoMs): Part {
  const from = work.filter.stable;
  if (sameCondition(condition, from)) return { work: { ...work, door }, events, look: null };
  const began = condition.kind === "breach" ? door.openedAt : null;
  const event = { ...levelEvent({ from, to: condition, since: at }), firstActivityAt: began ?? at };
  return {
    work: { ...work, door, filter: { stable: condition, candidate: null } },
    events: [...events, event],
    look: null,
  };
}

function lookAtDoor(door: DoorState): Look | null {
  return isLetThrough(door) ? { verdict: "granted", seen: true, limit: null } : null;
}

function momentEvents(moment: Moment | null): readonly ZoneEvent[] {
  if (moment === null) return [];
  const { cause, firstActivityAt, occurredAt } = moment;
  return [{ condition: { kind: "breach", cause }, from: "normal", firstActivityAt, occurredAt, momentary: true }];
}
