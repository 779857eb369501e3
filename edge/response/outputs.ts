// Outputs that follow from state: sirens, lane signals, drive relays. What is wanted is derived; only differences are written.

import type { Durable } from "../model/durable.js";
import type { AnnunciatorConfig, BarrierConfig, DriveConfig, EdgeConfig } from "../model/site.js";
import type { Reading, Readings } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { type BarrierWork, isRunning } from "./barrier.js";
import type { Sight } from "./sight.js";

/** On or off; or a text, for a channel that takes the message itself. */
export type OutputValue = boolean | string;
/** Wanted value by output point. A point that is absent is left as it is. */
export type Wanted = Readonly<Record<string, OutputValue>>;

/** Transient: what was last written to a point and whether the hardware has confirmed it. */
export interface OutputWork {
  readonly wanted: OutputValue;
  readonly write: string;
  readonly writtenAt: MonoMs;
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

/** What annunciators, lane signals and drives are to be now. A red that is shared by two lanes is red for either; a green only for both. */
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
    const sounds = durable.annunciators[annunciator.id] !== undefined && !isYielding(annunciator, config, durable);
    for (const point of annunciator.points) either(point, sounds);
  }
  for (const now of barriers) {
    const free = now.sight.position === "open" && now.work.goal !== "closed";
    if (now.barrier.signal !== undefined) {
      either(now.barrier.signal.red, !free);
      both(now.barrier.signal.green, free);
    }
    either(now.barrier.sounder, now.work.phase === "warning" || isRunning(now.work));
    for (const [point, value] of driveOutputs(now)) either(point, value);
  }
  return wanted;
}

/** Two looks at a barrier that ask the same of its outputs. */
export function wantSame(one: BarrierNow, other: BarrierNow): boolean {
  if (one.work.phase !== other.work.phase || one.work.goal !== other.work.goal || one.emergency !== other.emergency)
    return false;
  if (one.sight.position !== other.sight.position) return false;
  const isLock = one.barrier.drive.kind === "lock";
  return !isLock || (one.sight.hold === other.sight.hold && one.sight.blocked === other.sight.blocked);
}

/** Silent while words are to be heard, once its own steps are decided: until then nothing has proved that it can sound. */
function isYielding({ id, yieldsToEvacuation }: AnnunciatorConfig, config: EdgeConfig, durable: Durable): boolean {
  const evacuates = config.annunciators.some(
    (other) => other.kind === "evacuation" && durable.annunciators[other.id] !== undefined,
  );
  if (yieldsToEvacuation !== true || !evacuates) return false;
  return !Object.values(durable.steps).some(
    ({ action, outcome }) => action.kind === "announce" && action.annunciator === id && outcome === "open",
  );
}

function driveOutputs(now: BarrierNow): readonly (readonly [string, boolean])[] {
  const { drive } = now.barrier;
  if (drive.kind !== "lock") return driveRelays(now);
  const value = lockOutput(now);
  return value === null ? [] : [[drive.lock, value]];
}

/**
 * A lock is held on while its passage is to be closed. Null: left as it is, for a contact that is lost must neither free a bolted
 * door nor bolt an open one, and what waits for its turn keeps what it has.
 */
function lockOutput({ work, sight }: BarrierNow): boolean | null {
  if (work.goal !== "closed" || sight.hold === "locked-out" || sight.hold === "manual") return false;
  if (isRunning(work) || sight.position === "closed") return true;
  return sight.position !== "unknown" && sight.blocked !== null ? false : null;
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
export function dueWrites(wanted: Wanted, outputs: Outputs, now: MonoMs): readonly string[] {
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
    typeof sample.value === typeof known.wanted &&
    sample.value !== known.wanted;
  if (!differs || known.confirmedAt === null || sample.occurredAt <= known.confirmedAt) return known;
  return { ...known, confirmedAt: null, retryAt: sample.occurredAt + outputRetryMs };
}

/** Output points of a barrier that are held on or off: lane signal, sounder, drive relays. */
export function outputsOf({ signal, sounder, drive }: BarrierConfig): readonly string[] {
  const points = [signal?.red, signal?.green, sounder, ...relaysOf(drive)];
  return points.filter((point) => point !== undefined);
}

/** The output that makes a drive close. */
export function demandPointOf(drive: DriveConfig): string {
  switch (drive.kind) {
    case "demand":
      return drive.point;
    case "relays":
      return drive.close;
    case "lock":
      return drive.lock;
  }
}

/** Outputs that a drive is held by; none where it takes words. */
export function relaysOf(drive: DriveConfig): readonly string[] {
  switch (drive.kind) {
    case "demand":
      return [];
    case "relays":
      return [drive.close, drive.open, ...(drive.emergency === undefined ? [] : [drive.emergency])];
    case "lock":
      return [drive.lock];
  }
}

/**
 * Annunciators, drive relays, locks, switched outputs and diallers that the hardware shows active although nothing recorded wants them
 * so (rule 3). `known`: barriers whose motion is on record, and channels by which word went out.
 */
export function unexplainedOutputs(
  config: EdgeConfig,
  wanted: Wanted,
  readings: Readings,
  known: readonly string[] = [],
): readonly string[] {
  const unknown = <T extends { readonly id: string }>(things: readonly T[] = []) =>
    things.filter(({ id }) => !known.includes(id));
  const watched = { ...config, barriers: unknown(config.barriers), channels: unknown(config.channels) };
  return [...switchedOutputs(watched, ({ drive }) => relaysOf(drive))].filter(
    (point) =>
      wanted[point] === false && readings[point]?.sample.quality === "good" && readings[point]?.sample.value === true,
  );
}

/** Points that something of this configuration switches on and off; `ofBarrier`: which of a barrier's. */
export function switchedOutputs(
  { annunciators, barriers, channels = [], responses, walkTest }: EdgeConfig,
  ofBarrier: (barrier: BarrierConfig) => readonly string[] = outputsOf,
): ReadonlySet<string> {
  return new Set([
    ...annunciators.flatMap(({ points }) => points),
    ...(walkTest?.chirp?.kind === "point" ? [walkTest.chirp.point] : []),
    ...barriers.flatMap(ofBarrier),
    ...channels.flatMap((channel) => (channel.kind === "output" ? [channel.point] : [])),
    ...responses.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "switch" ? [step.point] : []))),
  ]);
}
