// How far a replacement has come, in the data folder itself: from before the hub is asked until the box is whole.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncFolder, unfinished, writeWhole } from "../edge/machine/whole-file.js";
import { refusal } from "../edge/model/error.js";
import type { Replacement } from "../edge/model/replacement.js";

export interface Progress {
  readonly site: string;
  readonly edge: string;
  /** What the hub has given; null until it has. */
  readonly given: { readonly serial: string; readonly replacement: Replacement } | null;
}

const progressName = "replacement.json";
/** Made by the file system, by this command, or by whoever holds the folder. */
const harmless = ["lost+found", "in-use.json", progressName, `${progressName}${unfinished}`];
const asideName = "before-replacement-";
const asideMax = 1000;

/** Null where no replacement is under way. @throws PortcullisError `replace.damaged`. */
export function progressIn(folder: string): Progress | null {
  const path = join(folder, progressName);
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Progress;
  } catch (error) {
    throw refusal("replace.damaged", path, String(error));
  }
}

export function keepProgress(folder: string, progress: Progress): void {
  writeWhole(join(folder, progressName), JSON.stringify(progress));
}

export function endProgress(folder: string): void {
  rmSync(join(folder, progressName), { force: true });
  syncFolder(folder);
}

/** A box does not start on a folder that is half set up. @throws PortcullisError `replace.unfinished`. */
export function requireWhole(folder: string): void {
  if (existsSync(join(folder, progressName))) throw refusal("replace.unfinished", folder, progressName);
}

export function foreignIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !harmless.includes(name) && !name.startsWith(asideName));
}

/** Moves what lies in the folder into `before-replacement-N` of it, which is given; nothing is deleted. */
export function setAside(folder: string): string {
  const names = foreignIn(folder);
  for (let number = 1; number <= asideMax; number += 1) {
    const aside = join(folder, `${asideName}${number}`);
    if (existsSync(aside)) continue;
    mkdirSync(aside, { mode: 0o700 });
    for (const name of names) renameSync(join(folder, name), join(aside, name));
    syncFolder(folder);
    return aside;
  }
  throw refusal("replace.folder-not-empty", folder, `${asideMax} folders of earlier replacements`);
}
