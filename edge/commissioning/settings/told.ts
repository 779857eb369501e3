// What the box tells of its settings: shapes that pages and commands read.
import type { ProofRow } from "../../../config/timing.js";
import type { ConfigTrouble } from "../../../config/trouble.js";
import type { Tuned } from "../../../config/tuning.js";
import type { MadeChange, RevisionNote, SettingPlace } from "../../model/revision.js";
import type { Consent } from "./consent.js";

export type LastChange = Pick<RevisionNote, "revision" | "by" | "at" | "reason">;

export type SettingView = SettingPlace &
  Tuned & {
    readonly changed: LastChange | null;
    readonly needsTwo: Consent["needsTwo"];
  };

export interface SettingsView {
  readonly revision: number;
  /** Who made the present revision; null where nobody signed. */
  readonly changed: LastChange | null;
  readonly settings: readonly SettingView[];
}

/** One line of the proof that a proposal changes, or that does not hold; null: there is no such line. */
export interface ProofChange {
  readonly response: string;
  readonly step: string;
  readonly target: string;
  readonly before: ProofSide | null;
  readonly after: ProofSide | null;
}
/** `isAccepted`: it does not hold, and a signed deviation accepts it. */
export type ProofSide = Pick<ProofRow, "terms" | "totalMs" | "withinMs" | "ok" | "retryFits"> & {
  readonly isAccepted: boolean;
};

export type ProposalView = Consent & {
  readonly ok: boolean;
  readonly revision: number;
  readonly changes: readonly MadeChange[];
  readonly troubles: readonly ConfigTrouble[];
  readonly warnings: readonly ConfigTrouble[];
  readonly proof: readonly ProofChange[];
};

export interface RevisionView {
  readonly revision: number;
  readonly isPresent: boolean;
  readonly note: RevisionNote | null;
}
