// The files of a box's configuration in its data folder: stored, answered, waiting. Opens little, because a worker is started for
// each of these jobs.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepRevision } from "../commissioning/settings/history.js";
import { isUnwritable, writeIfWritable, writeWhole } from "../machine/whole-file.js";
import { type Outcome, settingsFiles } from "../model/revision.js";

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
  const textOf = (name: "next" | "stored") => readFileSync(join(dataDir, settingsFiles[name]), "utf8");
  return existsSync(join(dataDir, settingsFiles.stored)) && textOf("next") === textOf("stored");
}
