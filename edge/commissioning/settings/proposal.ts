// From changes to a checked proposal: the edited text with its revision raised, what the checks say of it, and the timing proof
// before and after. Reads and checks for tens of milliseconds: not for the reaction thread.
import { editYaml } from "../../../config/edit.js";
import { type LoadedSite, loadSite } from "../../../config/load.js";
import { readSource } from "../../../config/source.js";
import { type ProofRow, proveTiming } from "../../../config/timing.js";
import type { ConfigTrouble, Path } from "../../../config/trouble.js";
import { samePlace, type Tunable, tunablesOf } from "../../../config/tuning.js";
import { refusal } from "../../model/error.js";
import { type MadeChange, placeText, type SettingChange, settingsFiles } from "../../model/revision.js";
import type { EdgeConfig, Site } from "../../model/site.js";
import type { ProofChange, ProofSide } from "./told.js";

export interface Present {
  readonly text: string;
  readonly loaded: LoadedSite;
  readonly edge: EdgeConfig;
}

export interface Proposal {
  readonly ok: boolean;
  readonly revision: number;
  /** Of the proposal as loaded; null when it was refused. */
  readonly hash: string | null;
  readonly text: string;
  readonly changes: readonly MadeChange[];
  readonly troubles: readonly ConfigTrouble[];
  readonly warnings: readonly ConfigTrouble[];
  readonly proof: readonly ProofChange[];
  /** The box after it; null when it has not even the form of one. */
  readonly after: EdgeConfig | null;
}

/** @throws PortcullisError when there is no good site file, or it has no such box. */
export function presentOf(text: string, edgeId: string): Present {
  const loaded = loadSite(text, settingsFiles.stored);
  const edge = loaded.ok ? loaded.site.edges.find(({ id }) => id === edgeId) : undefined;
  if (!loaded.ok) throw refusal("config.unreadable", settingsFiles.stored, loaded.troubles[0]?.detail ?? "");
  if (edge === undefined) throw refusal("config.edge-unknown", settingsFiles.stored, edgeId);
  return { text, loaded, edge };
}

/** @throws PortcullisError `settings.unknown` for a value that may not be changed on site, `api.invalid-body` for what is no change. */
export function propose(present: Present, changes: readonly SettingChange[]): Proposal {
  const tunables = tunablesOf(present.edge);
  const made = changes.map((change, index) => madeChange(change, tunables, `/body/changes/${index}`));
  const twice = made.find((change, index) => made.findIndex((other) => samePlace(other, change)) !== index);
  if (twice !== undefined) throw refusal("api.invalid-body", placeText(twice), "changed twice");
  if (made.every(({ value, from }) => value === from))
    throw refusal("api.invalid-body", "/body/changes", "these are the present values");
  const base: Path = ["edges", present.loaded.site.edges.indexOf(present.edge)];
  const edits = made
    .filter(({ value, from }) => value !== from)
    .map(({ path, value }) => ({ path: [...base, ...path], value }));
  const revision = present.loaded.site.revision + 1;
  const text = editYaml(present.text, [...edits, { path: ["revision"], value: revision }]);
  if (text === null)
    throw refusal("command.not-possible", settingsFiles.stored, "the file ties this value to others by an anchor");
  const plain = made.filter(({ value, from }) => value !== from).map(({ path: _, ...change }) => change);
  return judged(present, { text, revision, changes: plain });
}

/** The content of an earlier revision as a new one. */
export function proposeBack(present: Present, earlier: string): Proposal {
  const revision = present.loaded.site.revision + 1;
  const text = editYaml(earlier, [{ path: ["revision"], value: revision }]);
  if (text === null) throw refusal("config.unreadable", settingsFiles.history, "its revision cannot be changed");
  const proposal = judged(present, { text, revision, changes: [] });
  return { ...proposal, changes: proposal.after === null ? [] : differences(present.edge, proposal.after) };
}

/** Values that may be changed on site and differ. */
export function differences(before: EdgeConfig, after: EdgeConfig): readonly MadeChange[] {
  const old = tunablesOf(before);
  return tunablesOf(after).flatMap((tunable): readonly MadeChange[] => {
    const from = old.find((each) => samePlace(each, tunable))?.value ?? null;
    return from === tunable.value ? [] : [{ ...placeOf(tunable), value: tunable.value, from }];
  });
}

function placeOf(place: SettingChange | Tunable) {
  return "zone" in place
    ? { zone: place.zone, key: place.key }
    : { point: place.point, driver: place.driver, key: place.key };
}

function madeChange(change: SettingChange, tunables: readonly Tunable[], place: string): MadeChange & { path: Path } {
  const tunable = tunables.find((each) => samePlace(each, change));
  if (tunable === undefined) throw refusal("settings.unknown", place, placeText(change));
  if (change.value === null && !tunable.isOptional)
    throw refusal("api.invalid-body", place, `${placeText(change)} cannot be taken away`);
  return { ...placeOf(change), value: change.value, from: tunable.value, path: tunable.path };
}

function judged(
  present: Present,
  { text, revision, changes }: Pick<Proposal, "text" | "revision" | "changes">,
): Proposal {
  const loaded = loadSite(text, settingsFiles.next);
  const after = siteAfter(text, loaded)?.edges.find(({ id }) => id === present.edge.id) ?? null;
  return {
    ok: loaded.ok,
    revision,
    hash: loaded.ok ? loaded.hash : null,
    text,
    changes,
    troubles: loaded.ok ? [] : loaded.troubles,
    warnings: loaded.ok ? loaded.warnings : [],
    proof: after === null ? [] : compareProofs(proveTiming(present.edge), proveTiming(after)),
    after,
  };
}

/** What only the proof refuses has the form of a site, so that its sums can be shown. */
function siteAfter(text: string, loaded: ReturnType<typeof loadSite>): Site | null {
  if (loaded.ok) return loaded.site;
  if (!loaded.troubles.every(({ code }) => code === "config.timing")) return null;
  const read = readSource(text, settingsFiles.next);
  return read.ok ? (read.source.value as Site) : null;
}

function compareProofs(before: readonly ProofRow[], after: readonly ProofRow[]): readonly ProofChange[] {
  const rowKey = ({ response, step, target }: ProofRow) => `${response}/${step}/${target}`;
  const [old, now] = [before, after].map((rows) => new Map(rows.map((row) => [rowKey(row), row])));
  const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  return keys.flatMap((key) => {
    const [was, is] = [old?.get(key), now?.get(key)];
    const row = is ?? was;
    const isSame = JSON.stringify(was) === JSON.stringify(is);
    if (row === undefined || (isSame && (row.ok || row.deviation !== null))) return [];
    const { response, step, target } = row;
    return [{ response, step, target, before: sideOf(was), after: sideOf(is) }];
  });
}

function sideOf(row: ProofRow | undefined): ProofSide | null {
  if (row === undefined) return null;
  const { terms, totalMs, withinMs, ok, retryFits, deviation } = row;
  return { terms, totalMs, withinMs, ok, retryFits, isAccepted: deviation !== null };
}
