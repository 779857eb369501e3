// Work on a barrier's drive at its commissioning: who has locked it out, how a run ended and what an interlock proved.
import type { Reason } from "./incident.js";
import type { MonoMs, Stamp } from "./time.js";

/** Lock-out 检修锁定: a person works on the drive, and the box moves it for nobody. */
export interface LockOut {
  /** Only this person may clear it alone. */
  readonly by: string;
  readonly note: string;
  readonly since: Stamp;
}

/** Who has locked out what nobody has, while it is not known whether somebody works there. No person is called so. */
export const boxIssuer = "portcullis";

export const driveModes = ["normal", "emergency"] as const;
export type DriveMode = (typeof driveModes)[number];
export type DriveDirection = "open" | "close";

/** run: to the end contact. hold: hold-to-run 点动, only while the technician holds a button. */
export type DriveRunKind = "run" | "hold";

/** A drive stops at the latest so long after the last sign that its technician was there, ms. */
export const holdMsMax = 700;
/** A technician's page gives a sign at least so often, ms. */
export const signEveryMs = 300;

/** arrived: the contact confirmed it. released, silent, line-lost: the button, its signs or their line ended. stopped: by a person's order. */
export const driveRunEnds = [
  "arrived",
  "released",
  "silent",
  "line-lost",
  "stopped",
  "hindered",
  "failed",
  "overruled",
  "too-long",
] as const;
export type DriveRunEnd = (typeof driveRunEnds)[number];

/** passed: within what the timing proof assumes. slow: arrived later. not-reached: see `end` and `reason`. */
export const driveRunVerdicts = ["passed", "slow", "not-reached"] as const;
export type DriveRunVerdict = (typeof driveRunVerdicts)[number];

/** One run as it ended. */
export interface DriveRunResult {
  /** Of the command that began it. */
  readonly id: string;
  readonly barrier: string;
  readonly kind: DriveRunKind;
  readonly direction: DriveDirection;
  readonly mode: DriveMode;
  /** From one end to the other; only such a run is a measurement of the travel. */
  readonly isFull: boolean;
  readonly by: string;
  readonly at: Stamp;
  readonly end: DriveRunEnd;
  readonly reason: Reason | null;
  /** From the demand to the confirmed contact; null when it did not arrive. Of a hold: for how long the drive was to run. */
  readonly ms: number | null;
  /** From the demand until a contact was left; null where none was. */
  readonly leftMs: number | null;
  readonly datasheetMs: number;
  /** Command, datasheet's travel and contact, as the timing proof adds them. */
  readonly provedMs: number;
  readonly verdict: DriveRunVerdict;
  /** The interlock that ended it while the drive ran, and the time from its signal to the demand to stop. */
  readonly halt: { readonly point: string; readonly ms: number } | null;
}

/** What a page and a technician need of a run that is under way. */
export interface DriveRunNow {
  readonly id: string;
  readonly barrier: string;
  readonly kind: DriveRunKind;
  readonly direction: DriveDirection;
  readonly mode: DriveMode;
  readonly by: string;
  /** The drive has been told to run; before, it warns. */
  readonly isRunning: boolean;
  /** Must come back with the next sign of a hold; null of a run. */
  readonly key: number | null;
  readonly until: MonoMs;
}

/** block: an interlock keeps the drive from starting. halt: it stops a drive that runs. contacts: both ends speak, one at a time. */
export type CheckKind = "block" | "halt" | "contacts";
export const checkStates = ["waiting", "seen", "passed", "failed"] as const;
export type CheckState = (typeof checkStates)[number];
export const checkFailures = ["not-refused", "both-contacts", "no-contact", "not-good"] as const;
export type CheckFailure = (typeof checkFailures)[number];

export interface CheckResult {
  readonly kind: CheckKind;
  /** The input that is tried; of `contacts` the closed contact. */
  readonly point: string;
  readonly state: CheckState;
  readonly failure: CheckFailure | null;
  /** block: from the signal to the refusal in force. halt: to the demand to stop. Null while unknown. */
  readonly ms: number | null;
}
