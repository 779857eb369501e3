// One barrier's drive as a state machine: stagger, warn, move, supervise, wait out what blocks. Proposes, never acts.
import { travelFactor, travelMarginMs } from "../model/budget.js";
import type { BarrierState } from "../model/durable.js";
import type { Reason } from "../model/incident.js";
import type { BarrierConfig } from "../model/site.js";
import type { MonoMs } from "../model/time.js";
import type { DriveRun } from "./drive-run.js";
import type { Sight } from "./sight.js";

export type Phase = "idle" | "blocked" | "clearing" | "staggered" | "warning" | "starting" | "moving" | "failed";
export type Demand = "close" | "open" | "emergency" | "stop";

/** Transient: after a restart every barrier is idle, and moves only when its inputs are freshly good (rule 5). */
export interface BarrierWork {
  readonly phase: Phase;
  readonly since: MonoMs;
  readonly goal: Goal | null;
  readonly retried: boolean;
  /** The present run was demanded as an emergency. */
  readonly isFast: boolean;
  /** Why it does not move, or why the last run failed. */
  readonly reason: Reason | null;
  /** Where it was last seen for certain; a moment without its contacts does not hide that it moved. */
  readonly position: Sight["position"];
  /** A person wants it open after a stand-down; gone after a restart, for no motion starts by itself. */
  readonly openWish: boolean;
  /** Tried by a technician; gone after a restart likewise. */
  readonly driveRun: DriveRun | null;
  /** The end of a run whose order to stop the drive has not confirmed. */
  readonly stop: Stop | null;
  /** When the drive was last told to open. */
  readonly openedAt: MonoMs | null;
  /** When a pass stood last: an emergency that was decided before does not hurry the close behind it. */
  readonly passedAt: MonoMs | null;
  /** The write that carries the present demand to run; a stop is none, for its failure must not start anything. */
  readonly write: string | null;
}

export interface Stop {
  /** Null: to be written at `againAt`. */
  readonly write: string | null;
  readonly againAt: MonoMs;
  readonly tries: number;
}

export type Goal = "closed" | "open";

/** What the rest of the box wants of this barrier now. */
export interface Order {
  readonly goal: Goal | null;
  readonly emergency: boolean;
  readonly staggerMs: number;
  /** Earliest open deadline on the monotonic clock; null when none is open. */
  readonly deadline: MonoMs | null;
}

export const initialBarrierWork: BarrierWork = {
  phase: "idle",
  since: 0,
  goal: null,
  retried: false,
  isFast: false,
  reason: null,
  position: "unknown",
  openWish: false,
  driveRun: null,
  stop: null,
  openedAt: null,
  passedAt: null,
  write: null,
};

/** A drive that runs has left its end contact by then; one that has not is reported at once. */
export const departMs = 2000;
/** While a lock-down stands, a drive that failed is tried again after this pause. */
const failedPauseMs = 60_000;
/** Pause before a demand that the drive did not confirm is written again. */
export const demandRetryMs = 500;

export interface Move {
  readonly work: BarrierWork;
  readonly demand: Demand | null;
}

/** The next move of a barrier; call again until nothing changes. */
export function moveBarrier(
  barrier: BarrierConfig,
  work: BarrierWork,
  order: Order,
  seen: { sight: Sight; now: MonoMs },
): Move {
  const { sight, now } = seen;
  if (order.goal !== work.goal) return start(work, order, seen);
  if (order.goal === null || sight.position === order.goal) return rest(work, seen);
  const against = sight.hold ?? (order.goal === "closed" ? sight.blocked : null);
  if (against !== null) return block(work, against, seen);
  // The report is cleared by a new demand only, so it ends a run that is under way and bars no new one.
  if (sight.isFaulty && work.phase === "moving" && !isBolting(barrier, order))
    return fail(barrier, { ...work, reason: "drive-fault" }, order, now);
  return proceed(barrier, work, order, seen);
}

/** A lock waits, energised, for as long as its door stands open: there is no run that could fail. */
function isBolting({ drive }: BarrierConfig, { goal }: Order): boolean {
  return drive.kind === "lock" && goal === "closed";
}

/** The drive has been told to run. */
export function isRunning(work: BarrierWork): boolean {
  return work.phase === "starting" || work.phase === "moving";
}

function start(work: BarrierWork, order: Order, { now }: { now: MonoMs }): Move {
  const next = {
    ...work,
    phase: "staggered" as const,
    since: now,
    goal: order.goal,
    retried: false,
    reason: null,
    write: null,
  };
  return { work: next, demand: isRunning(work) ? "stop" : null };
}

function rest(work: BarrierWork, { now }: { now: MonoMs }): Move {
  const since = work.phase === "idle" ? work.since : now;
  return { work: { ...work, phase: "idle", since, retried: false, reason: null, write: null }, demand: null };
}

function block(work: BarrierWork, reason: Reason, { now }: { now: MonoMs }): Move {
  if (work.phase === "blocked" && work.reason === reason) return { work, demand: null };
  // The drive stops by its own safety; the order to stop keeps it from starting again by itself.
  const demand = isRunning(work) ? "stop" : null;
  return { work: { ...work, phase: "blocked", since: now, reason, write: null }, demand };
}

