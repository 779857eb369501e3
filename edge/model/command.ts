// What a person may order. Life-safety never waits for a command; a command never overrules an interlock.

export type Act =
  | { readonly kind: "lock-down"; readonly group: string }
  /** Two persons; `barriers` are the lanes to free, others stay held. */
  | { readonly kind: "stand-down"; readonly group: string; readonly barriers: readonly string[] }
  | { readonly kind: "acknowledge"; readonly incident: string }
  | { readonly kind: "silence" }
  | { readonly kind: "reset"; readonly incident: string }
  | { readonly kind: "arm"; readonly area: string }
  | { readonly kind: "disarm"; readonly area: string };
export type ActKind = Act["kind"];

/** Rights by act; the hub and the box check the same table. */
export const roles = ["operator", "supervisor", "technician", "administrator"] as const;
export type Role = (typeof roles)[number];

/** Acts that need two different persons. */
export const dualActs: readonly ActKind[] = ["stand-down"];

/** Acts that act first and are written beside (rule 2). */
export const urgentActs: readonly ActKind[] = ["lock-down"];

/** An order as it reaches the controller. `issuers` are the persons who stand for it; two different ones where dual. */
export interface Command {
  readonly id: string;
  readonly issuers: readonly string[];
  readonly reason: string;
  readonly act: Act;
}

/** On the wire from hub to box; refused when the session is not the present one or `ttlMs` has passed since receipt. */
export interface CommandMessage extends Command {
  readonly session: string;
  readonly ttlMs: number;
}

/** From box to hub on `.../result`. */
export interface CommandResult {
  readonly id: string;
  readonly ok: boolean;
  /** Error code when refused; empty when done. */
  readonly code: string;
}
