// What a hub gives back of a box that is dead, so that a spare one goes on in its place. Passwords, PINs and keys are not in it.
import type { Durable } from "./durable.js";
import type { LaneHead } from "./record.js";
import type { Stamp } from "./time.js";

/** A part of the durable state as `state.kept` has it; part 0 has every member, each later one adds entries to some. */
export interface KeptState {
  readonly durable: Partial<Durable>;
  readonly part: number;
  /** How many parts there are; absent in what an older version kept. */
  readonly parts?: number;
  readonly at: Stamp;
}

/** A part of a text that is too long for one record; `hash` names the whole. */
export interface KeptText {
  readonly hash: string;
  readonly part: number;
  readonly parts: number;
  readonly text: string;
}

/** A fact as it stands in a record; its type may be unknown here. */
export interface RecordedFact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the hub knows of a box by its records. */
export interface BoxMemory {
  readonly site: string;
  readonly edge: string;
  /** The site's file as it was in force; null when the box never sent it. */
  readonly config: { readonly revision: number; readonly hash: string; readonly text: string } | null;
  /** The commissioning book's file; null when the box never sent it. */
  readonly book: string | null;
  /** The inventory's file; null when the box never sent it, absent in the answer of an older hub. */
  readonly inventory?: string | null;
  /** The newest whole state that came up; empty when none did. */
  readonly kept: readonly KeptState[];
  /** What followed it, in order. */
  readonly facts: readonly RecordedFact[];
  /** Records of the box after that state, measurements included, that a younger one tells of and that never came. */
  readonly missing: number;
  readonly heads: readonly LaneHead[];
  /** When the newest record that came was made, by the box's clock, ISO 8601 UTC; null when none came. */
  readonly lastAt: string | null;
}

/** The answer to a box that takes another's place. */
export interface Replacement extends BoxMemory {
  /** Serial numbers of the certificates that have lost their force. */
  readonly replaced: readonly string[];
  /** The hub's wall clock, ms; null where it was never set itself. */
  readonly hubAt: number | null;
}
