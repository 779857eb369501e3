// Folders of a test file. They go at its end, after whatever the file itself closes there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  made.push(folder);
  return folder;
}

/** For each-file.ts alone. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
