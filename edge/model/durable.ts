// Everything of a box that must survive a restart: a fold over the journal's facts.

import type { LockOut } from "./drive-run.js";
import type { Cause, Detection, Incident, Step } from "./incident.js";
import type { PostureLevel, RiskColour } from "./plan.js";
import type { Stamp } from "./time.js";
import type { ReportSignature, Trial } from "./trial.js";

export const barrierStates = [
  "unknown",
  "open",
  "closing",
  "closed",
  "opening",
  "obstructed",
  "inhibited",
  "locked-out",
  "fault",
  "manual",
  "power-lost",
] as const;
export type BarrierState = (typeof barrierStates)[number];

/** active: open or moving while disarmed. The alarm states latch until reset by hand. */
export const zoneStates = ["unknown", "normal", "active", "breached", "tampered", "unguarded", "fault"] as const;
export type ZoneState = (typeof zoneStates)[number];

type By<T> = Readonly<Record<string, T>>;

/** Maps are keyed by the thing's id. */
export interface Durable {
  readonly armed: By<boolean>;
  /** When an area was last armed or disarmed; absent before the first time. */
  readonly armedSince: By<Stamp>;
  /** Areas whose exit time runs. */
  readonly arming: By<{ readonly until: Stamp; readonly by: string; readonly despite?: true }>;
  /** Areas whose arming was prevented, and when that was told; until they are armed or disarmed. */
  readonly armFailed: By<Stamp>;
  /** Areas whose entry time runs, with what began it. */
  readonly entries: By<{ readonly until: Stamp; readonly detection: Detection }>;
  readonly zones: By<ZoneMemory>;
  /** Zones that are out, and why. */
  readonly out: By<ZoneOut>;
  /** Zones that have spoken and wait for a partner. */
  readonly preAlarms: By<{ readonly confirmation: string; readonly detection: Detection; readonly alarmKey: string }>;
  /** Open incidents only. */
  readonly incidents: By<Incident>;
  /** Steps of open incidents. */
  readonly steps: By<Step>;
  /** By group: what a lock-down holds closed. */
  readonly lockDowns: By<LockDown>;
  readonly barriers: By<BarrierState>;
  /** Barriers on whose drive somebody works. */
  readonly lockOuts: By<LockOut>;
  /** Lanes that are let open for an emergency vehicle. */
  readonly passes: By<{ readonly until: Stamp; readonly by: string; readonly incident: string }>;
  /** Runs since the last service. */
  readonly cycles: By<number>;
  readonly annunciators: By<Sounding>;
  /** Annunciators that a person silenced and that have not sounded since; another incident may still want them when this one is closed. */
  readonly silenced: By<{ readonly incident: string; readonly at: Stamp }>;
  readonly posture: Posture;
  readonly risk: Risk;
  readonly drill: Drill | null;
  readonly walkTest: WalkTest | null;
  /** When each zone was last triggered in a walk test, or in a guided test that counts as one. */
  readonly walked: By<{ readonly at: Stamp; readonly by: string }>;
  /** When a work order last asked for a zone's walk test, by device. */
  readonly walkAsked: By<Stamp>;
  readonly soundTest: SoundTest | null;
  /** Points that were reported lost and have not come back, with the moment of the report. */
  readonly lost: By<Stamp>;
  /** Milliseconds for which points were lost, of those that came back; with `watchedSince` the availability. */
  readonly downMs: By<number>;
  readonly watchedSince: Stamp | null;
  /** Work orders from opened to verified: by device, a further one of a device by device and number. */
  readonly workOrders: By<WorkOrder>;
  /** When each duty was last done; a duty that is not here counts from `watchedSince`. */
  readonly duties: By<Stamp>;
  /** Duties whose omission has been told. */
  readonly dutiesMissed: By<true>;
  /** Under the commissioning report, by person. */
  readonly signatures: By<ReportSignature>;
  /** The trial run that follows commissioning, also when it is over; null before the first. */
  readonly trial: Trial | null;
  /** By device as in work orders: when its maintenance was accepted last. */
  readonly serviced: By<Stamp>;
  readonly incidentCount: number;
  readonly workOrderCount: number;
}

