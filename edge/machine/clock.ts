// The machine's two clocks: CLOCK_MONOTONIC decides, the wall clock comes with how far it may be believed.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { ClockTrust } from "../model/time.js";
import { isKernelSynchronised } from "./kernel-time.js";
import type { Clock } from "./ports.js";

/** The true one also in a thread whose `Date` is held steady. */
const wallNow = Date.now;
/** Oldest wall time that can be true: this software did not exist before. */
const wallFloorMs = Date.parse("2026-01-01T00:00:00Z");
/** The trust is read again at most this often. */
const trustAgeMaxMs = 10_000;
const bootIdFile = "/proc/sys/kernel/random/boot_id";
/** Exists once systemd-timesyncd has set the clock from the network since power-on; asked where the kernel says nothing. */
const synchronisedMark = "/run/systemd/timesync/synchronized";

export interface ClockOptions {
  /** A file whose existence says that a time source disciplines the clock. */
  readonly synchronisedMark?: string;
  /** Whether a time source disciplines the clock; null when the kernel cannot tell. */
  readonly isKernelSynchronised?: () => boolean | null;
}

export interface MachineClock extends Clock {
  /**
   * Wall time in ms that has certainly passed, such as that of the journal's newest record. A clock that the machine alone
   * keeps and that is before it was never set; one that a time source disciplines is right, and the record was wrong.
   */
  raiseFloor(wallMs: number): void;
}

/** Monotonic milliseconds, fractional; the same in every thread of the process. */
export function monoNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The real clock of this machine. */
export function createClock(options: ClockOptions = {}): MachineClock {
  const boot = readBootId();
  const mark = options.synchronisedMark ?? synchronisedMark;
  const askKernel = options.isKernelSynchronised ?? isKernelSynchronised;
  let floorMs = wallFloorMs;
  let synchronised = false;
  let readAt = Number.NEGATIVE_INFINITY;

  function trust(wall: number, mono: number): ClockTrust {
    if (wall < wallFloorMs) return "never-set";
    if (mono - readAt >= trustAgeMaxMs) {
      synchronised = askKernel() ?? existsSync(mark);
      readAt = mono;
    }
    if (synchronised) return "synchronised";
    return wall < floorMs ? "never-set" : "holdover";
  }

  return {
    mono: monoNow,
    now() {
      const mono = monoNow();
      const wall = wallNow();
      return { boot, mono, wall, clock: trust(wall, mono) };
    },
    raiseFloor(wallMs) {
      floorMs = Math.max(floorMs, wallMs);
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
