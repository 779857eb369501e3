// The commissioning report 调试报告 as plain data. Its content is what people sign: what was tested, against what, with which
// settings. Its state is how things stand at the moment it is made; it may change without making a signature void.
import type { DeviationConfig } from "../../model/plan.js";
import type { Text } from "../../model/text.js";
import type { ClockTrust } from "../../model/time.js";

export const reportLimits = {
  /** Triggers that a zone needs. */
  hits: 10,
  /** Runs that a barrier needs in each of its ways of moving. */
  runs: 5,
  signersNeeded: 2,
} as const;

/** open: not tried, or not often enough. */
export type Verdict = "passed" | "failed" | "open";

interface Tested {
  readonly id: string;
  readonly name: Text;
  readonly result: Verdict;
  /** Empty while it was not tried. */
  readonly by: string;
  /** Of the newest try; ISO 8601 UTC, empty while it was not tried. */
  readonly at: string;
  /** The slowest; null where nothing was measured. */
  readonly measuredMs: number | null;
  /** Deadline of the response that follows; null where none does. */
  readonly limitMs: number | null;
  /** Worst case by the timing proof, of the same path as `limitMs`. */
  readonly provedMs: number | null;
  readonly note: string;
}

export interface ZoneResult extends Tested {
  readonly kind: string;
  readonly hits: number;
}

/** Of a barrier, and once more with `/emergency` behind the id where it has a fast run. */
export interface BarrierResult extends Tested {
  readonly kind: string;
  readonly runs: number;
  /** The time for one run on which the proof rests: warning and travel. */
  readonly termMs: number;
}

/** A siren, an interlock, how a barrier fails, and whatever else was tried. */
export interface CheckResult extends Omit<Tested, "provedMs"> {
  readonly kind: string;
}

export interface ProofLine {
  readonly id: string;
  readonly totalMs: number;
  readonly withinMs: number;
  readonly ok: boolean;
  readonly isAccepted: boolean;
}

export interface ReportContent {
  readonly site: string;
  readonly edge: string;
  readonly name: Text;
  readonly version: string;
  readonly revision: number;
  readonly configHash: string;
  readonly zones: readonly ZoneResult[];
  readonly barriers: readonly BarrierResult[];
  readonly checks: readonly CheckResult[];
  readonly proof: readonly ProofLine[];
  readonly deviations: readonly DeviationConfig[];
}

export const openPointKinds = [
  "untested",
  "test-failed",
  "slower-than-proved",
  "work-order",
  "fault",
  "duty-overdue",
  "zone-out",
  "maintenance-due",
] as const;

export interface OpenPoint {
  readonly what: (typeof openPointKinds)[number];
  /** As in work orders where it is a device, else an id. */
  readonly subject: string;
  readonly name: Text;
  /** A cause or number; empty where the kind says it all. */
  readonly detail: string;
  /** ISO 8601 UTC; empty where it is not known. */
  readonly since: string;
}

export interface SignatureView {
  readonly by: string;
  readonly roles: readonly string[];
  readonly capacity: string;
  readonly at: string;
  readonly hash: string;
  readonly openPoints: number;
  /** False: the content has changed since. */
  readonly isValid: boolean;
}

export interface TrialView {
  readonly startedAt: string;
  readonly until: string;
  readonly by: readonly string[];
  readonly daysLeft: number;
  readonly alarms: number;
  readonly falseAlarms: number;
  readonly faults: number;
  readonly missed: number;
  readonly availability: number;
  /** Of this content; false: it belongs to one that was signed before. */
  readonly isOfThis: boolean;
  /** clean: over, and no deadline was missed and no fault is open. */
  readonly result: "running" | "clean" | "with-findings";
}

export interface ReportState {
  /** ISO 8601 UTC. */
  readonly madeAt: string;
  readonly clock: ClockTrust;
  /** IANA name in which times are shown. */
  readonly timeZone: string;
  readonly openPoints: readonly OpenPoint[];
  readonly signatures: readonly SignatureView[];
  /** Two different people have signed this content. */
  readonly isSigned: boolean;
  /** Null before two have signed. */
  readonly trial: TrialView | null;
  /** Share 0 to 1 since the box was first started. */
  readonly availability: number;
}

export interface Report {
  readonly content: ReportContent;
  readonly state: ReportState;
}
