// One line of a drill's timing sheet, from a step.
import type { Drill, Durable, SheetRow } from "./durable.js";
import { type Step, targetOf } from "./incident.js";
import { timeLeft } from "./time.js";

/** Times are measured from what set the step off to its confirmed effect. */
function sheetRow(step: Step): SheetRow {
  const { occurredAt, confirmedAt, deadlineAt, outcome } = step;
  return {
    step: `${step.response}/${step.step}`,
    target: targetOf(step.action),
    withinMs: Math.round(timeLeft(deadlineAt, occurredAt).leftMs),
    tookMs: confirmedAt === null ? null : Math.round(timeLeft(confirmedAt, occurredAt).leftMs),
    outcome,
  };
}

/** What this drill measured by these steps; those of an earlier drill, whose incident is still open, are not its own. */
export function sheetOf(drill: Drill, steps: readonly Step[], incidents: Durable["incidents"]): readonly SheetRow[] {
  return steps
    .filter((step) => incidents[step.incident]?.exercise === true && timeLeft(step.decidedAt, drill.since).leftMs >= 0)
    .map(sheetRow);
}
