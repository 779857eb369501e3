// A trial of one drive at its commissioning: a measured run, or hold-to-run 点动 that lasts only while its technician shows that he is
// there. Proposes how it goes on and when it is over; it never lives through a restart.
import { arrivalMs, commandBudgetMs, travelFactor, travelMarginMs, type Wired } from "../model/budget.js";
import type { Reason } from "../model/incident.js";
import type { BarrierConfig } from "../model/site.js";
import {
  holdMsMax,
  type TrialDirection,
  type TrialEnd,
  type TrialKind,
  type TrialMode,
  type TrialNow,
  type TrialResult,
} from "../model/test-run.js";
import type { MonoMs, Stamp } from "../model/time.js";
import type { Sight } from "./sight.js";

export interface Trial {
  /** Of the command that began it. */
  readonly id: string;
  readonly kind: TrialKind;
  readonly direction: TrialDirection;
  readonly mode: TrialMode;
  readonly by: string;
  readonly at: Stamp;
  /** When it is over whatever comes; of a hold moved on by every sign. */
  readonly until: MonoMs;
  /** Key that the next sign must bring, and when it was given out: a sign is no younger than its key. */
  readonly key: number;
  readonly keyAt: MonoMs;
  /** It stood at the other end when it began. */
  readonly isFull: boolean;
  readonly demandedAt: MonoMs | null;
  readonly leftAt: MonoMs | null;
}

export type TrialAsk = Pick<Trial, "id" | "kind" | "direction" | "mode" | "by">;

/** Beside warning and travel, for a drive that does not confirm its demand. */
const graceMs = 10_000;

export function beginTrial(ask: TrialAsk, barrier: BarrierConfig, position: Sight["position"], now: Stamp): Trial {
  const runMs = barrier.warnMs + travelOf(barrier, ask) * travelFactor + travelMarginMs + graceMs;
  return {
    ...ask,
    at: now,
    until: now.mono + (ask.kind === "hold" ? holdMsMax : runMs),
    key: 1,
    keyAt: now.mono,
    isFull: position === (ask.direction === "close" ? "open" : "closed"),
    demandedAt: null,
    leftAt: null,
  };
}

/**
 * A sign that the technician holds the button. It proves that he was there when its key was given out, and no later: signs that a bad line
 * keeps back and delivers in a heap move the end by nothing.
 */
export function signTrial(trial: Trial, key: number, now: MonoMs): Trial {
  if (trial.kind !== "hold" || key !== trial.key || now >= trial.until) return trial;
  return { ...trial, until: trial.keyAt + holdMsMax, key: key + 1, keyAt: now };
}

export interface TrialView {
  readonly sight: Sight;
  /** Its drive has been told to run. */
  readonly isRunning: boolean;
  /** Its run has failed, and why. */
  readonly failed: Reason | null;
  /** What hinders the machine at the moment, where it says. */
  readonly reason: Reason | null;
  /** A lock-down, a fire or a pass wants something else of the barrier. */
  readonly isOverruled: boolean;
  readonly now: MonoMs;
}

export type TrialStep = { readonly trial: Trial } | { readonly end: TrialEnd; readonly reason: Reason | null };

export const goalOf = ({ direction }: Pick<Trial, "direction">) => (direction === "close" ? "closed" : "open");

/** How a trial goes on at this moment. What ends it is told in the order of its weight. */
export function followTrial(trial: Trial, view: TrialView): TrialStep {
  const { sight, now } = view;
  const isThere = sight.position === goalOf(trial) && trial.demandedAt !== null;
  if (view.isOverruled) return { end: "overruled", reason: null };
  if (isThere) return { end: "arrived", reason: null };
  const against = sight.hold ?? (trial.direction === "close" ? sight.blocked : null);
  if (against !== null) return { end: "hindered", reason: against };
  if (view.failed !== null) return { end: "failed", reason: view.failed };
  if (now >= trial.until) {
    return trial.kind === "hold" ? { end: "silent", reason: null } : { end: "too-long", reason: view.reason };
  }
  return { trial: watched(trial, view) };
}

/** A demand that was not confirmed is written again: the run counts from then. */
function watched(trial: Trial, { sight, isRunning, now }: TrialView): Trial {
  const demandedAt = isRunning ? (trial.demandedAt ?? now) : null;
  const { position, positionAt } = sight;
  // A contact that was heard before the demand says nothing of what follows from it.
  const hasLeft = demandedAt !== null && position === "between" && positionAt !== null && positionAt > demandedAt;
  const leftAt = hasLeft ? (trial.leftAt ?? positionAt) : trial.leftAt;
  return demandedAt === trial.demandedAt && leftAt === trial.leftAt ? trial : { ...trial, demandedAt, leftAt };
}

export interface TrialEnding {
  readonly end: TrialEnd;
  readonly reason: Reason | null;
  /** When the contact confirmed it; null when it did not arrive. */
  readonly confirmedAt: MonoMs | null;
  readonly halt: TrialResult["halt"];
  readonly now: MonoMs;
}

/** `wiring`: what carries the demand and the contact that confirms it. */
export function trialResult(
  trial: Trial,
  barrier: BarrierConfig,
  ending: TrialEnding,
  wiring: { readonly output: Wired | undefined; readonly contact: Wired | undefined },
): TrialResult {
  const { demandedAt, leftAt } = trial;
  const datasheetMs = travelOf(barrier, trial);
  const provedMs =
    datasheetMs +
    (wiring.output === undefined ? 0 : commandBudgetMs(wiring.output)) +
    (wiring.contact === undefined ? 0 : arrivalMs(wiring.contact));
  const isOver = trial.kind === "hold" || ending.end === "arrived";
  const ms = demandedAt === null || !isOver ? null : Math.round((ending.confirmedAt ?? ending.now) - demandedAt);
  const hasArrived = ending.end === "arrived" && ms !== null;
  return {
    id: trial.id,
    barrier: barrier.id,
    kind: trial.kind,
    direction: trial.direction,
    mode: trial.mode,
    isFull: trial.isFull,
    by: trial.by,
    at: trial.at,
    end: ending.end,
    reason: ending.reason,
    ms,
    leftMs: leftAt === null || demandedAt === null ? null : Math.round(leftAt - demandedAt),
    datasheetMs,
    provedMs,
    verdict: !hasArrived ? "not-reached" : trial.kind === "hold" || ms <= provedMs ? "passed" : "slow",
    halt: ending.halt,
  };
}

function travelOf(barrier: BarrierConfig, { mode }: Pick<Trial, "mode">): number {
  return mode === "emergency" ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
}

export function trialNow(barrier: string, trial: Trial): TrialNow {
  const { id, kind, direction, mode, by, demandedAt, key, until } = trial;
  const isRunning = demandedAt !== null;
  return { id, barrier, kind, direction, mode, by, isRunning, key: kind === "hold" ? key : null, until };
}
