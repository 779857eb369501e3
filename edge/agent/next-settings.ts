// The next configuration of a box, as it lies in its data folder: checked against the one in force, stored, and answered.
// Reads and checks for tens of milliseconds, so in a running box only a worker calls it.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadSite, readConfigFile } from "../../config/load.js";
import { writeIfWritable, writeWhole } from "../machine/whole-file.js";
import type { Trouble } from "../model/error.js";
import type { EdgeConfig } from "../model/site.js";
import type { Settings } from "./settings.js";

/** In the data folder. A person puts `next`; the box answers by `outcome` and takes `next` away. */
export const settingsFiles = { stored: "site.yaml", next: "site.next.yaml", outcome: "site.outcome.json" } as const;

export interface Outcome {
  readonly ok: boolean;
  /** In force from now on. */
  readonly revision: number;
  readonly hash: string;
  /** Why it was refused; empty when it was taken. */
  readonly troubles: readonly Trouble[];
  /** Settings that differ and take effect at the next start. */
  readonly afterRestart: readonly string[];
}

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
  const settings = { site: site.site, config, revision: site.revision, hash, text: text.text, refused: null };
  return { ok: true, settings, text: text.text };
}

/** Throws the system's error and leaves the old file. */
export function storeNext(dataDir: string, text: string): void {
  writeWhole(join(dataDir, settingsFiles.stored), text);
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
