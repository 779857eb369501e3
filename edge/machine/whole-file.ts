// A small file that is there whole or as it was before: temporary file, fsync, rename, fsync of the folder.
import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, statSync, writeFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Ending of a file that is not whole yet. */
export const unfinished = ".new";

/** Replaces `path` in one piece; mode 0600 unless given. Throws the system's error and leaves the old file. */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const temporary = `${path}${unfinished}`;
  const file = openSync(temporary, "w", mode);
  try {
    // A temporary file that a crash left behind keeps its own mode.
    fchmodSync(file, mode);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** The same without holding up the thread while the disk works. One at a time per file. */
export async function writeWholeAside(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}${unfinished}`;
  const file = await open(temporary, "w", mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const unwritable = ["ENOSPC", "EROFS", "EIO", "EDQUOT", "EACCES", "EPERM"];

/** Whether this is what a full, read-only, protected or dying disk answers. */
export function isUnwritable(error: unknown): boolean {
  return unwritable.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Makes the folder and writes the file, or does neither when the disk cannot: a box acts also without one (rule 10). */
export function writeIfWritable(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeWhole(path, text);
    return true;
  } catch (error) {
    if (isUnwritable(error)) return false;
    throw error;
  }
}

/** Permissions of the file in octal where others than its owner have any; null where they have none. */
export function modeOpenToOthers(path: string): string | null {
  const { mode } = statSync(path);
  return (mode & 0o077) === 0 ? null : (mode & 0o777).toString(8);
}

/** Differs whenever another file has taken this one's place; null while there is none. */
export function markOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

/** The entries of a folder are on the medium when it returns. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
