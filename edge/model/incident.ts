// What happens on a site: detections join into incidents, incidents need steps, steps have deadlines.
import type { ResumedBy, Stamp } from "./time.js";

/** 1 is the top. Ⅰ to Ⅳ belongs to warnings (norm 004), never here. */
export type Priority = 1 | 2 | 3 | 4;

/** Why a zone speaks. */
export const causes = [
  "door-opened",
  "beam-blocked",
  "fibre-cut-or-climb",
  "fibre-broken",
  "panic-pressed",
  "fire-signalled",
  "vehicle-rush",
  "loop-cut",
  "loop-short",
  "loop-out-of-range",
  "tampered",
  "silent",
  "signal-lost",
  "changed-while-away",
] as const;
export type Cause = (typeof causes)[number];

/**
 * breach: the zone's own alarm. tamper: somebody works on the detector or its line. unguarded: silence on an armed
 * perimeter. fault: something is broken, no alarm.
 */
export type DetectionKind = "breach" | "tamper" | "unguarded" | "fault";

/** A zone's samples mean something. */
export interface Detection {
  readonly zone: string;
  readonly kind: DetectionKind;
  readonly cause: Cause;
  /** First sample of what led here, for counted events. */
  readonly firstActivityAt: Stamp;
  /** The sample that alone suffices or completes the count; deadlines count from here. */
  readonly occurredAt: Stamp;
  readonly detectedAt: Stamp;
}

export const incidentKinds = ["intrusion", "panic", "fire", "rush", "lock-down", "unguarded", "unexplained"] as const;
export type IncidentKind = (typeof incidentKinds)[number];

export interface Incident {
  readonly id: string;
  readonly kind: IncidentKind;
  /** Area, or group for a lock-down by command. */
  readonly place: string;
  readonly openedAt: Stamp;
  readonly zones: readonly string[];
  readonly acknowledgedBy: string | null;
  readonly exercise: boolean;
}

export type StepAction =
  | { readonly kind: "announce"; readonly annunciator: string }
  | { readonly kind: "close"; readonly barrier: string; readonly group: string; readonly mode: "normal" | "emergency" }
  | { readonly kind: "release"; readonly barrier: string };

/** met in time; missed, also when it is completed later (`completedAt`); inhibited when life goes first (fire) or the lock-down was stood down. */
export type StepOutcome = "open" | "met" | "missed" | "inhibited";

/** Why a step is late or blocked; stable words, texts in config/texts. */
export const reasons = [
  "vehicle-on-loop",
  "interlock-not-good",
  "obstructed",
  "jammed",
  "power-lost",
  "locked-out",
  "manual",
  "drive-fault",
  "contact-unknown",
  "output-not-confirmed",
  "waiting-for-fresh-inputs",
  "fire",
  "stood-down",
  "too-slow",
  "overdue-after-restart",
] as const;
export type Reason = (typeof reasons)[number];

/** One action with a deadline and an outcome. */
export interface Step {
  /** `{incident}/{response}/{step}[/{barrier}]` */
  readonly id: string;
  readonly incident: string;
  readonly response: string;
  readonly step: string;
  readonly action: StepAction;
  readonly fallback: string | null;
  readonly firstActivityAt: Stamp;
  readonly occurredAt: Stamp;
  readonly detectedAt: Stamp;
  readonly decidedAt: Stamp;
  readonly commandedAt: Stamp | null;
  readonly confirmedAt: Stamp | null;
  readonly deadlineAt: Stamp;
  readonly outcome: StepOutcome;
  readonly reason: Reason | null;
  readonly latenessMs: number | null;
  readonly fallbackAt: Stamp | null;
  readonly resumed: { readonly at: Stamp; readonly by: ResumedBy; readonly leftMs: number } | null;
}
