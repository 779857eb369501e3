// Each barrier towards what is wanted of it: the moves of its machine, the demands on the way, and what people must know of it.
import { fact } from "../model/fact.js";
import { barrierOf, type Reason, type Step } from "../model/incident.js";
import type { WriteResult } from "../model/point.js";
import type { BarrierConfig, DriveConfig } from "../model/site.js";
import { workOrder } from "../model/work-order.js";
import {
  type BarrierWork,
  type Demand,
  demandRefused,
  demandRetryMs,
  isRunning,
  type Move,
  moveBarrier,
  type Order,
  shownState,
} from "../response/barrier.js";
import { travelMeasure } from "../response/budget.js";
import { answerWithinMs, type BarrierNow, demandPointOf, relaysOf } from "../response/outputs.js";
import { isOutOfReach, type Sight } from "../response/sight.js";
import { inhibitedFacts } from "../response/steps.js";
import { measureCommand, measured } from "./budgets.js";
import { isDriveRunOver, settleDriveRun } from "./drive-runs.js";
import { change, emit, nextWrite, placeOf, type Turn } from "./turn.js";
import { barriersToMove, lookAgain, orderFor, releasesOf, sightOf, viewOf, waitingCloses, workOf } from "./views.js";

/** Every barrier as it is at this moment. */
export function viewBarriers(turn: Turn): readonly BarrierNow[] {
  return turn.config.barriers.map((barrier) => viewOf(turn, barrier));
}

/** A lane is barred while its barrier is not fully open, or its signal is red because it is to be closed. */
export function laneBarred(turn: Turn, id: string): boolean {
  const barrier = turn.index.barriers.get(id);
  if (barrier === undefined) return false;
  return sightOf(turn, barrier).position !== "open" || workOf(turn, id).goal === "closed";
}

/** The drive has confirmed a demand. */
export function demandConfirmed(turn: Turn, { id, point, confirmedAt }: WriteResult & { ok: true }): void {
  const stopped = stoppedBy(turn, id);
  if (stopped !== undefined) {
    keep(turn, stopped.id, { ...workOf(turn, stopped.id), stop: null });
    return;
  }
  const barrier = demandedBy(turn, id);
  if (barrier !== undefined) measureCommand(turn, point, confirmedAt - workOf(turn, barrier.id).since);
}

function demandedBy(turn: Turn, write: string): BarrierConfig | undefined {
  return turn.config.barriers.find((known) => workOf(turn, known.id).write === write);
}

function stoppedBy(turn: Turn, write: string): BarrierConfig | undefined {
  return turn.config.barriers.find((known) => workOf(turn, known.id).stop?.write === write);
}

/** The drive has not confirmed a demand; an order to stop is written again after a pause. */
export function demandFailed(turn: Turn, write: string): void {
  const stopped = stoppedBy(turn, write);
  if (stopped !== undefined) {
    const work = workOf(turn, stopped.id);
    const stop = work.stop && { ...work.stop, write: null, againAt: turn.now.mono + demandRetryMs };
    keep(turn, stopped.id, { ...work, stop });
    return;
  }
  const barrier = demandedBy(turn, write);
  if (barrier === undefined) return;
  keep(turn, barrier.id, demandRefused(barrier, workOf(turn, barrier.id), orderFor(turn, barrier), turn.now.mono));
}

function keep(turn: Turn, barrier: string, work: BarrierWork): void {
  change(turn, { barriers: { ...turn.transient.barriers, [barrier]: work } });
}

/** The next moves of all barriers that have one. */
export function moveBarriers(turn: Turn): void {
  const barriers = barriersToMove(turn);
  if (barriers.length === 0) return;
  for (const barrier of barriers) {
    if (isDriveRunOver(turn, barrier)) settleDriveRun(turn, barrier);
    advance(turn, barrier);
    if (settleDriveRun(turn, barrier)) advance(turn, barrier);
    stopAgain(turn, barrier);
  }
  lookAgain(turn, barriers);
}