function proceed(barrier: BarrierConfig, work: BarrierWork, order: Order, seen: { sight: Sight; now: MonoMs }): Move {
  const { now } = seen;
  const go = (phase: Phase, reason: Reason | null = null): Move => ({
    work: { ...work, reason, phase, since: now },
    demand: null,
  });
  const wait: Move = { work, demand: null };
  const due = now >= dueAt(barrier, work, order);
  switch (work.phase) {
    case "idle":
      return go("staggered");
    case "blocked":
      // Whatever blocked it: while it stood, nobody waited for the way to be free.
      return order.goal === "closed" ? go("clearing", reasonToShow(work)) : go("staggered");
    case "clearing":
    case "failed":
      // What blocked several at once (power, a key, a line) ends for all at once.
      return due ? go("staggered") : wait;
    case "staggered":
      return due ? go("warning") : wait;
    case "warning":
      return due ? run(barrier, work, order, now) : wait;
    case "starting":
    case "moving":
      return supervise(barrier, work, order, seen);
  }
}

/** To have waited for the first samples is no obstacle once they are good. */
function reasonToShow(work: BarrierWork): Reason | null {
  return work.reason === "waiting-for-fresh-inputs" ? null : work.reason;
}

/** A run is watched twice: the drive must leave its end contact soon, and reach the other in time. */
function supervise(
  barrier: BarrierConfig,
  work: BarrierWork,
  order: Order,
  { sight, now }: { sight: Sight; now: MonoMs },
): Move {
  if (demandFor(barrier, order) === "emergency" && !work.isFast) return run(barrier, work, order, now);
  const reason = standsStill(barrier, order, sight);
  if (now < dueAt(barrier, work, order)) {
    return { work: work.phase === "moving" && work.reason !== null ? { ...work, reason } : work, demand: null };
  }
  if (work.phase === "starting") return { work: { ...work, phase: "moving", reason }, demand: null };
  return fail(barrier, { ...work, reason: "jammed" }, order, now);
}

/** Why a run that should have begun shows nothing: a door that stands open, a drive that is stuck; null when it is on its way. */
function standsStill(barrier: BarrierConfig, order: Order, sight: Sight): Reason | null {
  if (isBolting(barrier, order)) return "obstructed";
  return sight.position === (order.goal === "closed" ? "open" : "closed") ? "jammed" : null;
}

function run(barrier: BarrierConfig, work: BarrierWork, order: Order, now: MonoMs): Move {
  const demand = demandFor(barrier, order);
  return { work: { ...work, phase: "starting", since: now, isFast: demand === "emergency" }, demand };
}

/** A run has not arrived: one retry, and only if it can still finish in time; else a pause. */
function fail(barrier: BarrierConfig, work: BarrierWork, order: Order, now: MonoMs): Move {
  const fits = order.deadline !== null && now + travelMs(barrier, order) <= order.deadline;
  if (!work.retried && fits) return run(barrier, { ...work, retried: true }, order, now);
  return { work: { ...work, phase: "failed", since: now, write: null }, demand: "stop" };
}

function demandFor(barrier: BarrierConfig, order: Order): Demand {
  if (order.goal === "open") return "open";
  return order.emergency && barrier.emergencyTravelMs !== undefined ? "emergency" : "close";
}

function travelMs(barrier: BarrierConfig, order: Order): number {
  return order.goal === "closed" && order.emergency
    ? (barrier.emergencyTravelMs ?? barrier.travelMs)
    : barrier.travelMs;
}

function warnMs(barrier: BarrierConfig, order: Order): number {
  return order.emergency ? (barrier.emergencyWarnMs ?? barrier.warnMs) : barrier.warnMs;
}

/** When the present phase ends by itself; Infinity when only an input can end it. */
export function dueAt(barrier: BarrierConfig, work: BarrierWork, order: Order): MonoMs {
  switch (work.phase) {
    case "clearing":
      return work.since + barrier.clearMs;
    case "staggered":
      return work.since + order.staggerMs;
    case "warning":
      return work.since + warnMs(barrier, order);
    case "starting":
      return work.since + (isBolting(barrier, order) ? barrier.travelMs : departMs);
    case "moving":
      if (isBolting(barrier, order)) return Number.POSITIVE_INFINITY;
      return work.since + travelMs(barrier, order) * travelFactor + travelMarginMs;
    case "failed":
      return work.since + failedPauseMs;
    case "idle":
    case "blocked":
      return Number.POSITIVE_INFINITY;
  }
}

/** The drive did not confirm the demand: it is written again after a pause, without a new warning. */
export function demandRefused(barrier: BarrierConfig, work: BarrierWork, order: Order, now: MonoMs): BarrierWork {
  if (!isRunning(work)) return work;
  return {
    ...work,
    phase: "warning",
    since: now - warnMs(barrier, order) + demandRetryMs,
    reason: "output-not-confirmed",
    write: null,
  };
}

/** The state that people see: what hinders first, then the contacts, then the motion that was ordered. */
export function shownState(work: BarrierWork, sight: Sight): BarrierState {
  const resting = sight.position === "closed" || sight.position === "open";
  if (resting && (work.goal === null || sight.position === work.goal))
    return hinderedState(sight) ?? restingState(sight);
  return hinderedState(sight) ?? pursuedState(work, sight);
}

function restingState(sight: Sight): BarrierState {
  return sight.position === "between" ? "unknown" : sight.position;
}

/** Not where it should be: why not, or on its way. */
function pursuedState(work: BarrierWork, sight: Sight): BarrierState {
  if (work.reason === "jammed") return "fault";
  if (work.reason === "obstructed" || sight.blocked === "obstructed") return "obstructed";
  if (work.phase === "blocked" || work.phase === "clearing") return "inhibited";
  if (sight.position !== "between" || work.goal === null) return restingState(sight);
  return work.goal === "closed" ? "closing" : "opening";
}

function hinderedState({ hold, isFaulty }: Sight): BarrierState | null {
  switch (hold) {
    case "locked-out":
    case "manual":
    case "power-lost":
      return hold;
    case "contact-unknown":
    case "waiting-for-fresh-inputs":
      return "unknown";
    default:
      return isFaulty ? "fault" : null;
  }
}
