// A moment that has certainly passed, as somebody trustworthy told it: it lasts over restarts, for a machine whose clock does not.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./whole-file.js";

const fileName = "wall-floor.json";

/** Wall time in ms; 0 when nothing is known. A torn file knows nothing. */
export function readWallFloor(folder: string): number {
  try {
    const { wall } = JSON.parse(readFileSync(join(folder, fileName), "utf8")) as { readonly wall?: unknown };
    return typeof wall === "number" && Number.isFinite(wall) ? wall : 0;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

/** Throws the system's error. */
export function writeWallFloor(folder: string, wall: number): void {
  writeWhole(join(folder, fileName), `${JSON.stringify({ wall })}\n`);
}
