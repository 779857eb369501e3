// A run of one drive at its commissioning: a measured run, or hold-to-run 点动 that lasts only while its technician shows that he is
// there. Proposes how it goes on and when it is over; it never lives through a restart.
import { arrivalMs, commandBudgetMs, travelFactor, travelMarginMs, type Wired } from "../model/budget.js";
import {
  type DriveDirection,
  type DriveMode,
  type DriveRunEnd,
  type DriveRunKind,
  type DriveRunNow,
  type DriveRunResult,
  holdMsMax,
} from "../model/drive-run.js";
import type { Reason } from "../model/incident.js";
import type { BarrierConfig } from "../model/site.js";
import type { MonoMs, Stamp } from "../model/time.js";
import type { Sight } from "./sight.js";

export interface DriveRun {
  /** Of the command that began it. */
  readonly id: string;
  readonly kind: DriveRunKind;
  readonly direction: DriveDirection;
  readonly mode: DriveMode;
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

export type DriveRunAsk = Pick<DriveRun, "id" | "kind" | "direction" | "mode" | "by">;

/** Beside warning and travel, for a drive that does not confirm its demand. */
const graceMs = 10_000;

export function beginDriveRun(
  ask: DriveRunAsk,
  barrier: BarrierConfig,
  position: Sight["position"],
  now: Stamp,
): DriveRun {
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
export function signDriveRun(driveRun: DriveRun, key: number, now: MonoMs): DriveRun {
  if (driveRun.kind !== "hold" || key !== driveRun.key || now >= driveRun.until) return driveRun;
  return { ...driveRun, until: driveRun.keyAt + holdMsMax, key: key + 1, keyAt: now };
}

export interface DriveRunView {
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

export type DriveRunStep =
  | { readonly driveRun: DriveRun }
  | { readonly end: DriveRunEnd; readonly reason: Reason | null };

export const goalOf = ({ direction }: Pick<DriveRun, "direction">) => (direction === "close" ? "closed" : "open");

/** How a run goes on at this moment. What ends it is told in the order of its weight. */
export function followDriveRun(driveRun: DriveRun, view: DriveRunView): DriveRunStep {
  const { sight, now } = view;
  const isThere = sight.position === goalOf(driveRun) && driveRun.demandedAt !== null;
  if (view.isOverruled) return { end: "overruled", reason: null };
  if (isThere) return { end: "arrived", reason: null };
  const against = sight.hold ?? (driveRun.direction === "close" ? sight.blocked : null);
  if (against !== null) return { end: "hindered", reason: against };
  if (view.failed !== null) return { end: "failed", reason: view.failed };
  if (now >= driveRun.until) {
    return driveRun.kind === "hold" ? { end: "silent", reason: null } : { end: "too-long", reason: view.reason };
  }
  return { driveRun: watched(driveRun, view) };
}

/** A demand that was not confirmed is written again: the run counts from then. */
function watched(driveRun: DriveRun, { sight, isRunning, now }: DriveRunView): DriveRun {
  const demandedAt = isRunning ? (driveRun.demandedAt ?? now) : null;
  const { position, positionAt } = sight;
  // A contact that was heard before the demand says nothing of what follows from it.
  const hasLeft = demandedAt !== null && position === "between" && positionAt !== null && positionAt > demandedAt;
  const leftAt = hasLeft ? (driveRun.leftAt ?? positionAt) : driveRun.leftAt;
  return demandedAt === driveRun.demandedAt && leftAt === driveRun.leftAt
    ? driveRun
    : { ...driveRun, demandedAt, leftAt };
}

export interface DriveRunEnding {
  readonly end: DriveRunEnd;
  readonly reason: Reason | null;
  /** When the contact confirmed it; null when it did not arrive. */
  readonly confirmedAt: MonoMs | null;
  readonly halt: DriveRunResult["halt"];
  readonly now: MonoMs;
}

/** `wiring`: what carries the demand and the contact that confirms it. */
export function driveRunResult(
  driveRun: DriveRun,
  barrier: BarrierConfig,
  ending: DriveRunEnding,
  wiring: { readonly output: Wired | undefined; readonly contact: Wired | undefined },
): DriveRunResult {
  const { demandedAt, leftAt } = driveRun;
  const datasheetMs = travelOf(barrier, driveRun);
  const provedMs =
    datasheetMs +
    (wiring.output === undefined ? 0 : commandBudgetMs(wiring.output)) +
    (wiring.contact === undefined ? 0 : arrivalMs(wiring.contact));
  const isOver = driveRun.kind === "hold" || ending.end === "arrived";
  const ms = demandedAt === null || !isOver ? null : Math.round((ending.confirmedAt ?? ending.now) - demandedAt);
  const hasArrived = ending.end === "arrived" && ms !== null;
  return {
    id: driveRun.id,
    barrier: barrier.id,
    kind: driveRun.kind,
    direction: driveRun.direction,
    mode: driveRun.mode,
    isFull: driveRun.isFull,
    by: driveRun.by,
    at: driveRun.at,
    end: ending.end,
    reason: ending.reason,
    ms,
    leftMs: leftAt === null || demandedAt === null ? null : Math.round(leftAt - demandedAt),
    datasheetMs,
    provedMs,
    verdict: !hasArrived ? "not-reached" : driveRun.kind === "hold" || ms <= provedMs ? "passed" : "slow",
    halt: ending.halt,
  };
}

function travelOf(barrier: BarrierConfig, { mode }: Pick<DriveRun, "mode">): number {
  return mode === "emergency" ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
}

export function driveRunNow(barrier: string, driveRun: DriveRun): DriveRunNow {
  const { id, kind, direction, mode, by, demandedAt, key, until } = driveRun;
  const isRunning = demandedAt !== null;
  return { id, barrier, kind, direction, mode, by, isRunning, key: kind === "hold" ? key : null, until };
}