/** An order to stop that no drive has confirmed after so many tries is a matter for people. */
const stopTriesMax = 10;

/** What was to stop and may not have heard it; a new demand takes the place of it. */
function stopAgain(turn: Turn, barrier: BarrierConfig): void {
  const work = workOf(turn, barrier.id);
  if (work.stop === null || isRunning(work) || turn.now.mono < work.stop.againAt) return;
  if (work.stop.tries >= stopTriesMax) {
    keep(turn, barrier.id, { ...work, stop: null });
    emit(turn, workOrder(`barrier:${barrier.id}`, "output-not-confirmed", placeOf(turn)));
  } else {
    keep(turn, barrier.id, withStop(turn, work, command(turn, barrier, "stop")));
  }
}

function withStop(turn: Turn, work: BarrierWork, write: string | null): BarrierWork {
  if (write === null) return { ...work, stop: null };
  return { ...work, stop: { write, againAt: turn.now.mono + answerWithinMs, tries: (work.stop?.tries ?? 0) + 1 } };
}

/** More phases than a barrier has; a machine that does not come to rest within them is our own mistake. */
const phasesMax = 8;

/** The next moves of one barrier, and what people must know of them. */
function advance(turn: Turn, barrier: BarrierConfig): void {
  const sight = sightOf(turn, barrier);
  const order = orderFor(turn, barrier);
  const before = workOf(turn, barrier.id);
  let work = pursue(turn, barrier, order, sight);
  if (isToBeKept(turn, barrier.id, { sight, order })) {
    work = { ...work, write: command(turn, barrier, order.emergency ? "emergency" : "close") };
  }
  work = {
    ...work,
    position: sight.position === "unknown" ? work.position : sight.position,
    openWish: work.openWish && sight.position !== "open" && order.goal !== "closed" && !isOutOfReach(sight),
    passedAt: turn.durable.passes[barrier.id] === undefined ? work.passedAt : turn.now.mono,
  };
  keep(turn, barrier.id, work);
  measureTravel(turn, barrier, before, sight);
  report(turn, barrier, { before, work, sight, order });
}

/** A run that has just been confirmed by the contact, from its demand on; not one of a lock that waited for its door. */
function measureTravel(turn: Turn, barrier: BarrierConfig, before: BarrierWork, { position, positionAt }: Sight): void {
  if (!isRunning(before) || before.goal !== "closed" || before.reason === "obstructed") return;
  if (position !== "closed" || positionAt === null) return;
  const wiring = {
    output: turn.index.wired.get(demandPointOf(barrier.drive)),
    contact: turn.index.wired.get(barrier.closed),
  };
  measured(turn, travelMeasure(barrier, { ms: positionAt - before.since, isFast: before.isFast }, wiring));
}

/** Moves until the machine rests, and sends what it demands on the way. */
function pursue(turn: Turn, barrier: BarrierConfig, order: Order, sight: Sight): BarrierWork {
  let work = workOf(turn, barrier.id);
  for (let count = 0; count < phasesMax; count += 1) {
    const move = moveBarrier(barrier, work, order, { sight, now: turn.now.mono });
    const rested = move.work.phase === work.phase && move.work.goal === work.goal && move.demand === null;
    const write = move.demand === null ? null : command(turn, barrier, move.demand);
    work = afterDemand(turn, move, write);
    if (rested) break;
  }
  return isMute(turn, barrier) && isRunning(work) && work.reason !== null
    ? { ...work, reason: "output-not-confirmed" }
    : work;
}

/** What the machine keeps of the demand that was just sent. */
function afterDemand(turn: Turn, { work, demand }: Move, write: string | null): BarrierWork {
  if (demand === null) return work;
  if (demand === "stop") return withStop(turn, { ...work, stop: null }, write);
  const openedAt = demand === "open" ? turn.now.mono : work.openedAt;
  return { ...work, stop: null, openedAt, write: isRunning(work) && write !== null ? write : work.write };
}

