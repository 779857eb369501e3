// What the commissioning book keeps of a barrier's drive: runs, the worst of the last five, and what its interlocks proved.
import type { CheckResult, DriveDirection, DriveMode, DriveRunResult, DriveRunVerdict } from "../model/drive-run.js";

/** Runs kept of one barrier; the journal has all. */
export const runsMax = 60;
/** "Worst of the last five." */
export const runsCounted = 5;

/** `at`: ISO 8601 UTC. */
export type RunRow = Omit<DriveRunResult, "at" | "barrier"> & { readonly at: string };
export type CheckRow = CheckResult & { readonly by: string; readonly at: string };

export interface DriveBook {
  /** Oldest first; holds are kept too and count in no summary. */
  readonly runs: readonly RunRow[];
  /** The last word on each interlock. */
  readonly checks: readonly CheckRow[];
}

export const emptyDrive: DriveBook = { runs: [], checks: [] };

export function runRow({ barrier: _, at, ...result }: DriveRunResult): RunRow {
  return { ...result, at: new Date(at.wall).toISOString() };
}

export function withRun(drive: DriveBook, run: RunRow): DriveBook {
  return { ...drive, runs: [...drive.runs, run].slice(-runsMax) };
}

export function withChecks(drive: DriveBook, checks: readonly CheckRow[]): DriveBook {
  const isNew = ({ kind, point }: CheckRow) => checks.some((each) => each.kind === kind && each.point === point);
  return { ...drive, checks: [...drive.checks.filter((known) => !isNew(known)), ...checks] };
}

/** The last runs in one direction and mode; `worstMs` null while one of them did not arrive, or none was made. */
export interface RunSummary {
  readonly direction: DriveDirection;
  readonly mode: DriveMode;
  readonly runs: number;
  readonly worstMs: number | null;
  readonly datasheetMs: number;
  readonly provedMs: number;
  readonly verdict: DriveRunVerdict;
  /** Fewer than five were made. */
  readonly isShort: boolean;
}

const ways: readonly (readonly [DriveDirection, DriveMode])[] = [
  ["close", "normal"],
  ["close", "emergency"],
  ["open", "normal"],
];

/** One line for each direction and mode that was run. */
export function summariesOf({ runs }: DriveBook): readonly RunSummary[] {
  return ways.flatMap(([direction, mode]) => {
    const last = runs
      .filter((run) => run.kind === "run" && run.direction === direction && run.mode === mode && isMeasurement(run))
      .slice(-runsCounted);
    const newest = last.at(-1);
    return newest === undefined ? [] : [summaryOf(last, newest)];
  });
}

/** What began on the way, or a person, an interlock or a lock-down ended, says nothing of the travel. */
export function isMeasurement({ end, isFull }: RunRow): boolean {
  if (!isFull) return false;
  return end === "arrived" || end === "failed" || end === "too-long";
}

function summaryOf(last: readonly RunRow[], { direction, mode, datasheetMs, provedMs }: RunRow): RunSummary {
  const isMissed = last.some(({ ms }) => ms === null);
  const worstMs = isMissed ? null : Math.max(...last.map(({ ms }) => ms ?? 0));
  const verdict = worstMs === null ? "not-reached" : worstMs <= provedMs ? "passed" : "slow";
  return {
    direction,
    mode,
    runs: last.length,
    worstMs,
    datasheetMs,
    provedMs,
    verdict,
    isShort: last.length < runsCounted,
  };
}
