// Who may do what at the hub, beside the orders of edge/model/rights.ts.
import type { Role } from "../../edge/model/command.js";
import type { AlarmActKind } from "../alarm/acts.js";

const watching: readonly AlarmActKind[] = ["acknowledge", "silence", "reset"];
const handling: readonly AlarmActKind[] = [...watching, "shelve", "unshelve"];
const maintaining: readonly AlarmActKind[] = ["take-out-of-service", "return-to-service"];

const alarmActs: Readonly<Record<Role, readonly AlarmActKind[]>> = {
  operator: handling,
  supervisor: [...handling, ...maintaining],
  technician: [...watching, ...maintaining],
  administrator: [...handling, ...maintaining],
};

/** Whether a person of this role may do this with an alarm, whatever the outlet. */
export function mayHandle(role: Role, act: AlarmActKind): boolean {
  return alarmActs[role].includes(act);
}

/** Who counts as being on duty at the console. */
export const guardRoles: readonly Role[] = ["operator", "supervisor"];

export function mayManageUsers(role: Role): boolean {
  return role === "administrator";
}

/** Whether a person of this role may send a control room what it has refused. */
export function maySendAgain(role: Role): boolean {
  return role !== "operator";
}