/** A relay or lock was switched on and the hardware has not confirmed it: that is why nothing moves. */
function isMute({ transient }: Turn, { drive }: BarrierConfig): boolean {
  return relaysOf(drive).some((point) => {
    const output = transient.outputs[point];
    return output?.wanted === true && output.confirmedAt === null;
  });
}

/** A barrier that is closed already is told once per step to stay so: its drive must refuse a card from then on. */
function isToBeKept(turn: Turn, barrier: string, { sight, order }: { sight: Sight; order: Order }): boolean {
  if (order.goal !== "closed" || sight.position !== "closed" || sight.hold !== null) return false;
  return waitingCloses(turn, barrier).some((step) => step.outcome === "open" && step.commandedAt === null);
}

/** Sends a demand where the drive takes words; relays follow from the phase. The first motion is the step's command. */
function command(turn: Turn, barrier: BarrierConfig, demand: Demand): string | null {
  if (demand !== "stop") {
    const kind = demand === "open" ? "release" : "close";
    const waiting = Object.values(turn.durable.steps).filter(
      ({ action }) => action.kind === kind && barrierOf(action) === barrier.id,
    );
    markCommanded(turn, waiting);
  }
  if (barrier.drive.kind !== "demand") return null;
  const id = nextWrite(turn);
  turn.effects.push({
    kind: "write",
    request: { id, point: barrier.drive.point, value: wordFor(barrier.drive, demand) },
  });
  return id;
}

function wordFor(drive: DriveConfig & { kind: "demand" }, demand: Demand): string {
  return demand === "emergency" ? (drive.emergency ?? drive.close) : drive[demand];
}

/** The first command of a step counts. */
export function markCommanded(turn: Turn, steps: readonly Step[]): void {
  const fresh = steps.filter((step) => step.commandedAt === null && step.outcome === "open");
  emit(
    turn,
    fresh.map((step) => fact("step.commanded", step.id, { step: step.id, incident: step.incident, at: turn.now })),
  );
}

interface Advance {
  readonly before: BarrierWork;
  readonly work: BarrierWork;
  readonly sight: Sight;
  readonly order: Order;
}

/** What people must know of a barrier: its state, what hinders it, that it moved by itself, that its drive needs a repair. */
function report(turn: Turn, barrier: BarrierConfig, { before, work, sight, order }: Advance): void {
  const state = shownState(work, sight);
  const from = turn.durable.barriers[barrier.id] ?? "unknown";
  const reason = hindrance(turn, barrier.id, work);
  if (state !== from && (state !== "unknown" || turn.transient.settled)) {
    emit(turn, [fact("barrier.changed", barrier.id, { barrier: barrier.id, state, from, reason, at: turn.now })]);
  }
  for (const step of waitingCloses(turn, barrier.id)) emit(turn, inhibitedFacts(step, reason, turn.now));
  if (
    order.goal === "closed" &&
    before.position === "closed" &&
    (sight.position === "between" || sight.position === "open")
  ) {
    emit(turn, [
      fact("barrier.moved-uncommanded", barrier.id, {
        alarm: { key: `${barrier.id}/moved`, priority: 1 },
        barrier: barrier.id,
        state,
      }),
    ]);
  }
  if (work.phase === "failed" && before.phase !== "failed")
    emit(turn, workOrder(`barrier:${barrier.id}`, "jammed", placeOf(turn)));
}

/** Why a close does not go on now. Waiting for the first samples after a start is no obstacle yet. */
function hindrance(turn: Turn, barrier: string, work: BarrierWork): Reason | null {
  const overruled = releasesOf(turn, barrier).length > 0 && waitingCloses(turn, barrier).length > 0;
  if (overruled) return "fire";
  return work.reason === "waiting-for-fresh-inputs" && !turn.transient.settled ? null : work.reason;
}
