// What the controller knows, what reaches it and what it asks for: plain values, so that the whole box runs in virtual time.
import type { Command, Obstacle } from "./command.js";
import type { DriveRunEnd, DriveRunNow } from "./drive-run.js";
import type { Durable } from "./durable.js";
import type { Fact } from "./fact.js";
import type { Cause } from "./incident.js";
import type { Sample, WriteRequest, WriteResult } from "./point.js";
import type { EdgeConfig } from "./site.js";
import type { MonoMs, Stamp } from "./time.js";

/** What a zone's samples say at one moment. `unknown` is neither normal nor alarm (rule 6). */
export type Condition =
  | { readonly kind: "normal" }
  | { readonly kind: "unknown" }
  | { readonly kind: "breach" | "tamper" | "fault"; readonly cause: Cause };

/** The last samples since this start, by point; a point without an entry has not been heard of yet. */
export type Readings = Readonly<Record<string, Reading>>;

export interface Reading {
  readonly sample: Sample;
  /** When the last sample arrived, of whatever quality. */
  readonly heardAt: MonoMs;
}

/** What a detector says once its filter is passed. */
export interface ZoneEvent {
  readonly condition: Condition;
  /** What held before; `unknown` before: the change was not watched, so it is judged by level. */
  readonly from: Condition["kind"];
  readonly firstActivityAt: MonoMs;
  readonly occurredAt: MonoMs;
  /** True when it stands for itself and no level follows (vibration, vehicle rush). */
  readonly momentary: boolean;
}

/** What held a zone's samples back, or what became of them; the answer to "why no alarm?". */
export const verdicts = [
  "nothing-seen",
  "alarm",
  "pre-alarm",
  "entry-time",
  "filter-not-passed",
  "below-threshold",
  "too-few-events",
  "dead-time",
  "learning",
  "wrong-order",
  "lane-not-barred",
  "within-limits",
  "granted",
  "not-armed",
  "isolated",
  "inhibited",
  "out-for-repair",
  "walk-test",
  "known-already",
  "quality-not-good",
  "older-than-last",
] as const;
export type Verdict = (typeof verdicts)[number];

/** One look at a zone: what its sample was, what it was measured against, and the rule that applied. */
export interface ZoneTrace {
  readonly zone: string;
  readonly at: MonoMs;
  readonly verdict: Verdict;
  /** For people: the value, level or class that was seen; null where there is none. */
  readonly seen: string | number | boolean | null;
  /** What it had to exceed, in the unit of `seen`; null where that means nothing. */
  readonly limit: number | null;
}

export type Input =
  /** The box has started; the durable state was folded from the journal. */
  | { readonly kind: "started" }
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "write-result"; readonly result: WriteResult }
  | { readonly kind: "link"; readonly driver: string; readonly up: boolean; readonly reason: string }
  | { readonly kind: "command"; readonly command: Command }
  /** The technician of a hold is still there: `key` was given by the last answer. */
  | { readonly kind: "sign"; readonly run: string; readonly key: number }
  /** The technician of a hold let go, or the line to him ended. */
  | { readonly kind: "let-go"; readonly run: string; readonly end: Extract<DriveRunEnd, "released" | "line-lost"> }
  /** What became of a notification. */
  | {
      readonly kind: "notified";
      readonly step: string;
      readonly ok: boolean;
      readonly detail: string;
      readonly at: MonoMs;
    }
  /** A checked configuration takes the place of the present one; durable state stays. */
  | { readonly kind: "config"; readonly config: EdgeConfig }
  /** What the agent finds wrong with the box itself, in words of its own; replaces what it found before. */
  | { readonly kind: "self"; readonly troubles: readonly string[] }
  /** What people did at the box and the journal has already: it is folded. `duressBy`: one of them was under duress. */
  | { readonly kind: "recorded"; readonly facts: readonly Fact[]; readonly duressBy: string | null }
  /** Devices whose maintenance is due by the inventory, as `{kind}:{id}`. */
  | { readonly kind: "due"; readonly devices: readonly string[] }
  | { readonly kind: "wake" };

export type Effect =
  | { readonly kind: "write"; readonly request: WriteRequest }
  /** `exercise`: the fact belongs to an incident that a drill caused. */
  | { readonly kind: "append"; readonly fact: Fact; readonly exercise: boolean }
  /** The answer to a command; `code` is empty when it was done. */
  | {
      readonly kind: "answer";
      readonly command: string;
      readonly ok: boolean;
      readonly code: string;
      readonly obstacles: readonly Obstacle[];
    }
  /** Send word by a channel that is no output; answered by `notified`. */
  | { readonly kind: "notify"; readonly step: string; readonly channel: string }
  /** Why a zone spoke or kept silent at this moment. */
  | { readonly kind: "trace"; readonly trace: ZoneTrace }
  /** Call again at this moment; replaces every earlier wish. Null: nothing is pending. */
  | { readonly kind: "wake"; readonly at: MonoMs | null };

/** What a clockwork sees of the box. */
export interface Ward {
  readonly config: EdgeConfig;
  readonly durable: Durable;
  /** Filtered condition of each zone at this moment. */
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly readings: Readings;
  /** Drivers that cannot reach their device, and why. */
  readonly linksDown: Readonly<Record<string, string>>;
  /** Output points that were written and that the hardware has not confirmed. */
  readonly unconfirmed: readonly string[];
  /** Barriers that are being tried. */
  readonly driveRuns: readonly DriveRunNow[];
  /** Outputs and positions have been read back since the start. */
  readonly settled: boolean;
  readonly now: Stamp;
}

/**
 * Something that time alone brings (an expiry, a schedule, an overdue order): the facts that are due now, and when to look
 * again on the monotonic clock (Infinity: only when the durable state changes). Pure; asked again whenever the durable
 * state has changed or `dueAt` is reached, so `facts` must yield nothing once its own facts are folded.
 */
export interface Clockwork {
  facts(ward: Ward): readonly Fact[];
  dueAt(ward: Ward): MonoMs;
}
