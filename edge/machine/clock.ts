// The machine's two clocks: CLOCK_MONOTONIC decides, the wall clock comes with how far it may be believed.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { ClockTrust } from "../model/time.js";
import type { Clock } from "./ports.js";

/** The true one also in a thread whose `Date` is held steady. */
const wallNow = Date.now;
/** Oldest wall time that can be true: this software did not exist before. */
const wallFloorMs = Date.parse("2026-01-01T00:00:00Z");
/** The trust is read again at most this often. */
const trustAgeMaxMs = 10_000;
const bootIdFile = "/proc/sys/kernel/random/boot_id";
/** Exists once systemd-timesyncd has set the clock from the network since power-on. */
const synchronisedMark = "/run/systemd/timesync/synchronized";

export interface ClockOptions {
  /** Wall time in ms that has certainly passed, for example that of the journal's last record; earlier is `never-set`. */
  readonly floorMs?: number;
  /** A file whose existence says that a time source disciplines the clock. */
  readonly synchronisedMark?: string;
}

/** Monotonic milliseconds, fractional; the same in every thread of the process. */
export function monoNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The real clock of this machine. */
export function createClock(options: ClockOptions = {}): Clock {
  const boot = readBootId();
  const floorMs = Math.max(wallFloorMs, options.floorMs ?? 0);
  const mark = options.synchronisedMark ?? synchronisedMark;
  let synchronised = false;
  let readAt = Number.NEGATIVE_INFINITY;

  function trust(wall: number, mono: number): ClockTrust {
    if (wall < floorMs) return "never-set";
    if (mono - readAt >= trustAgeMaxMs) {
      synchronised = existsSync(mark);
      readAt = mono;
    }
    return synchronised ? "synchronised" : "holdover";
  }

  return {
    mono: monoNow,
    now() {
      const mono = monoNow();
      const wall = wallNow();
      return { boot, mono, wall, clock: trust(wall, mono) };
    },
  };
}

/** The kernel's id of this boot; where there is none, an id of this process, so that nothing is compared across restarts. */
function readBootId(): string {
  try {
    return readFileSync(bootIdFile, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return processBootId;
    throw error;
  }
}

const processBootId = randomUUID();
