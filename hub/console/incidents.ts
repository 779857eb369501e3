// Incidents with their steps as the console shows them: a fold over the records of a box that names them.
import type { FactMap } from "../../edge/model/fact.js";
import { type Step, targetOf } from "../../edge/model/incident.js";
import type { Inventory } from "../../edge/model/inventory.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { nameOf } from "../alarm/names.js";
import type { LedgerRow } from "../ledger/ledger.js";
import { iso, isoOrNull } from "./boxes.js";
import type { IncidentView, StepView, TimelineEntry } from "./views.js";

/** An incident after a record that concerns it; undefined when it is not known (yet). */
type Fold<T extends keyof FactMap> = (
  incident: IncidentView | undefined,
  data: FactMap[T],
  context: Context,
) => IncidentView | undefined;

interface Context {
  readonly row: LedgerRow;
  readonly inventory: Inventory | undefined;
}

const folds: { readonly [T in keyof FactMap]?: Fold<T> } = {
  "incident.opened": (_known, { incident }, { row }) => ({
    id: incident.id,
    site: row.site,
    edge: row.edge,
    kind: incident.kind,
    place: incident.place,
    state: "open",
    openedAt: iso(incident.openedAt),
    closedAt: null,
    acknowledgedBy: incident.acknowledgedBy,
    zones: incident.zones,
    exercise: incident.exercise,
    steps: [],
  }),
  "incident.joined": (known, { zone }) => known && { ...known, zones: [...new Set([...known.zones, zone])] },
  "incident.closed": (known, _data, { row }) => known && { ...known, state: "closed", closedAt: row.record.time },
  "operator.acknowledged": (known, { by }) => known && { ...known, acknowledgedBy: by },
  "step.decided": (known, { step }, { inventory }) =>
    known && { ...known, steps: [...known.steps.filter(({ id }) => id !== step.id), stepView(step, inventory)] },
  "step.commanded": (known, { step, at }) =>
    changeStep(known, step, (view) => ({ ...view, commandedAt: view.commandedAt ?? iso(at) })),
  "step.inhibited": (known, { step, reason }) => changeStep(known, step, (view) => ({ ...view, reason })),
  "step.resumed": (known, { step, deadlineAt, leftMs, by, at }) =>
    changeStep(known, step, (view) => ({
      ...view,
      deadlineAt: iso(deadlineAt),
      resumed: { at: iso(at), by, leftMs },
    })),
  "step.met": (known, { step, confirmedAt }) =>
    changeStep(known, step, (view) => ({ ...view, confirmedAt: iso(confirmedAt), outcome: "met", reason: null })),
  "step.missed": (known, { step, reason, latenessMs }) =>
    changeStep(known, step, (view) => ({ ...view, outcome: "missed", reason, latenessMs })),
  "step.fallback-taken": (known, { step, at }) => changeStep(known, step, (view) => ({ ...view, fallbackAt: iso(at) })),
  "step.completed": (known, { step, confirmedAt, latenessMs }) =>
    changeStep(known, step, (view) => ({ ...view, confirmedAt: iso(confirmedAt), latenessMs })),
  "step.cancelled": (known, { step, reason }) =>
    changeStep(known, step, (view) => ({ ...view, outcome: "inhibited", reason })),
};

/** Id of the incident that a record changes; null when it changes none. */
export function incidentChangedBy({ type, data }: JournalRecord): string | null {
  if (!Object.hasOwn(folds, type)) return null;
  const { incident, step } = data as { incident?: string | { id: string }; step?: string | Step };
  if (typeof incident === "string") return incident;
  if (incident !== undefined) return incident.id;
  return typeof step === "object" ? step.incident : null;
}

/** The incident after a record of which `incidentChangedBy` has said that it changes one. */
export function foldIncident(incident: IncidentView | undefined, context: Context): IncidentView | undefined {
  const { type, data } = context.row.record;
  const fold = folds[type as keyof FactMap] as Fold<never> | undefined;
  return fold?.(incident, data as never, context);
}

/** An incident from its own records alone, for one that is no longer kept in sight. */
export function incidentFrom(
  rows: readonly LedgerRow[],
  inventoryOf: (site: string, edge: string) => Inventory | undefined,
): IncidentView | undefined {
  const first = rows.find(({ record }) => record.type === "incident.opened");
  const own = rows.filter(
    ({ site, edge, record }) => site === first?.site && edge === first.edge && incidentChangedBy(record) !== null,
  );
  return own.reduce<IncidentView | undefined>(
    (incident, row) => foldIncident(incident, { row, inventory: inventoryOf(row.site, row.edge) }),
    undefined,
  );
}

/** The records of one incident in the box's order; what the hub did stands where its time puts it. */
export function timelineOf(incident: IncidentView, rows: readonly LedgerRow[]): readonly TimelineEntry[] {
  const box = rows
    .filter(({ site, edge }) => site === incident.site && edge === incident.edge)
    .map(({ record }) => record);
  const epochs = [...new Set(box.map(({ epoch }) => epoch))];
  const rank = (record: JournalRecord) => epochs.indexOf(record.epoch);
  const line = box.sort((a, b) => rank(a) - rank(b) || a.order - b.order);
  for (const { record } of rows.filter(({ site }) => site === "")) {
    const next = line.findIndex(({ time }) => time > record.time);
    line.splice(next < 0 ? line.length : next, 0, record);
  }
  return line.map(({ time, type, subject, lane, sequence, exercise, data }) => {
    return { time, type, subject, lane, sequence, exercise, data };
  });
}

function changeStep(
  incident: IncidentView | undefined,
  id: string,
  change: (step: StepView) => StepView,
): IncidentView | undefined {
  return incident && { ...incident, steps: incident.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function stepView(step: Step, inventory: Inventory | undefined): StepView {
  const target = targetOf(step.action);
  return {
    id: step.id,
    response: step.response,
    action: step.action,
    target,
    targetName: step.action.kind === "report" ? step.action.task : nameOf(inventory, target),
    firstActivityAt: iso(step.firstActivityAt),
    occurredAt: iso(step.occurredAt),
    detectedAt: iso(step.detectedAt),
    decidedAt: iso(step.decidedAt),
    commandedAt: isoOrNull(step.commandedAt),
    confirmedAt: isoOrNull(step.confirmedAt),
    deadlineAt: iso(step.deadlineAt),
    outcome: step.outcome,
    reason: step.reason,
    latenessMs: step.latenessMs,
    fallbackAt: isoOrNull(step.fallbackAt),
    resumed: step.resumed && { ...step.resumed, at: iso(step.resumed.at) },
  };
}
