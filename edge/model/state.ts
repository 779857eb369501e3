// What the controller knows, what reaches it and what it asks for: plain values, so that the whole box runs in virtual time.
import type { Command } from "./command.js";
import type { BarrierState, Fact, ZoneState } from "./fact.js";
import type { Cause, Incident, Step } from "./incident.js";
import type { Sample, WriteRequest, WriteResult } from "./point.js";
import type { MonoMs, Stamp } from "./time.js";

/** Everything that must survive a restart: a fold over the journal's facts. Maps are keyed by the thing's id. */
export interface Durable {
  readonly armed: Readonly<Record<string, boolean>>;
  readonly zones: Readonly<Record<string, ZoneMemory>>;
  /** Open incidents only. */
  readonly incidents: Readonly<Record<string, Incident>>;
  /** Steps of open incidents. */
  readonly steps: Readonly<Record<string, Step>>;
  /** By group: what a lock-down holds closed. */
  readonly lockDowns: Readonly<Record<string, LockDown>>;
  readonly barriers: Readonly<Record<string, BarrierState>>;
  readonly annunciators: Readonly<Record<string, Sounding>>;
  /** Points that were reported lost and have not come back. */
  readonly lost: Readonly<Record<string, true>>;
  readonly workOrders: Readonly<Record<string, string>>;
  readonly incidentCount: number;
  readonly workOrderCount: number;
}

/** A zone's state latches: only a reset by hand makes it normal after an alarm. */
export interface ZoneMemory {
  readonly state: ZoneState;
  readonly cause: Cause | null;
  readonly incident: string | null;
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

export type Input =
  /** The box has started; the durable state was folded from the journal. */
  | { readonly kind: "started" }
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "write-result"; readonly result: WriteResult }
  | { readonly kind: "link"; readonly driver: string; readonly up: boolean; readonly reason: string }
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "wake" };

export type Effect =
  | { readonly kind: "write"; readonly request: WriteRequest }
  | { readonly kind: "append"; readonly fact: Fact }
  /** The answer to a command; `code` is empty when it was done. */
  | { readonly kind: "answer"; readonly command: string; readonly ok: boolean; readonly code: string }
  /** Call again at this moment; replaces every earlier wish. Null: nothing is pending. */
  | { readonly kind: "wake"; readonly at: MonoMs | null };
