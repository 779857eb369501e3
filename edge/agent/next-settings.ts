// The next configuration of a box, as it lies in its data folder: checked against the one in force, stored, and answered.
// Reads and checks for tens of milliseconds, so in a running box only a worker calls it.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadSite, readConfigFile } from "../../config/load.js";
import { keepRevision } from "../commissioning/settings/history.js";
import { isUnwritable, writeIfWritable, writeWhole } from "../machine/whole-file.js";
import type { Trouble } from "../model/error.js";
import { type Outcome, settingsFiles } from "../model/revision.js";
import type { EdgeConfig } from "../model/site.js";
import type { Settings } from "./settings.js";

export type CheckedNext =
  | { readonly ok: true; readonly settings: Settings; readonly text: string }
  | { readonly ok: false; readonly troubles: readonly Trouble[] };

/** Whether the waiting file may follow what is in force: good, of the same box, of a higher revision. */
export function checkNext(dataDir: string, present: Settings): CheckedNext {
  const file = join(dataDir, settingsFiles.next);
  const text = readConfigFile(file);
  const loaded = text.ok ? loadSite(text.text, file) : text;
  if (!text.ok || !loaded.ok) return { ok: false, troubles: loaded.ok ? [] : loaded.troubles };
  const { site, hash } = loaded;
  const refuse = (code: Trouble["code"], detail: string): CheckedNext => ({
    ok: false,
    troubles: [{ code, place: file, detail }],
  });
  const config = site.edges.find(({ id }) => id === present.config.id);
  if (site.site !== present.site || config === undefined)
    return refuse("config.edge-unknown", `this is the box ${present.config.id} of ${present.site}`);
  if (site.revision <= present.revision)
    return refuse("config.not-newer", `revision ${site.revision}, in force is ${present.revision}`);
  const settings = { site: site.site, config, revision: site.revision, hash, refused: null };
  return { ok: true, settings, text: text.text };
}

/** Keeps the revision that was stored before. Throws the system's error and leaves the old file. */
export function storeNext(dataDir: string, text: string): void {
  const stored = join(dataDir, settingsFiles.stored);
  const before = existsSync(stored) ? readFileSync(stored, "utf8") : null;
  if (before !== null && before !== text) keepRevision(dataDir, before);
  writeWhole(stored, text);
}

/** The same at a start, where a box goes on with what it has: false when the disk cannot be written. */
export function storeIfWritable(dataDir: string, text: string): boolean {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    storeNext(dataDir, text);
    return true;
  } catch (error) {
    if (isUnwritable(error)) return false;
    throw error;
  }
}

/** Answers and takes the waiting file away; false when the disk cannot be written. */
export function answerNext(dataDir: string, outcome: Outcome): boolean {
  const isWritten = writeIfWritable(join(dataDir, settingsFiles.outcome), `${JSON.stringify(outcome, null, 2)}\n`);
  if (isWritten) rmSync(join(dataDir, settingsFiles.next), { force: true });
  return isWritten;
}

export function isNextWaiting(dataDir: string): boolean {
  return existsSync(join(dataDir, settingsFiles.next));
}

/** Whether the file that waits is the one in force already. */
export function isNextStored(dataDir: string): boolean {
  const [next, stored] = [settingsFiles.next, settingsFiles.stored].map((name) => readConfigFile(join(dataDir, name)));
  return next?.ok === true && stored?.ok === true && next.text === stored.text;
}

export function refusedBecause(present: Settings, troubles: readonly Trouble[]): Outcome {
  return { ok: false, revision: present.revision, hash: present.hash, troubles, afterRestart: [] };
}

/** `restarted`: the box starts with it, so nothing is left for later. */
export function taken(next: Settings, present: Settings | "restarted"): Outcome {
  const afterRestart = present === "restarted" ? [] : heldBack(present.config, next.config);
  return { ok: true, revision: next.revision, hash: next.hash, troubles: [], afterRestart };
}

/** What is opened once, at the start. */
function heldBack(present: EdgeConfig, next: EdgeConfig): readonly string[] {
  const once = ["http", "uplink", "journal"] as const;
  return once.filter((key) => JSON.stringify(present[key]) !== JSON.stringify(next[key]));
}
