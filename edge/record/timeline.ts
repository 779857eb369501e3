// What the records of one incident amount to: its steps with their times, read from the facts alone.
import type { FactMap } from "../model/fact.js";
import type { Incident, Step } from "../model/incident.js";
import type { Inventory } from "../model/inventory.js";
import type { JournalRecord, KnownRecord } from "../model/record.js";
import type { Stamp } from "../model/time.js";

export interface Timeline {
  /** Null when its beginning is no longer in the journal. */
  readonly incident: Incident | null;
  readonly steps: readonly Step[];
  readonly closedBy: string | null;
}

type Change = { readonly [T in keyof FactMap]?: (step: Step, data: FactMap[T]) => Partial<Step> };

const changes: Change = {
  "step.commanded": ({ commandedAt }, { at }) => ({ commandedAt: commandedAt ?? at }),
  "step.resumed": (_, { deadlineAt, at, by, leftMs }) => ({ deadlineAt, resumed: { at, by, leftMs } }),
  "step.inhibited": (_, { reason }) => ({ reason }),
  "step.met": (_, { confirmedAt }) => ({ confirmedAt, outcome: "met", reason: null }),
  "step.missed": (_, { reason, latenessMs }) => ({ outcome: "missed", reason, latenessMs }),
  "step.completed": (_, { confirmedAt, latenessMs }) => ({ confirmedAt, latenessMs }),
  "step.fallback-taken": (_, { at }) => ({ fallbackAt: at }),
  "step.cancelled": (_, { reason }) => ({ outcome: "inhibited", reason }),
};

export function timelineOf(records: readonly JournalRecord[], incident: string): Timeline {
  const steps = new Map<string, Step>();
  let opened: Incident | null = null;
  let closedBy: string | null = null;
  for (const record of records as readonly KnownRecord[]) {
    const { type, data } = record;
    if (type === "incident.opened" && data.incident.id === incident) opened = data.incident;
    else if (type === "incident.closed" && data.incident === incident) closedBy = data.by;
    else if (type === "step.decided" && data.step.incident === incident) steps.set(data.step.id, data.step);
    else if ("step" in data && typeof data.step === "string") changeStep(steps, data.step, record);
  }
  return { incident: opened, steps: [...steps.values()], closedBy };
}

function changeStep(steps: Map<string, Step>, id: string, { type, data }: KnownRecord): void {
  const step = steps.get(id);
  // The pair of type and data is one of the table's, which the compiler does not carry through the lookup.
  const change = (Object.hasOwn(changes, type) ? changes[type] : undefined) as
    | ((step: Step, data: unknown) => Partial<Step>)
    | undefined;
  if (step !== undefined && change !== undefined) steps.set(id, { ...step, ...change(step, data) });
}

/** Names of what the configuration knows; null when its record is not there. */
export function inventoryIn(config: JournalRecord | null): Inventory | null {
  return config === null ? null : (config.data as unknown as FactMap["config.applied"]).inventory;
}

/** Milliseconds from one moment to another: by the monotonic clock within one boot, else by the wall clock. */
export function msBetween(from: Stamp, to: Stamp): number {
  return from.boot === to.boot ? to.mono - from.mono : to.wall - from.wall;
}
