// Who may do what, as one table.
import { type ActKind, dualActs, type Role } from "../../edge/model/command.js";

const common: readonly ActKind[] = ["lock-down", "acknowledge", "silence", "reset", "arm", "disarm"];
const guarding: readonly ActKind[] = [...common, ...dualActs];

const acts: Readonly<Record<Role, readonly ActKind[]>> = {
  operator: guarding,
  supervisor: guarding,
  technician: common,
  administrator: guarding,
};

export function mayAct(role: Role, act: ActKind): boolean {
  return acts[role].includes(act);
}

export function mayManageUsers(role: Role): boolean {
  return role === "administrator";
}
