// A controlled door 出入口控制: what an opening means depends on who was let through and for how long it stays open.
// Stands between the filter of the door's contact and what the zone says.
import type { Sample } from "../model/point.js";
import type { Condition } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import type { AccessDoorConfig } from "../model/zone.js";
import { type FilterChange, type FilterState, initialFilter } from "./filter.js";
import { normal } from "./signal.js";

export interface DoorState {
  readonly contact: FilterState;
  readonly isGranted: boolean;
  readonly grantEndedAt: MonoMs;
  /** A posture above normal stands: the held-open time is shorter. */
  readonly isRaised: boolean;
  /** Since when the door is open; kept while it cannot be seen. */
  readonly openedAt: MonoMs | null;
  /** What the opening means; normal while somebody who was let through goes through it. */
  readonly opening: Condition;
}

export const initialDoor: DoorState = {
  contact: initialFilter,
  isGranted: false,
  grantEndedAt: Number.NEGATIVE_INFINITY,
  isRaised: false,
  openedAt: null,
  opening: normal,
};

const forced: Condition = { kind: "breach", cause: "door-forced" };
const heldOpen: Condition = { kind: "breach", cause: "door-held-open" };

/** What surrounds the door at a sample: its grant and the posture. A grant that cannot be seen is none. */
export function surroundDoor(state: DoorState, zone: AccessDoorConfig, sample: Sample, isRaised: boolean): DoorState {
  if (sample.point !== zone.granted) return { ...state, isRaised };
  const isGranted = sample.quality === "good" && sample.value === true;
  const ended = state.isGranted && !isGranted;
  return { ...state, isRaised, isGranted, grantEndedAt: ended ? sample.occurredAt : state.grantEndedAt };
}

/** After a filtered change of the contact; `condition` is what the zone says from then on. */
export function changeDoor(
  state: DoorState,
  zone: AccessDoorConfig,
  { to, since }: FilterChange,
): { readonly state: DoorState; readonly condition: Condition } {
  if (to.kind === "unknown") return { state, condition: to };
  if (to.kind !== "breach") return { state: { ...state, openedAt: null, opening: normal }, condition: to };
  if (state.openedAt !== null) return { state, condition: state.opening };
  const isCovered = state.isGranted || since - state.grantEndedAt < zone.grantMs;
  const opening = isCovered ? normal : forced;
  return { state: { ...state, openedAt: since, opening }, condition: opening };
}

/** Somebody was let through, and the door stands open. */
export function isLetThrough({ contact, opening }: DoorState): boolean {
  return contact.stable.kind === "breach" && contact.candidate === null && opening.kind === "normal";
}

/** When the door will have been open for too long; null while nothing runs, or while the contact is about to change. */
export function heldOpenAt(state: DoorState, zone: AccessDoorConfig): MonoMs | null {
  if (!isLetThrough(state) || state.openedAt === null) return null;
  return state.openedAt + (state.isRaised ? (zone.heldOpenRaisedMs ?? zone.heldOpenMs) : zone.heldOpenMs);
}

/** The door has been open for too long. */
export function holdDoorOpen(state: DoorState): { readonly state: DoorState; readonly condition: Condition } {
  return { state: { ...state, opening: heldOpen }, condition: heldOpen };
}
