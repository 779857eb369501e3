// What follows commissioning: two people sign the report, and the trial run 试运行 begins.
import type { Role } from "./command.js";
import type { Stamp } from "./time.js";

/** The trial run lasts 30 days (GB 50348 试运行). */
export const trialMs = 30 * 86_400_000;

/** One person's signature under the content of the report that has this hash; of each person the last one is kept. */
export interface ReportSignature {
  readonly by: string;
  readonly roles: readonly Role[];
  /** For whom, in words of the signer's own, for example the builder or the user; empty where it was not said. */
  readonly capacity: string;
  readonly hash: string;
  /** Open points that the signer was shown. */
  readonly openPoints: number;
  readonly at: Stamp;
  /** Grows from signature to signature. */
  readonly order: number;
}

/** What the records since its beginning amount to. Exercises, what people ordered, and silent hold-ups do not count. */
export interface Trial {
  /** Hash of the content that was signed. */
  readonly report: string;
  readonly by: readonly string[];
  readonly startedAt: Stamp;
  readonly until: Stamp;
  readonly alarms: number;
  /** Of them, those that a person reset as false. */
  readonly falseAlarms: number;
  readonly faults: number;
  /** Steps that missed their deadline. */
  readonly missed: number;
  /** Milliseconds for which points had been lost before it began, all together. */
  readonly downMsBefore: number;
  /** Null while it runs. */
  readonly ended: { readonly at: Stamp; readonly availability: number } | null;
}
