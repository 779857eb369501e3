// One line of a drill's timing sheet, from a step.
import type { SheetRow } from "./durable.js";
import { type Step, targetOf } from "./incident.js";
import { timeLeft } from "./time.js";

/** Times are measured from what set the step off to its confirmed effect. */
export function sheetRow(step: Step): SheetRow {
  const { occurredAt, confirmedAt, deadlineAt, outcome } = step;
  return {
    step: `${step.response}/${step.step}`,
    target: targetOf(step.action),
    withinMs: Math.round(timeLeft(deadlineAt, occurredAt).leftMs),
    tookMs: confirmedAt === null ? null : Math.round(timeLeft(confirmedAt, occurredAt).leftMs),
    outcome,
  };
}
