// Who may order what, as one table: the hub reads it before it sends an order, the box's pages before they pass one on, and the
// controller before it obeys, whoever sent it.
import { type ActKind, dualActs, type Role } from "./command.js";
import type { PostureLevel } from "./plan.js";

const guarding: readonly ActKind[] = ["lock-down", "acknowledge", "silence", "reset", "arm", "disarm", "report"];
const upkeep: readonly ActKind[] = [
  "reinstate",
  "work-order",
  "duty-done",
  "self-test",
  "start-walk-test",
  "end-walk-test",
  "test-annunciator",
];

/** Whoever set a lock-out or stands beside the drive: the box itself asks who cleared what. */
const atTheDrive: readonly ActKind[] = ["clear-lock-out", "end-run"];
const onTheDrive: readonly ActKind[] = ["lock-out", "test-run", "hold-run"];

const operator: readonly ActKind[] = [...guarding, ...upkeep, ...atTheDrive, "stand-down", "inhibit", "let-pass"];
const supervisor: readonly ActKind[] = [
  ...operator,
  "isolate",
  "take-out-for-repair",
  "set-posture",
  "declare-risk",
  "open",
  "start-drill",
  "end-drill",
];

/** Whoever may take a zone out may put it back. An administrator is the only person of a new site, so he may do all. */
const acts: Readonly<Record<Role, readonly ActKind[]>> = {
  operator,
  supervisor,
  technician: [...guarding, ...upkeep, ...atTheDrive, ...onTheDrive, "isolate"],
  administrator: [...supervisor, ...onTheDrive],
};

/** Whether a person of this role may record tests at a detector. */
export function mayRecord(role: Role): boolean {
  return role !== "operator";
}

/** What somebody may propose although only others may agree to it. */
const proposals: Readonly<Partial<Record<Role, readonly ActKind[]>>> = { technician: ["take-out-for-repair"] };

/** Whether a person of this role may order the act, or agree to another's order of it. */
export function mayAct(role: Role, act: ActKind): boolean {
  return acts[role].includes(act);
}

/** Whether a person of this role may ask for the act; what he may not do himself waits for one who may. */
export function mayPropose(role: Role, act: ActKind): boolean {
  return mayAct(role, act) || (dualActs.includes(act) && proposals[role]?.includes(act) === true);
}

/**
 * Whether persons of these roles may order the act together. One of them may have only asked for it (`mayPropose`), so one role that
 * may suffices; that there are two of them is asked elsewhere.
 */
export function mayOrder(held: readonly Role[], act: ActKind): boolean {
  return held.some((role) => mayAct(role, act));
}

/** Where an order is to be carried out, as far as it bears on who must agree. */
export interface OrderPlace {
  readonly posture: PostureLevel;
  /** Of the barrier that it names. */
  readonly dualOpen: boolean;
}

/** Whether a second person must agree. In level 1 nothing is opened or taken out by one person alone; the box checks again. */
export function needsTwo(act: ActKind, { posture, dualOpen }: OrderPlace): boolean {
  if (dualActs.includes(act)) return true;
  if (act === "open") return dualOpen || posture === "level-1";
  return (act === "isolate" || act === "inhibit") && posture === "level-1";
}

/** Whether a person of this role may change settings of zones and points on site. */
export function mayTune(role: Role): boolean {
  return role === "technician" || role === "administrator";
}

/** Whether a person of this role may agree to another's change of a zone that guards: whoever may take one out. */
export function mayAgreeToTune(role: Role): boolean {
  return mayTune(role) || mayAct(role, "isolate");
}
