// What a person is asked to report again and again while an incident is open: the next is due so long after the last one
// was given, or after the last one that was missed.
import type { Fact } from "../model/fact.js";
import type { Step } from "../model/incident.js";
import type { Clockwork, Ward } from "../model/state.js";
import { later, type MonoMs, type Stamp, stampAt } from "../model/time.js";
import { decidedAnew } from "./decide.js";
import { comesAt } from "./due.js";

export const reminderClock: Clockwork = {
  facts: (ward) => Object.values(ward.durable.steps).flatMap((step) => askAgain(step, ward)),
  dueAt: ({ durable, now }) =>
    Math.min(Number.POSITIVE_INFINITY, ...Object.values(durable.steps).map((step) => nextMissAt(step, now))),
};

function everyMsOf({ action }: Step): number | null {
  return action.kind === "report" ? action.everyMs : null;
}

/** One that was given is followed at once by the next; one that was not stays owed until it is missed again. */
function askAgain(step: Step, { now }: Ward): readonly Fact[] {
  const everyMs = everyMsOf(step);
  if (everyMs === null) return [];
  if (step.confirmedAt !== null) return [decidedAnew(step, step.confirmedAt, later(step.confirmedAt, everyMs), now)];
  const missAt = nextMissAt(step, now);
  if (step.outcome !== "missed" || now.mono < missAt) return [];
  // Of the times that passed while the box was off, the last counts.
  const dueAt = stampAt(now, missAt + Math.floor((now.mono - missAt) / everyMs) * everyMs);
  return [decidedAnew(step, later(dueAt, -everyMs), dueAt, now)];
}

function nextMissAt(step: Step, now: Stamp): MonoMs {
  const everyMs = everyMsOf(step);
  return everyMs === null || step.confirmedAt !== null
    ? Number.POSITIVE_INFINITY
    : comesAt(step.deadlineAt, everyMs, now);
}
