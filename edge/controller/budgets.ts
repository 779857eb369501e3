// The timing proof's terms as the running box meets them: what came, was confirmed or travelled too late is told and gets a work order.
import type { Reading } from "../model/state.js";
import { workOrder } from "../model/work-order.js";
import {
  arrivalMeasure,
  blockMeasure,
  checkBudget,
  commandMeasure,
  type Measure,
  reactionMeasure,
} from "../response/budget.js";
import { change, emit, placeOf, type Turn } from "./turn.js";

/** A term as it was measured just now. */
export function measured(turn: Turn, measure: Measure): void {
  const { exceeded, facts } = checkBudget(turn.transient.exceeded, measure);
  if (exceeded === turn.transient.exceeded) return;
  change(turn, { exceeded });
  if (facts.length > 0) emit(turn, [...facts, ...workOrder(measure.device, "slower-than-proved", placeOf(turn))]);
}

/** A sample that has just been taken in; only a good one was on its way. */
export function measureArrival(turn: Turn, { sample, heardAt }: Reading): void {
  const wired = turn.index.wired.get(sample.point);
  if (wired === undefined || sample.quality !== "good") return;
  measured(turn, arrivalMeasure(wired, heardAt - sample.occurredAt));
  const { value } = sample;
  if (typeof value !== "object" || value === null) return;
  measuredOnce(turn, blockMeasure(wired, value));
}

/** A term that is measured many times a second is told once a start: its work order stands until somebody has seen to it. */
function measuredOnce(turn: Turn, measure: Measure): void {
  if (measure.ms > measure.budgetMs) measured(turn, measure);
}

/** This step, against the moment for which the last one asked; while a box comes up it reads its field and is late by that. */
export function measureReaction(turn: Turn): void {
  const { wakeAt, settled } = turn.transient;
  if (settled && wakeAt !== null) measuredOnce(turn, reactionMeasure(turn.config.id, turn.now.mono - wakeAt));
}

/** A write that the hardware has confirmed, `ms` after it went out. */
export function measureCommand(turn: Turn, point: string, ms: number): void {
  const wired = turn.index.wired.get(point);
  if (wired !== undefined) measured(turn, commandMeasure(wired, ms));
}
