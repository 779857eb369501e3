// One process per data folder: two that wrote the same journal would fork its chain.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PortcullisError } from "../model/error.js";
import { createClock } from "./clock.js";
import { writeIfWritable } from "./whole-file.js";

interface Claim {
  readonly pid: number;
  readonly boot: string;
  /** The kernel's start time of the process: a number that is used again by another process does not count. */
  readonly startedAt: string;
}

/** Claims `folder` for this process. On a disk that cannot be written there is nothing to fork, so nothing is claimed. @throws PortcullisError `machine.folder-in-use` */
export function claimFolder(folder: string): void {
  const file = join(folder, "in-use.json");
  const { boot } = createClock().now();
  const holder = readClaim(file);
  if (
    holder !== null &&
    holder.pid !== process.pid &&
    holder.boot === boot &&
    startOf(holder.pid) === holder.startedAt
  ) {
    throw new PortcullisError({
      code: "machine.folder-in-use",
      place: folder,
      detail: `process ${holder.pid} writes there`,
    });
  }
  writeIfWritable(
    file,
    JSON.stringify({ pid: process.pid, boot, startedAt: startOf(process.pid) ?? "" } satisfies Claim),
  );
}

/** A torn claim is nobody's. */
function readClaim(file: string): Claim | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Claim;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Field 22 of /proc/PID/stat; null when there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
