// Guided tests: what can be tested, what a test of one thing is and will really do, what was seen since, and what it found.

import type { Text } from "../../model/text.js";
import type { MonoMs } from "../../model/time.js";
import type { RuleLook } from "../guided/guided-run.js";
import type { GuidedSubject, GuidedTest } from "../guided/guided-test.js";
import type { GuidedTestBook } from "../results.js";
import type { SeenSample } from "./points.js";

export interface GuidedPlanAsk {
  /** Null: only the list. */
  readonly subject: string | null;
}

export interface GuidedPlanReply {
  readonly subjects: readonly (GuidedSubject & { readonly last: GuidedTestBook | null })[];
  readonly plan: GuidedPlan | null;
}

export interface GuidedPlan {
  readonly test: GuidedTest;
  /** What will really happen, in the order of the responses; empty: nothing but the test. */
  readonly consequences: readonly Text[];
}

export interface GuidedLookAsk {
  readonly points: readonly string[];
  readonly annunciators: readonly string[];
  /** Samples heard of since; null: only the newest of each point. */
  readonly since: MonoMs | null;
  /** Whose looks are asked for, and from which on; null: none, and all that are kept. */
  readonly zone: string | null;
  readonly mark: number | null;
}

export interface GuidedLookReply {
  readonly now: MonoMs;
  /** In order of hearing. */
  readonly samples: readonly (SeenSample & { readonly point: string })[];
  /** When each was last confirmed to sound. */
  readonly sounded: Readonly<Record<string, MonoMs>>;
  readonly looks: readonly RuleLook[];
  readonly mark: number;
}

export interface GuidedNoteAsk {
  readonly subject: string;
  readonly found: GuidedTestBook;
  /** The zone whose walk test it was. */
  readonly walked: string | null;
}
export interface GuidedNoteReply {
  readonly noted: true;
}
