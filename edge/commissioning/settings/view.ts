// What people see of the settings: each value with its range, what it is worth unset, and who changed it last.
import { samePlace, type Tunable, tunablesOf } from "../../../config/tuning.js";
import type { RevisionNote } from "../../model/revision.js";
import type { EdgeConfig } from "../../model/site.js";
import { type Consent, consentFor, type Standing } from "./consent.js";
import type { KeptRevision } from "./history.js";
import type { Proposal } from "./proposal.js";
import type { LastChange, ProposalView, RevisionView, SettingsView } from "./told.js";

export function settingsView(edge: EdgeConfig, history: readonly KeptRevision[], standing: Standing): SettingsView {
  const present = history.find(({ isPresent }) => isPresent);
  return {
    revision: present?.revision ?? 0,
    changed: lastChange(present?.note ?? null),
    settings: tunablesOf(edge).map((tunable) => {
      const { path: _, ...shown } = tunable;
      return {
        ...shown,
        changed: lastChange(newestOf(history, tunable)),
        needsTwo: consentFor(edge, [tunable], standing).needsTwo,
      };
    }),
  };
}

function newestOf(history: readonly KeptRevision[], tunable: Tunable): RevisionNote | null {
  return history.find(({ note }) => note?.changes.some((change) => samePlace(change, tunable)))?.note ?? null;
}

function lastChange(note: RevisionNote | null): LastChange | null {
  return note === null ? null : { revision: note.revision, by: note.by, at: note.at, reason: note.reason };
}

export function proposalView(proposal: Proposal, consent: Consent): ProposalView {
  const { ok, revision, changes, troubles, warnings, proof } = proposal;
  return { ok, revision, changes, troubles, warnings, proof, ...consent };
}

export function historyView(history: readonly KeptRevision[]): readonly RevisionView[] {
  return history.map(({ revision, isPresent, note }) => ({ revision, isPresent, note }));
}

/** `revision 7 is in force, by li at 2026-11-27T08:00:00Z` */
export function presentText(history: readonly KeptRevision[]): string {
  const present = history.find(({ isPresent }) => isPresent);
  const by = present?.note == null ? "not signed" : `by ${present.note.by.join(" and ")} at ${present.note.at}`;
  return `revision ${present?.revision ?? 0} is in force, ${by}`;
}
