// What the persons are who give a test's order, where the test does not say it.
import type { Act, Role } from "../../edge/model/command.js";
import { mayAct } from "../../edge/model/rights.js";

/** Operators, of whom nothing needs to be said, where they suffice; else a supervisor or a technician. */
export function rolesFor({ kind }: Act): { readonly roles?: readonly Role[] } {
  if (mayAct("operator", kind)) return {};
  return { roles: [mayAct("supervisor", kind) ? "supervisor" : "technician"] };
}
