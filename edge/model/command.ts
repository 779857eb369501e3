// What a person may order. Life-safety never waits for a command; a command never overrules an interlock.

import type { DriveDirection, DriveMode } from "./drive-run.js";
import type { Cause, Reason } from "./incident.js";
import type { PostureLevel, RiskColour } from "./plan.js";

export type Act =
  | { readonly kind: "lock-down"; readonly group: string }
  /** Two persons; `barriers` are the lanes to free, others stay held. */
  | { readonly kind: "stand-down"; readonly group: string; readonly barriers: readonly string[] }
  | { readonly kind: "acknowledge"; readonly incident: string }
  | { readonly kind: "silence" }
  /** `falseAlarm`: nothing had happened; counted, never hidden. */
  | { readonly kind: "reset"; readonly incident: string; readonly falseAlarm?: true }
  /** `despite`: a sounder, supply or driver that is not good does not prevent it this time; for a supervisor. Zones are inhibited instead. */
  | { readonly kind: "arm"; readonly area: string; readonly despite?: true }
  | { readonly kind: "disarm"; readonly area: string }
  /** Out until it is put back or `forMs` is over. */
  | { readonly kind: "isolate"; readonly zone: string; readonly forMs: number | null }
  /** Out for this armed period; its tamper stays on. */
  | { readonly kind: "inhibit"; readonly zone: string }
  | { readonly kind: "reinstate"; readonly zone: string }
  /** Two persons, with a substitute guard and an expiry: the only way to take out panic, tamper or fire. */
  | { readonly kind: "take-out-for-repair"; readonly zone: string; readonly guard: string; readonly forMs: number }
  | {
      readonly kind: "set-posture";
      readonly level: PostureLevel;
      readonly issuer: string;
      readonly reference: string;
      /** Leader on duty 带班领导, asked for in level 1. */
      readonly leader: string | null;
    }
  | { readonly kind: "declare-risk"; readonly colour: RiskColour; readonly issuer: string; readonly reference: string }
  /** One guard opens one held lane for an emergency vehicle, for at most `forMs`. */
  | { readonly kind: "let-pass"; readonly barrier: string; readonly forMs: number }
  /** Opens a barrier that no lock-down holds; two persons in level 1 and where `dualOpen`. */
  | { readonly kind: "open"; readonly barrier: string }
  | { readonly kind: "report"; readonly step: string }
  | { readonly kind: "work-order"; readonly number: string; readonly to: WorkOrderMove; readonly note: string }
  | { readonly kind: "duty-done"; readonly duty: string; readonly note: string }
  | { readonly kind: "self-test" }
  /** A real run marked as exercise: only what these zones cause is exercise. */
  | { readonly kind: "start-drill"; readonly drill: string; readonly zones: readonly string[]; readonly forMs: number }
  | { readonly kind: "end-drill" }
  | { readonly kind: "start-walk-test"; readonly zones: readonly string[]; readonly forMs: number }
  | { readonly kind: "end-walk-test" }
  /** A person works on the drive: from then on the box moves it for nobody. */
  | { readonly kind: "lock-out"; readonly barrier: string; readonly note: string }
  /** By the one who set it; for one who is away by a supervisor and another, both on site. */
  | { readonly kind: "clear-lock-out"; readonly barrier: string }
  /** One measured run to the end contact. */
  | {
      readonly kind: "test-run";
      readonly barrier: string;
      readonly direction: DriveDirection;
      readonly mode: DriveMode;
    }
  /** Moves only while signs come that the technician holds the button; the answer's command id names the hold. */
  | { readonly kind: "hold-run"; readonly barrier: string; readonly direction: DriveDirection }
  /** Stops a run or a hold. */
  | { readonly kind: "end-run"; readonly barrier: string }
  /** Sounds one annunciator for a moment, whether its alarm would come or not. */
  | { readonly kind: "test-annunciator"; readonly annunciator: string; readonly forMs: number };
export type ActKind = Act["kind"];

/** Rights by act; the hub and the box check the same table. */
export const roles = ["operator", "supervisor", "technician", "administrator"] as const;
export type Role = (typeof roles)[number];

/** What became of one of the box's own people. */
export type PersonChange = "added" | "removed" | "disabled" | "enabled" | "roles" | "pin";

/** Where a work order goes next: reported to somebody, mended, accepted. */
export type WorkOrderMove = "assigned" | "fixed" | "verified";

/** Acts that need two different persons whatever the posture. */
export const dualActs: readonly ActKind[] = ["stand-down", "take-out-for-repair"];

/** Acts of people who stand before the thing: no hub may order them. */
export const onSiteActs: readonly ActKind[] = ["lock-out", "clear-lock-out", "test-run", "hold-run", "end-run"];

/** Acts that act first and are written beside (rule 2): a drive that is to stop waits for no disk either. */
export const urgentActs: readonly ActKind[] = ["lock-down", "lock-out", "end-run"];

/** An order as it reaches the controller. `issuers` are the persons who stand for it; two different ones where dual. */
export interface Command {
  readonly id: string;
  readonly issuers: readonly string[];
  readonly reason: string;
  /** What the issuers are, as the hub or the box's own users vouch for it; absent: operators. */
  readonly roles?: readonly Role[];
  /** The issuer signalled duress: the act works normally, and a silent hold-up goes out. */
  readonly duress?: boolean;
  /** Given by the box's own people at the box itself. No message from outside can say so. */
  readonly onSite?: true;
  readonly act: Act;
}

/** One thing that stands against an order: an area, zone, point, driver or barrier, and a stable word for why. */
export interface Obstacle {
  readonly subject: string;
  readonly why: ObstacleReason;
}
export type ObstacleReason = Cause | Reason | (typeof obstacleReasons)[number];
export const obstacleReasons = [
  "not-normal",
  "not-seen",
  "still-latched",
  "driver-lost",
  "supply-not-good",
  "sounder-not-good",
  "isolated",
  "steps-open",
  "lock-down-stands",
  "work-order-open",
  "clock-untrusted",
  "area-armed",
  "run-under-way",
  "there-already",
  "no-stop-output",
  "no-emergency-drive",
  "kept-free",
] as const;

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
  /** What stands against it, where a list helps: "cannot arm because ...". */
  readonly obstacles?: readonly Obstacle[];
}
