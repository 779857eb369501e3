// Runs of drives on their way through the controller: begun by an order, kept up by signs, ended by the first thing that speaks
// against them, and told.

import type { DriveRunEnd, DriveRunResult } from "../model/drive-run.js";
import { fact } from "../model/fact.js";
import type { BarrierConfig } from "../model/site.js";
import { isRunning } from "../response/barrier.js";
import {
  beginDriveRun,
  type DriveRun,
  type DriveRunAsk,
  driveRunResult,
  followDriveRun,
  goalOf,
  signDriveRun,
} from "../response/drive-run.js";
import { demandPointOf } from "../response/outputs.js";
import { change, emit, type Turn } from "./turn.js";
import { releasesOf, sightOf, workOf } from "./views.js";

export function startDriveRun(turn: Turn, id: string, ask: DriveRunAsk): void {
  const barrier = turn.index.barriers.get(id);
  if (barrier === undefined) return;
  const work = {
    ...workOf(turn, id),
    driveRun: beginDriveRun(ask, barrier, sightOf(turn, barrier).position, turn.now),
    openWish: false,
  };
  change(turn, { barriers: { ...turn.transient.barriers, [id]: work } });
}

/** The technician of a hold is still there. A key that was used, or one of a hold that is over, does nothing. */
export function takeSign(turn: Turn, { run, key }: { readonly run: string; readonly key: number }): void {
  const found = find(turn, run);
  if (found !== null) keep(turn, found.barrier, signDriveRun(found.driveRun, key, turn.now.mono));
}

/** The technician let go, his line ended, or somebody ordered the drive to stop. */
export function letGo(turn: Turn, run: string, end: DriveRunEnd): void {
  const found = find(turn, run);
  if (found !== null) endDriveRun(turn, found.barrier, { end, reason: null });
}

export function stopDriveRunOf(turn: Turn, barrier: string): void {
  const { driveRun } = workOf(turn, barrier);
  if (driveRun !== null) letGo(turn, driveRun.id, "stopped");
}

function find(turn: Turn, id: string): { readonly barrier: BarrierConfig; readonly driveRun: DriveRun } | null {
  for (const barrier of turn.config.barriers) {
    const { driveRun } = workOf(turn, barrier.id);
    if (driveRun?.id === id) return { barrier, driveRun };
  }
  return null;
}

function keep(turn: Turn, { id }: BarrierConfig, driveRun: DriveRun | null): void {
  const work = workOf(turn, id);
  if (work.driveRun !== driveRun)
    change(turn, { barriers: { ...turn.transient.barriers, [id]: { ...work, driveRun } } });
}

/** The time of a run is over before its drive is looked at: what is due now must not start it any more. */
export function isDriveRunOver(turn: Turn, { id }: BarrierConfig): boolean {
  const { driveRun } = workOf(turn, id);
  return driveRun !== null && turn.now.mono >= driveRun.until;
}

/** True when the run is over now; the barrier is then to be looked at again. */
export function settleDriveRun(turn: Turn, barrier: BarrierConfig): boolean {
  const work = workOf(turn, barrier.id);
  if (work.driveRun === null) return false;
  const next = followDriveRun(work.driveRun, {
    sight: sightOf(turn, barrier),
    isRunning: isRunning(work),
    failed: work.phase === "failed" ? (work.reason ?? "jammed") : null,
    reason: work.reason,
    isOverruled: isOverruled(turn, barrier.id),
    now: turn.now.mono,
  });
  if ("driveRun" in next) keep(turn, barrier, next.driveRun);
  else endDriveRun(turn, barrier, next);
  return "end" in next;
}

function isOverruled(turn: Turn, barrier: string): boolean {
  const { lockDowns, passes } = turn.durable;
  const isHeld = Object.values(lockDowns).some(({ barriers }) => barriers.includes(barrier));
  return isHeld || passes[barrier] !== undefined || releasesOf(turn, barrier).length > 0;
}

function endDriveRun(turn: Turn, barrier: BarrierConfig, ended: Pick<DriveRunResult, "end" | "reason">): void {
  const { driveRun } = workOf(turn, barrier.id);
  if (driveRun === null) return;
  const sight = sightOf(turn, barrier);
  const wiring = {
    output: turn.index.wired.get(demandPointOf(barrier.drive)),
    contact: turn.index.wired.get(driveRun.direction === "close" ? barrier.closed : (barrier.open ?? barrier.closed)),
  };
  const confirmedAt = sight.position === goalOf(driveRun) ? sight.positionAt : null;
  const halt = ended.end === "hindered" && driveRun.demandedAt !== null ? haltOf(turn, barrier) : null;
  const result = driveRunResult(driveRun, barrier, { ...ended, confirmedAt, halt, now: turn.now.mono }, wiring);
  keep(turn, barrier, null);
  emit(turn, [fact("barrier.tried", barrier.id, { barrier: barrier.id, result })]);
}

/** The interlock that spoke, and how long its signal took to the demand to stop. */
function haltOf(turn: Turn, { interlocks, obstructed }: BarrierConfig): DriveRunResult["halt"] {
  const points = obstructed === undefined ? interlocks : [...interlocks, obstructed];
  for (const point of points) {
    const sample = turn.transient.readings[point]?.sample;
    if (sample?.quality === "good" && sample.value === true)
      return { point, ms: Math.max(0, Math.round(turn.now.mono - sample.occurredAt)) };
  }
  return null;
}
