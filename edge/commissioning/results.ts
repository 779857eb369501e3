// What walk tests and guided tests gave, as the commissioning book keeps it.
import type { WalkCount } from "./guided/walk-count.js";

/** What the last walk test of a zone gave, ms from the sensor to the judgement and to the confirmed chirp; null: not measured. */
export interface WalkBook {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly person: string;
  readonly hits: number;
  readonly worstMs: number | null;
  readonly worstHeardMs: number | null;
  readonly result: "passed" | "not-triggered";
}

/** A walk test as a whole. `endedBy`: a person, `time` or `level-1`. */
export interface WalkTestBook {
  readonly at: string;
  readonly person: string;
  readonly endedBy: string;
  readonly zones: Readonly<Record<string, Pick<WalkBook, "hits" | "worstMs" | "worstHeardMs" | "result">>>;
}

/** What the last guided test of a thing found. `test`: its kind; `reason`: a stable word, null where it passed. */
export interface GuidedTestBook {
  readonly at: string;
  readonly person: string;
  readonly test: string;
  /** A test that was stopped is recorded and not kept here. */
  readonly outcome: "passed" | "failed" | "stopped";
  /** A FailReason, with `/` and what the signal showed instead where it showed something. */
  readonly reason: string | null;
  readonly ms: number | null;
  /** Whether it was the walk test of its zone; absent for what is no detector, and in books of an older version. */
  readonly walk?: WalkCount;
  /** Of a fibre at rest: its loudest level as a share of what an event must exceed. */
  readonly share?: number;
}
