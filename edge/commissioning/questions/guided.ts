// Guided tests: what can be tested, what a test of one thing is and will really do, what was seen since, and what it found.

import type { Text } from "../../model/text.js";
import type { MonoMs } from "../../model/time.js";
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
  readonly point: string | null;
  readonly annunciators: readonly string[];
  /** Samples heard of since; null: only the newest. */
  readonly since: MonoMs | null;
}

export interface GuidedLookReply {
  readonly now: MonoMs;
  readonly samples: readonly SeenSample[];
  /** When each was last confirmed to sound. */
  readonly sounded: Readonly<Record<string, MonoMs>>;
}

export interface GuidedNoteAsk {
  readonly subject: string;
  readonly found: GuidedTestBook;
}
export interface GuidedNoteReply {
  readonly noted: true;
}
