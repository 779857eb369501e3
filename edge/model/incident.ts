// What happens on a site: detections join into incidents, incidents need steps, steps have deadlines.
import type { FallbackConfig } from "./plan.js";
import type { Text } from "./text.js";
import type { ResumedBy, Stamp } from "./time.js";

/** 1 is the top. Ⅰ to Ⅳ belongs to warnings (norm 004), never here. */
export type Priority = 1 | 2 | 3 | 4;

/** Why a zone speaks. */
export const causes = [
  "door-opened",
  "beam-blocked",
  "motion-seen",
  "fibre-cut",
  "fibre-climb",
  "fibre-alarm",
  "fibre-broken",
  "panic-pressed",
  "fire-signalled",
  "vehicle-rush",
  "pedestrian-rush",
  "passed-inward",
  "passed-outward",
  "vehicle-present",
  "lane-blocked",
  "video-event",
  "door-forced",
  "door-held-open",
  "tailgating",
  "supply-failed",
  "leak-found",
  "too-high",
  "too-low",
  "duress",
  "masked",
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

export const incidentKinds = [
  "intrusion",
  "panic",
  "hold-up",
  "fire",
  "rush",
  "power",
  "utility",
  "obstruction",
  "lock-down",
  "posture",
  "risk",
  "unguarded",
  "unexplained",
] as const;
export type IncidentKind = (typeof incidentKinds)[number];

export interface Incident {
  readonly id: string;
  readonly kind: IncidentKind;
  /** Area, group for a lock-down by command, or the box. */
  readonly place: string;
  readonly openedAt: Stamp;
  readonly zones: readonly string[];
  readonly acknowledgedBy: string | null;
  readonly exercise: boolean;
}

export type StepAction =
  | { readonly kind: "announce"; readonly annunciator: string }
  | { readonly kind: "close"; readonly barrier: string; readonly group: string; readonly mode: "normal" | "emergency" }
  | { readonly kind: "release"; readonly barrier: string }
  | { readonly kind: "notify"; readonly channel: string }
  | { readonly kind: "report"; readonly task: Text; readonly everyMs: number | null }
  | { readonly kind: "switch"; readonly point: string };

/** What an action acts upon: an annunciator, barrier, channel, output, or a person. */
export function targetOf(action: StepAction): string {
  switch (action.kind) {
    case "announce":
      return action.annunciator;
    case "close":
    case "release":
      return action.barrier;
    case "notify":
      return action.channel;
    case "switch":
      return action.point;
    case "report":
      return "person";
  }
}

/** The barrier that an action moves; null when it moves none. */
export function barrierOf(action: StepAction): string | null {
  return action.kind === "close" || action.kind === "release" ? action.barrier : null;
}

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
  "not-delivered",
  "not-reported",
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
  readonly fallback: FallbackConfig | null;
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
  /** Decided without sound: nothing that follows from it sounds either. */
  readonly quiet?: true;
}
