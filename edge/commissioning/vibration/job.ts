// One recording while it runs: the blocks gathered so far, and when it is over. Pure; for recorder.ts.
import type { MonoMs, Stamp } from "../../model/time.js";
import type { BlockRun, HeardBlock } from "./block-book.js";
import { type Recording, type RecordingHead, type RecordingLabel, recordingLimits } from "./recording.js";

export const recorderLimits = {
  /** At the same time. */
  running: 4,
  everyMs: 500,
  /** Nothing comes from the detector for so long: it is over. */
  silentMs: 10_000,
} as const;

export interface Wanted {
  readonly label: RecordingLabel;
  readonly seconds: number;
  readonly note: string;
  readonly blows: number | null;
  readonly person: string;
}

/** What a page shows of a recording that runs, and of the last one. */
export interface Running {
  readonly label: RecordingLabel;
  readonly person: string;
  readonly seconds: number;
  readonly recordedSeconds: number;
}

export interface Job {
  readonly wanted: Wanted;
  readonly startedAt: string;
  readonly id: string;
  readonly from: MonoMs;
  readonly blocks: HeardBlock[];
  base: Pick<Recording, "start"> & Pick<RecordingHead, "settings" | "revision">;
  values: number;
  heardAt: MonoMs;
  cancel: () => void;
  ending: Promise<RecordingHead> | null;
}

export function openJob(
  wanted: Wanted,
  at: { readonly run: BlockRun; readonly revision: number; readonly now: Stamp },
): Job {
  const startedAt = new Date(at.now.wall).toISOString();
  return {
    wanted,
    startedAt,
    id: `${startedAt.slice(0, 19).replaceAll(/[-:]/g, "")}Z-${wanted.label}`,
    from: at.run.start.at,
    blocks: [],
    base: { start: at.run.start, settings: at.run.settings, revision: at.revision },
    values: 0,
    heardAt: at.now.mono,
    cancel: () => undefined,
    ending: null,
  };
}

/** Adds what is new. False when it does not go on where the last block ended: the detector has started anew. */
export function take(job: Job, run: BlockRun, now: MonoMs): boolean {
  const [first] = run.blocks;
  const since = job.blocks.at(-1)?.at ?? job.from;
  // Two looks may have asked for the same.
  if (first === undefined || first.at <= since) return true;
  // One that started anew before the first block does no harm: the recording begins with it.
  if (job.blocks.length === 0) job.base = { ...job.base, start: run.start, settings: run.settings };
  else if (run.start.at !== since) return false;
  push(job, run.blocks, now);
  return true;
}

function push(job: Job, blocks: readonly HeardBlock[], now: MonoMs): void {
  for (const each of blocks) {
    if (endOf(job, now) !== null) return;
    job.blocks.push(each);
    job.values += each.block.values.length;
    job.heardAt = now;
  }
}

export function endOf(job: Job, now: MonoMs): RecordingHead["ended"] | null {
  if (recordedMs(job) >= job.wanted.seconds * 1000) return "complete";
  if (job.values >= recordingLimits.values || job.blocks.length >= recordingLimits.blocks) return "full";
  return now - job.heardAt > recorderLimits.silentMs ? "interrupted" : null;
}

/** The first block began before its end. */
function recordedMs({ blocks }: Job): number {
  const [first] = blocks;
  if (first === undefined) return 0;
  const firstMs = (first.block.values.length * first.block.periodUs) / 1000;
  return (blocks.at(-1)?.at ?? first.at) - first.at + firstMs;
}

export function runningOf(job: Job): Running {
  const { label, person, seconds } = job.wanted;
  return { label, person, seconds, recordedSeconds: Math.round(recordedMs(job) / 100) / 10 };
}

export function recordingOf(zone: string, job: Job, ended: RecordingHead["ended"]): Recording {
  const { wanted, id, startedAt, base, blocks, values } = job;
  const { label, note, blows, person } = wanted;
  const head: RecordingHead = {
    id,
    zone,
    label,
    note,
    blows,
    person,
    startedAt,
    seconds: Math.round(recordedMs(job) / 100) / 10,
    ended,
    revision: base.revision,
    settings: base.settings,
    blocks: blocks.length,
    values,
  };
  return { head, start: base.start, blocks };
}
