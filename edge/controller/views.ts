// How each barrier looks and what is wanted of it, kept from step to step: it is looked at again only when one of its points spoke,
// its order may have changed, or its time has come.
import type { Step } from "../model/incident.js";
import type { BarrierConfig } from "../model/site.js";
import type { MonoMs } from "../model/time.js";
import { type BarrierWork, departMs, dueAt, initialBarrierWork, type Order } from "../response/barrier.js";
import { goalOf } from "../response/drive-run.js";
import type { BarrierNow } from "../response/outputs.js";
import { lookAt, type Sight } from "../response/sight.js";
import { isGivenUp } from "../response/steps.js";
import { change, type Turn } from "./turn.js";

export interface View extends BarrierNow {
  /** When it must be looked at again although nothing was heard; Infinity when not. */
  readonly dueAt: MonoMs;
}

export interface Views {
  readonly byBarrier: Readonly<Record<string, View>>;
  /** What orders follow from, as it was then: while every part is the same, so is every order. */
  readonly grounds: readonly unknown[];
}

export const noViews: Views = { byBarrier: {}, grounds: [] };

export function viewOf(turn: Turn, barrier: BarrierConfig): View {
  const work = workOf(turn, barrier.id);
  const order = orderFor(turn, barrier);
  return {
    barrier,
    work,
    sight: sightOf(turn, barrier),
    emergency: order.emergency,
    dueAt: Math.min(dueAt(barrier, work, order), departedAt(turn, work), driveRunDueAt(work)),
  };
}

/** Barriers whose next move may differ from what was last found. */
export function barriersToMove(turn: Turn): readonly BarrierConfig[] {
  const { views } = turn.transient;
  if (!isGrounded(turn, views)) return turn.config.barriers;
  const spoken = new Set([...turn.heard].flatMap((point) => turn.index.barriersOfPoint.get(point) ?? []));
  return turn.config.barriers.filter((barrier) => {
    const view = views.byBarrier[barrier.id];
    return (
      spoken.has(barrier) ||
      view === undefined ||
      view.dueAt <= turn.now.mono ||
      view.work !== turn.transient.barriers[barrier.id]
    );
  });
}

/** Nothing that orders follow from has changed since these views were taken. */
export function isGrounded(turn: Turn, views: Views): boolean {
  const grounds = groundsOf(turn);
  return grounds.every((part, index) => part === views.grounds[index]);
}

function groundsOf({ config, durable, transient }: Turn): readonly unknown[] {
  return [config, durable.steps, durable.lockDowns, durable.passes, durable.lockOuts, transient.settled];
}

/** Keeps how these barriers look after their moves. */
export function lookAgain(turn: Turn, barriers: readonly BarrierConfig[]): void {
  const kept = barriers === turn.config.barriers ? {} : turn.transient.views.byBarrier;
  const seen = Object.fromEntries(barriers.map((barrier) => [barrier.id, viewOf(turn, barrier)]));
  change(turn, { views: { byBarrier: { ...kept, ...seen }, grounds: groundsOf(turn) } });
  turn.heard.clear();
}

/** What a barrier is doing. */
export function workOf(turn: Turn, barrier: string): BarrierWork {
  return turn.transient.barriers[barrier] ?? initialBarrierWork;
}

/** A closed contact heard before the drive was told to open is old news until the drive has had time to leave it. */
export function sightOf(turn: Turn, barrier: BarrierConfig): Sight {
  const sight = lookAt(barrier, turn.transient.readings, turn.durable.lockOuts);
  const { openedAt } = workOf(turn, barrier.id);
  if (openedAt === null || sight.position !== "closed" || turn.now.mono >= openedAt + departMs) return sight;
  return (sight.positionAt ?? 0) > openedAt ? sight : { ...sight, position: "between" };
}

function departedAt(turn: Turn, { openedAt }: BarrierWork): MonoMs {
  if (openedAt === null || turn.now.mono >= openedAt + departMs) return Number.POSITIVE_INFINITY;
  return openedAt + departMs;
}

/** When a run is over by time, or a stop is to be written again; Infinity when neither is under way. */
function driveRunDueAt({ driveRun, stop }: BarrierWork): MonoMs {
  return Math.min(driveRun?.until ?? Number.POSITIVE_INFINITY, stop?.againAt ?? Number.POSITIVE_INFINITY);
}

/** Fire stands above a pass, a pass above the lock-down that it interrupts, a lock-down above a run, that above a person's wish. */
export function orderFor(turn: Turn, barrier: BarrierConfig): Order {
  const held = Object.values(turn.durable.lockDowns).find((lockDown) => lockDown.barriers.includes(barrier.id));
  const releases = releasesOf(turn, barrier.id);
  const steps = releases.length > 0 ? releases : waitingCloses(turn, barrier.id);
  const deadlines = steps.filter((step) => step.outcome === "open").map((step) => step.deadlineAt.mono);
  const opening = releases.length > 0 || turn.durable.passes[barrier.id] !== undefined;
  const closing = !opening && held !== undefined;
  const { driveRun, openWish } = workOf(turn, barrier.id);
  const wish = driveRun === null ? (openWish ? "open" : null) : goalOf(driveRun);
  return {
    goal: closing ? "closed" : opening ? "open" : wish,
    emergency: closing ? steps.some((step) => isUrgent(turn, step)) : !opening && driveRun?.mode === "emergency",
    staggerMs: closing ? staggerOf(turn, held.group, barrier.id) : 0,
    deadline: deadlines.length === 0 ? null : Math.min(...deadlines),
  };
}

/** Steps by which a fire frees a barrier. */
export function releasesOf(turn: Turn, barrier: string): readonly Step[] {
  return Object.values(turn.durable.steps).filter(
    ({ action }) => action.kind === "release" && action.barrier === barrier,
  );
}

/** Close steps of a barrier that still wait for its contact; a missed one only while its lock-down stands. */
export function waitingCloses(turn: Turn, barrier: string): readonly Step[] {
  return Object.values(turn.durable.steps).filter(
    (step) =>
      step.action.kind === "close" &&
      step.action.barrier === barrier &&
      step.confirmedAt === null &&
      (step.outcome === "open" || step.outcome === "missed") &&
      !isGivenUp(step),
  );
}

/** An emergency that was decided before a vehicle was let pass is over: the lane behind it closes as usual. */
function isUrgent(turn: Turn, { action, decidedAt }: Step): boolean {
  if (action.kind !== "close" || action.mode !== "emergency") return false;
  const { passedAt } = workOf(turn, action.barrier);
  return passedAt === null || (decidedAt.boot === turn.now.boot && decidedAt.mono > passedAt);
}

function staggerOf(turn: Turn, group: string, barrier: string): number {
  const known = turn.index.groups.get(group);
  return known === undefined ? 0 : known.barriers.indexOf(barrier) * known.staggerMs;
}
