// Trials of drives on their way through the controller: begun by an order, kept up by signs, ended by the first thing that speaks
// against them, and told.
import { fact } from "../model/fact.js";
import type { BarrierConfig } from "../model/site.js";
import type { TrialEnd, TrialResult } from "../model/test-run.js";
import { isRunning } from "../response/barrier.js";
import { demandPointOf } from "../response/outputs.js";
import {
  beginTrial,
  followTrial,
  goalOf,
  signTrial,
  type Trial,
  type TrialAsk,
  trialResult,
} from "../response/test-run.js";
import { change, emit, type Turn } from "./turn.js";
import { releasesOf, sightOf, workOf } from "./views.js";

export function startTrial(turn: Turn, id: string, ask: TrialAsk): void {
  const barrier = turn.index.barriers.get(id);
  if (barrier === undefined) return;
  const work = {
    ...workOf(turn, id),
    trial: beginTrial(ask, barrier, sightOf(turn, barrier).position, turn.now),
    openWish: false,
  };
  change(turn, { barriers: { ...turn.transient.barriers, [id]: work } });
}

/** The technician of a hold is still there. A key that was used, or one of a hold that is over, does nothing. */
export function takeSign(turn: Turn, { trial, key }: { readonly trial: string; readonly key: number }): void {
  const found = find(turn, trial);
  if (found !== null) keep(turn, found.barrier, signTrial(found.trial, key, turn.now.mono));
}

/** The technician let go, his line ended, or somebody ordered the drive to stop. */
export function letGo(turn: Turn, trial: string, end: TrialEnd): void {
  const found = find(turn, trial);
  if (found !== null) endTrial(turn, found.barrier, { end, reason: null });
}

export function stopTrialOf(turn: Turn, barrier: string): void {
  const { trial } = workOf(turn, barrier);
  if (trial !== null) letGo(turn, trial.id, "stopped");
}

function find(turn: Turn, id: string): { readonly barrier: BarrierConfig; readonly trial: Trial } | null {
  for (const barrier of turn.config.barriers) {
    const { trial } = workOf(turn, barrier.id);
    if (trial?.id === id) return { barrier, trial };
  }
  return null;
}

function keep(turn: Turn, { id }: BarrierConfig, trial: Trial | null): void {
  const work = workOf(turn, id);
  if (work.trial !== trial) change(turn, { barriers: { ...turn.transient.barriers, [id]: { ...work, trial } } });
}

/** The time of a trial is over before its drive is looked at: what is due now must not start it any more. */
export function isTrialOver(turn: Turn, { id }: BarrierConfig): boolean {
  const { trial } = workOf(turn, id);
  return trial !== null && turn.now.mono >= trial.until;
}

/** True when the trial is over now; the barrier is then to be looked at again. */
export function settleTrial(turn: Turn, barrier: BarrierConfig): boolean {
  const work = workOf(turn, barrier.id);
  if (work.trial === null) return false;
  const next = followTrial(work.trial, {
    sight: sightOf(turn, barrier),
    isRunning: isRunning(work),
    failed: work.phase === "failed" ? (work.reason ?? "jammed") : null,
    reason: work.reason,
    isOverruled: isOverruled(turn, barrier.id),
    now: turn.now.mono,
  });
  if ("trial" in next) keep(turn, barrier, next.trial);
  else endTrial(turn, barrier, next);
  return "end" in next;
}

function isOverruled(turn: Turn, barrier: string): boolean {
  const { lockDowns, passes } = turn.durable;
  const isHeld = Object.values(lockDowns).some(({ barriers }) => barriers.includes(barrier));
  return isHeld || passes[barrier] !== undefined || releasesOf(turn, barrier).length > 0;
}

function endTrial(turn: Turn, barrier: BarrierConfig, ended: Pick<TrialResult, "end" | "reason">): void {
  const { trial } = workOf(turn, barrier.id);
  if (trial === null) return;
  const sight = sightOf(turn, barrier);
  const wiring = {
    output: turn.index.wired.get(demandPointOf(barrier.drive)),
    contact: turn.index.wired.get(trial.direction === "close" ? barrier.closed : (barrier.open ?? barrier.closed)),
  };
  const confirmedAt = sight.position === goalOf(trial) ? sight.positionAt : null;
  const halt = ended.end === "hindered" && trial.demandedAt !== null ? haltOf(turn, barrier) : null;
  const result = trialResult(trial, barrier, { ...ended, confirmedAt, halt, now: turn.now.mono }, wiring);
  keep(turn, barrier, null);
  emit(turn, [fact("barrier.tried", barrier.id, { barrier: barrier.id, result })]);
}

/** The interlock that spoke, and how long its signal took to the demand to stop. */
function haltOf(turn: Turn, { interlocks, obstructed }: BarrierConfig): TrialResult["halt"] {
  const points = obstructed === undefined ? interlocks : [...interlocks, obstructed];
  for (const point of points) {
    const sample = turn.transient.readings[point]?.sample;
    if (sample?.quality === "good" && sample.value === true)
      return { point, ms: Math.max(0, Math.round(turn.now.mono - sample.occurredAt)) };
  }
  return null;
}