/** A zone's state latches: only a reset by hand makes it normal after an alarm. */
export interface ZoneMemory {
  readonly state: ZoneState;
  readonly cause: Cause | null;
  readonly incident: string | null;
  /** Soundings in this armed period, since the last reset by hand (swinger limit). */
  readonly soundings: number;
}

/** isolated: until put back or expired. inhibited: for this armed period. repair: with a substitute guard, until expired. */
export interface ZoneOut {
  readonly how: "isolated" | "inhibited" | "repair";
  readonly by: readonly string[];
  readonly reason: string;
  readonly until: Stamp | null;
  readonly guard: string | null;
}

export interface LockDown {
  readonly group: string;
  readonly incident: string;
  readonly since: Stamp;
  readonly barriers: readonly string[];
}

export interface Sounding {
  readonly incident: string;
  readonly since: Stamp;
}

export interface Posture {
  readonly level: PostureLevel;
  readonly issuer: string;
  readonly reference: string;
  readonly by: string;
  readonly leader: string | null;
  readonly since: Stamp | null;
}

export interface Risk {
  readonly colour: RiskColour;
  readonly issuer: string;
  readonly reference: string;
  readonly by: string;
  readonly since: Stamp | null;
}

export interface Drill {
  readonly id: string;
  readonly zones: readonly string[];
  readonly by: string;
  readonly since: Stamp;
  readonly until: Stamp;
  /** A detection outside the list is real and suspends the drill: from then on nothing is exercise. */
  readonly suspendedBy: string | null;
  /** What the drill has measured so far. */
  readonly sheet: readonly SheetRow[];
}

/** One line of a drill's timing sheet: null where the step was not confirmed. */
export interface SheetRow {
  readonly step: string;
  readonly target: string;
  readonly withinMs: number;
  readonly tookMs: number | null;
  readonly outcome: Step["outcome"];
}

export interface WalkTest {
  readonly zones: readonly string[];
  readonly by: string;
  readonly until: Stamp;
  /** Zones that were triggered. */
  readonly tested: By<Omit<WalkResult, "zone">>;
  /** The last trigger, which is answered by a sound where one is configured. */
  readonly chirp: Chirp | null;
}

/** What became of one zone: triggers, and the slowest way in ms from sensor to judgement and to the confirmed chirp. */
export interface WalkResult {
  readonly zone: string;
  readonly count: number;
  /** Null: not triggered. */
  readonly worstMs: number | null;
  /** Null: no chirp was measured. */
  readonly worstHeardMs: number | null;
}

/** `since`: when it was judged; `latencyMs` before that it occurred. `heardAt`: when the output was confirmed; null while it is not. */
export interface Chirp {
  readonly zone: string;
  readonly since: Stamp;
  readonly latencyMs: number;
  readonly heardAt: Stamp | null;
}

/** A person lets an annunciator sound for a moment. */
export interface SoundTest {
  readonly annunciator: string;
  readonly by: string;
  readonly since: Stamp;
  readonly until: Stamp;
}

export type WorkOrderState = "open" | "assigned" | "fixed" | "verified";

/** A held lane that one guard opened for an emergency vehicle: who, why, from when and until when; null while it stands open. */
export interface Pass {
  readonly barrier: string;
  readonly by: string;
  readonly reason: string;
  readonly openedAt: Stamp;
  readonly closedAt: Stamp | null;
}

export interface WorkOrder {
  readonly number: string;
  readonly device: string;
  readonly cause: string;
  readonly openedAt: Stamp;
  readonly state: WorkOrderState;
  readonly changedAt: Stamp;
  readonly by: string;
  readonly note: string;
  /** It was not reported within its 2 hours, and that was told. */
  readonly isOverdue: boolean;
  /** Of a review: the pass that is to be looked at afterwards. */
  readonly pass?: Pass;
}
