// DIR/site.history: earlier revisions of the site file, whole, and who made which, so that one can go back. A revision is kept
// when the next one takes its place; its note is written before it is offered and counts only where it came into force.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readSource } from "../../../config/source.js";
import { syncFolder, writeWhole } from "../../machine/whole-file.js";
import { type RevisionNote, settingsFiles } from "../../model/revision.js";

export const historyLimits = { revisions: 50 } as const;

/** Of the very text; two files of the same revision must not be taken for each other. */
const markLength = 12;
const fileName = /^(\d{1,10})-([0-9a-f]{12})\.(yaml|json)$/;

const folderOf = (dataDir: string) => join(dataDir, settingsFiles.history);

function stemOf(text: string): string {
  const read = readSource(text, settingsFiles.stored);
  const revision = read.ok ? Number((read.source.value as { revision?: unknown } | null)?.revision) : Number.NaN;
  const mark = createHash("sha256").update(text).digest("hex").slice(0, markLength);
  return `${Number.isSafeInteger(revision) ? revision : 0}-${mark}`;
}

function put(dataDir: string, name: string, text: string): void {
  const folder = folderOf(dataDir);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncFolder(dataDir);
  }
  writeWhole(join(folder, name), text);
}

/** Keeps a revision that another is to follow; what is too old goes. @throws the system's error. */
export function keepRevision(dataDir: string, text: string): void {
  const stem = stemOf(text);
  if (!namesIn(dataDir).includes(`${stem}.yaml`)) put(dataDir, `${stem}.yaml`, text);
  prune(dataDir);
}

/** Says who makes the revision of this text. @throws the system's error. */
export function noteRevision(dataDir: string, text: string, note: RevisionNote): void {
  put(dataDir, `${stemOf(text)}.json`, `${JSON.stringify(note, null, 2)}\n`);
}

export interface KeptRevision {
  readonly revision: number;
  /** Null where nobody signed, for example a file that was given at the start. */
  readonly note: RevisionNote | null;
  readonly isPresent: boolean;
  /** One can go back to it. */
  readonly text: () => string;
}

/** Those that were in force, newest first, the present one among them. */
export function readHistory(dataDir: string, present: string): readonly KeptRevision[] {
  const names = namesIn(dataDir);
  const own = stemOf(present);
  const stems = [own, ...stemsOf(names, "yaml").filter((stem) => stem !== own)];
  return stems
    .map((stem) => ({
      revision: revisionOf(stem),
      note: names.includes(`${stem}.json`) ? readNote(join(folderOf(dataDir), `${stem}.json`)) : null,
      isPresent: stem === own,
      text: () => (stem === own ? present : readFileSync(join(folderOf(dataDir), `${stem}.yaml`), "utf8")),
    }))
    .sort((a, b) => b.revision - a.revision);
}

function namesIn(dataDir: string): readonly string[] {
  const folder = folderOf(dataDir);
  return existsSync(folder) ? readdirSync(folder).filter((name) => fileName.test(name)) : [];
}

function stemsOf(names: readonly string[], ending: string): readonly string[] {
  return names.filter((name) => name.endsWith(`.${ending}`)).map((name) => name.slice(0, -ending.length - 1));
}

function revisionOf(stem: string): number {
  return Number(stem.split("-")[0]);
}

/** Null for a file that is none of ours: to know who changed something is no condition for guarding. */
function readNote(path: string): RevisionNote | null {
  try {
    const note = JSON.parse(readFileSync(path, "utf8")) as RevisionNote;
    return Array.isArray(note.by) && Array.isArray(note.changes) ? note : null;
  } catch {
    return null;
  }
}

/** The oldest go, and notes of revisions that were never in force and that a newer one has passed. */
function prune(dataDir: string): void {
  const names = namesIn(dataDir);
  const kept = [...stemsOf(names, "yaml")].sort((a, b) => revisionOf(b) - revisionOf(a));
  const gone = new Set(kept.slice(historyLimits.revisions));
  const newest = revisionOf(kept[0] ?? "0");
  const idle = stemsOf(names, "json").filter((stem) => !kept.includes(stem) && revisionOf(stem) <= newest);
  for (const stem of [...gone, ...idle])
    for (const ending of ["yaml", "json"]) rmSync(join(folderOf(dataDir), `${stem}.${ending}`), { force: true });
}
