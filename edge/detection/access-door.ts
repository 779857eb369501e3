// A controlled door 出入口控制: what an opening means depends on who was let through and for how long it stays open.
// Takes the filtered changes of the door's contact, before zone.ts hands them on.
import type { Sample } from "../model/point.js";
import type { Condition, ZoneEvent } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import type { AccessDoorConfig } from "../model/zone.js";
import { sameCondition } from "./condition.js";
import type { FilterChange, FilterState } from "./filter.js";
import { normal, unknown } from "./signal.js";

export interface DoorState {
  readonly isGranted: boolean;
  readonly grantEndedAt: MonoMs;
  /** A posture above normal stands: the held-open time is shorter. */
  readonly isRaised: boolean;
  /** Since when the door is open; kept while it cannot be seen. */
  readonly openedAt: MonoMs | null;
  /** What of the opening is an alarm; normal while somebody who was let through goes through it. */
  readonly opening: Condition;
  /** What the zone said last. */
  readonly said: Condition;
}

export const initialDoor: DoorState = {
  isGranted: false,
  grantEndedAt: Number.NEGATIVE_INFINITY,
  isRaised: false,
  openedAt: null,
  opening: normal,
  said: unknown,
};

const forced: Condition = { kind: "breach", cause: "door-forced" };
const heldOpen: Condition = { kind: "breach", cause: "door-held-open" };

/** What surrounds the door at a sample: its grant and the posture. A grant that cannot be seen is none. */
export function surroundDoor(state: DoorState, zone: AccessDoorConfig, sample: Sample, isRaised: boolean): DoorState {
  if (sample.point !== zone.granted) return state.isRaised === isRaised ? state : { ...state, isRaised };
  const isGranted = sample.quality === "good" && sample.value === true;
  const ended = state.isGranted && !isGranted;
  return { ...state, isRaised, isGranted, grantEndedAt: ended ? sample.occurredAt : state.grantEndedAt };
}

export interface DoorSeen {
  readonly state: DoorState;
  readonly event: ZoneEvent | null;
}

/** What a filtered change of the contact means at this door. */
export function changeDoor(state: DoorState, zone: AccessDoorConfig, { to, since }: FilterChange): DoorSeen {
  if (to.kind === "normal") return say({ ...state, openedAt: null, opening: normal }, to, since);
  if (to.kind !== "breach") return say(state, to, since);
  if (state.openedAt !== null) return say(state, state.opening, since);
  const isCovered = state.isGranted || since - state.grantEndedAt < zone.grantMs;
  const opening = isCovered ? normal : forced;
  return say({ ...state, openedAt: since, opening }, opening, since);
}

/** When the door will have been open for too long; null while nothing runs, or while the contact is about to change. */
export function heldOpenAt(state: DoorState, zone: AccessDoorConfig, filter: FilterState): MonoMs | null {
  const isOpen = filter.stable.kind === "breach" && filter.candidate === null;
  if (!isOpen || state.openedAt === null || state.opening.kind !== "normal") return null;
  return state.openedAt + (state.isRaised ? (zone.heldOpenRaisedMs ?? zone.heldOpenMs) : zone.heldOpenMs);
}

/** The door has been open for too long at `at`. */
export function holdDoorOpen(state: DoorState, at: MonoMs): DoorSeen {
  const { state: held, event } = say({ ...state, opening: heldOpen }, heldOpen, at);
  return { state: held, event: event === null ? null : { ...event, firstActivityAt: state.openedAt ?? at } };
}

function say(state: DoorState, condition: Condition, at: MonoMs): DoorSeen {
  if (sameCondition(condition, state.said)) return { state, event: null };
  const event = { condition, from: state.said.kind, firstActivityAt: at, occurredAt: at, momentary: false };
  return { state: { ...state, said: condition }, event };
}
