// The next configuration of a box, as it lies in its data folder: checked against the one in force.
// Reads and checks for tens of milliseconds, so in a running box only a worker calls it.
import { join } from "node:path";
import { loadSite, readConfigFile } from "../../config/load.js";
import { heldBack } from "../commissioning/settings/held-back.js";
import type { Trouble } from "../model/error.js";
import { type Outcome, settingsFiles } from "../model/revision.js";
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
  const settings = { site: site.site, config, revision: site.revision, hash, text: text.text, refused: null };
  return { ok: true, settings, text: text.text };
}

export function refusedBecause(present: Settings, troubles: readonly Trouble[]): Outcome {
  return { ok: false, revision: present.revision, hash: present.hash, troubles, afterRestart: [] };
}

/** `restarted`: the box starts with it, so nothing is left for later. */
export function taken(next: Settings, present: Settings | "restarted"): Outcome {
  const afterRestart = present === "restarted" ? [] : heldBack(present.config, next.config);
  return { ok: true, revision: next.revision, hash: next.hash, troubles: [], afterRestart };
}
