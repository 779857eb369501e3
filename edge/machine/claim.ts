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

const claimName = "in-use.json";

/** Claims `folder` for this process. On a disk that cannot be written there is nothing to fork, so nothing is claimed. @throws PortcullisError `machine.folder-in-use` */
export function claimFolder(folder: string): void {
  const holder = holderOf(folder);
  if (holder !== null && holder !== process.pid) {
    throw new PortcullisError({
      code: "machine.folder-in-use",
      place: folder,
      detail: `process ${holder} writes there`,
    });
  }
  const { boot } = createClock().now();
  writeIfWritable(
    join(folder, claimName),
    JSON.stringify({ pid: process.pid, boot, startedAt: startOf(process.pid) ?? "" } satisfies Claim),
  );
}

/** The living process that has claimed `folder`; null when there is none. */
export function holderOf(folder: string): number | null {
  const holder = readClaim(join(folder, claimName));
  if (holder === null || holder.boot !== createClock().now().boot) return null;
  return startOf(holder.pid) === holder.startedAt ? holder.pid : null;
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
