// Outputs that follow from state: sirens, lane signals, drive relays. What is wanted is derived; only differences are written.

import type { Durable } from "../model/durable.js";
import type { BarrierConfig, DriveConfig, EdgeConfig } from "../model/site.js";
import type { Reading, Readings } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { type BarrierWork, isRunning } from "./barrier.js";
import type { Sight } from "./sight.js";

/** Transient: what was last written to a point and whether the hardware has confirmed it. */
export interface OutputWork {
  readonly wanted: boolean;
  readonly write: string;
  readonly confirmedAt: MonoMs | null;
  /** When it is written again unless it is confirmed before; null once it is confirmed. */
  readonly retryAt: MonoMs | null;
}
export type Outputs = Readonly<Record<string, OutputWork>>;

/** Pause before an output that was not confirmed is written again. */
export const outputRetryMs = 500;
/** A write whose answer has not come by then was lost with its driver. */
export const answerWithinMs = 3000;

export interface BarrierNow {
  readonly barrier: BarrierConfig;
  readonly work: BarrierWork;
  readonly sight: Sight;
  readonly emergency: boolean;
}

/** Wanted value by output point. A red that is shared by two lanes is red for either; a green only for both. */
export function wantedOutputs(
  config: EdgeConfig,
  durable: Durable,
  barriers: readonly BarrierNow[],
): Readonly<Record<string, boolean>> {
  const wanted: Record<string, boolean> = {};
  const either = (point: string | undefined, value: boolean) => {
    if (point !== undefined) wanted[point] = (wanted[point] ?? false) || value;
  };
  const both = (point: string, value: boolean) => {
    wanted[point] = (wanted[point] ?? true) && value;
  };
  for (const annunciator of config.annunciators) {
    for (const point of annunciator.points) either(point, durable.annunciators[annunciator.id] !== undefined);
  }
  for (const now of barriers) {
    const free = now.sight.position === "open" && now.work.goal !== "closed";
    if (now.barrier.signal !== undefined) {
      either(now.barrier.signal.red, !free);
      both(now.barrier.signal.green, free);
    }
    either(now.barrier.sounder, now.work.phase === "warning" || isRunning(now.work));
    for (const [point, value] of driveRelays(now)) either(point, value);
  }
  return wanted;
}

/** Relays are held only while the drive is to run; an emergency relay replaces the normal one. */
function driveRelays({ barrier, work, emergency }: BarrierNow): readonly (readonly [string, boolean])[] {
  const { drive } = barrier;
  if (drive.kind !== "relays") return [];
  const running = isRunning(work);
  const fast = emergency && drive.emergency !== undefined;
  const relays: (readonly [string, boolean])[] = [
    [drive.close, running && work.goal === "closed" && !fast],
    [drive.open, running && work.goal === "open"],
  ];
  return drive.emergency === undefined
    ? relays
    : [...relays, [drive.emergency, running && work.goal === "closed" && fast]];
}

/** Points whose wanted value must be written now. */
export function dueWrites(wanted: Readonly<Record<string, boolean>>, outputs: Outputs, now: MonoMs): readonly string[] {
  return Object.keys(wanted).filter((point) => {
    const known = outputs[point];
    return known === undefined || known.wanted !== wanted[point] || (known.retryAt !== null && now >= known.retryAt);
  });
}

/** The line to the hardware is gone, so nothing is confirmed; once it is back it is written again. */
export function afterLink(known: OutputWork, up: boolean, now: MonoMs): OutputWork {
  return { ...known, confirmedAt: null, retryAt: up ? now : null };
}

/** The hardware shows something else than was confirmed: a board was reset, a relay welded. It is written again after a pause. */
export function readBack(known: OutputWork | undefined, reading: Reading): OutputWork | undefined {
  const { sample } = reading;
  const differs =
    known !== undefined &&
    sample.quality === "good" &&
    typeof sample.value === "boolean" &&
    sample.value !== known.wanted;
  if (!differs || known.confirmedAt === null || sample.occurredAt <= known.confirmedAt) return known;
  return { ...known, confirmedAt: null, retryAt: sample.occurredAt + outputRetryMs };
}

/** Output points of a barrier that are held on or off: lane signal, sounder, drive relays. */
export function outputsOf({ signal, sounder, drive }: BarrierConfig): readonly string[] {
  const points = [signal?.red, signal?.green, sounder, ...relaysOf(drive)];
  return points.filter((point) => point !== undefined);
}

function relaysOf(drive: DriveConfig): readonly (string | undefined)[] {
  return drive.kind === "relays" ? [drive.close, drive.open, drive.emergency] : [];
}

/** Annunciator and drive-relay points that the hardware shows active although nothing recorded wants them so (rule 3). */
export function unexplainedOutputs(
  config: EdgeConfig,
  wanted: Readonly<Record<string, boolean>>,
  readings: Readings,
): readonly string[] {
  const relays = config.barriers.flatMap(({ drive }) => relaysOf(drive)).filter((point) => point !== undefined);
  const watched = [...config.annunciators.flatMap((annunciator) => annunciator.points), ...relays];
  return watched.filter(
    (point) =>
      wanted[point] !== true && readings[point]?.sample.quality === "good" && readings[point]?.sample.value === true,
  );
}
