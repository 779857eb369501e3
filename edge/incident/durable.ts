// The durable state as a fold over facts. Folding never decides again: it only writes down what a fact says.
import type { Fact, FactMap } from "../model/fact.js";
import type { Incident, Step } from "../model/incident.js";
import type { EdgeConfig } from "../model/site.js";
import type { Durable } from "../model/state.js";

export function initialDurable(config: EdgeConfig): Durable {
  return {
    armed: Object.fromEntries(config.areas.map((area) => [area.id, area.armedAtStart])),
    zones: {},
    incidents: {},
    steps: {},
    lockDowns: {},
    barriers: {},
    annunciators: {},
    lost: {},
    workOrders: {},
    incidentCount: 0,
    workOrderCount: 0,
  };
}

type Folds = { readonly [T in keyof FactMap]?: (durable: Durable, data: FactMap[T]) => Durable };

/** Types that are absent here change nothing that must survive. */
const folds: Folds = {
  "area.armed": (durable, { area }) => ({ ...durable, armed: { ...durable.armed, [area]: true } }),
  "area.disarmed": (durable, { area }) => ({ ...durable, armed: { ...durable.armed, [area]: false } }),
  "point.lost": (durable, { point }) => ({ ...durable, lost: { ...durable.lost, [point]: true } }),
  "point.restored": (durable, { point }) => ({ ...durable, lost: without(durable.lost, [point]) }),
  "zone.changed": (durable, { zone, state, cause }) => ({
    ...durable,
    zones: { ...durable.zones, [zone]: { state, cause, incident: durable.zones[zone]?.incident ?? null } },
  }),
  "zone.breached": (durable, { zone, cause, incident }) =>
    rememberAlarm(durable, zone, { state: "breached", cause, incident }),
  "zone.tampered": (durable, { zone, cause, incident }) =>
    rememberAlarm(durable, zone, { state: "tampered", cause, incident }),
  "zone.unguarded": (durable, { zone, cause, incident }) =>
    rememberAlarm(durable, zone, { state: "unguarded", cause, incident }),
  // The state stays until the reset by hand; the cause is gone, so its return is a new one.
  "zone.restored": (durable, { zone }) =>
    rememberAlarm(durable, zone, {
      state: durable.zones[zone]?.state ?? "unknown",
      cause: null,
      incident: durable.zones[zone]?.incident ?? null,
    }),
  "incident.opened": (durable, { incident }) => ({
    ...durable,
    incidents: { ...durable.incidents, [incident.id]: incident },
    incidentCount: durable.incidentCount + 1,
  }),
  "incident.joined": (durable, { incident, zone }) =>
    changeIncident(durable, incident, (known) => ({ ...known, zones: [...new Set([...known.zones, zone])] })),
  "incident.closed": (durable, { incident }) => closeIncident(durable, incident),
  "step.decided": (durable, { step }) => ({
    ...durable,
    steps: { ...withoutEarlier(durable.steps, step.id), [step.id]: step },
  }),
  "step.commanded": (durable, { step, at }) =>
    changeStep(durable, step, (known) => ({ ...known, commandedAt: known.commandedAt ?? at })),
  "step.inhibited": (durable, { step, reason }) => changeStep(durable, step, (known) => ({ ...known, reason })),
  "step.resumed": (durable, { step, at, by, leftMs, deadlineAt }) =>
    changeStep(durable, step, (known) => ({ ...known, deadlineAt, resumed: { at, by, leftMs } })),
  "step.met": (durable, { step, confirmedAt }) =>
    changeStep(durable, step, (known) => ({ ...known, confirmedAt, outcome: "met", reason: null })),
  "step.missed": (durable, { step, reason, latenessMs }) =>
    changeStep(durable, step, (known) => ({ ...known, outcome: "missed", reason, latenessMs })),
  "step.fallback-taken": (durable, { step, at }) =>
    changeStep(durable, step, (known) => ({ ...known, fallbackAt: at })),
  "step.completed": (durable, { step, confirmedAt, latenessMs }) =>
    changeStep(durable, step, (known) => ({ ...known, confirmedAt, latenessMs })),
  "step.cancelled": (durable, { step, reason }) =>
    changeStep(durable, step, (known) => ({ ...known, outcome: "inhibited", reason })),
  "lockdown.started": (durable, { group, incident, barriers, at }) => ({
    ...durable,
    lockDowns: { ...durable.lockDowns, [group]: { group, incident, since: at, barriers } },
  }),
  "lockdown.ended": (durable, { group, barriers }) => endLockDown(durable, group, barriers),
  "barrier.changed": (durable, { barrier, state }) => ({
    ...durable,
    barriers: { ...durable.barriers, [barrier]: state },
  }),
  "annunciator.sounded": (durable, { annunciator, incident, at }) => ({
    ...durable,
    annunciators: { ...durable.annunciators, [annunciator]: { incident, since: at } },
  }),
  "annunciator.silenced": (durable, { annunciator }) => ({
    ...durable,
    annunciators: without(durable.annunciators, [annunciator]),
  }),
  "operator.acknowledged": (durable, { incident, by }) =>
    changeIncident(durable, incident, (known) => ({ ...known, acknowledgedBy: by })),
  "workorder.opened": (durable, { number, device }) => ({
    ...durable,
    workOrders: { ...durable.workOrders, [device]: number },
    workOrderCount: durable.workOrderCount + 1,
  }),
};

/** The durable state after a fact; unknown types of a newer version leave it as it is. */
export function fold(durable: Durable, fact: Pick<Fact, "type" | "data">): Durable {
  const apply = folds[fact.type] as ((durable: Durable, data: Fact["data"]) => Durable) | undefined;
  return apply === undefined ? durable : apply(durable, fact.data);
}

function rememberAlarm(durable: Durable, zone: string, memory: Durable["zones"][string]): Durable {
  return { ...durable, zones: { ...durable.zones, [zone]: memory } };
}

function changeIncident(durable: Durable, id: string, change: (known: Incident) => Incident): Durable {
  const known = durable.incidents[id];
  return known === undefined ? durable : { ...durable, incidents: { ...durable.incidents, [id]: change(known) } };
}

function changeStep(durable: Durable, id: string, change: (known: Step) => Step): Durable {
  const known = durable.steps[id];
  return known === undefined ? durable : { ...durable, steps: { ...durable.steps, [id]: change(known) } };
}

/** A step that is decided anew (`~2`, `~3` ...) takes the place of what it was before, or a restless night would fill the memory. */
function withoutEarlier(steps: Durable["steps"], id: string): Durable["steps"] {
  const base = id.split("~")[0];
  const earlier = Object.values(steps).filter((step) => step.outcome !== "open" && step.id.split("~")[0] === base);
  return without(
    steps,
    earlier.map((step) => step.id),
  );
}

function closeIncident(durable: Durable, id: string): Durable {
  const zones = Object.entries(durable.zones).map(([zone, memory]) =>
    memory.incident === id
      ? ([zone, { state: "normal", cause: null, incident: null }] as const)
      : ([zone, memory] as const),
  );
  const ofIncident = Object.values(durable.steps).filter((step) => step.incident === id);
  const sounding = Object.entries(durable.annunciators).filter(([, entry]) => entry.incident === id);
  return {
    ...durable,
    zones: Object.fromEntries(zones),
    incidents: without(durable.incidents, [id]),
    steps: without(
      durable.steps,
      ofIncident.map((step) => step.id),
    ),
    annunciators: without(
      durable.annunciators,
      sounding.map(([annunciator]) => annunciator),
    ),
  };
}

function endLockDown(durable: Durable, group: string, freed: readonly string[]): Durable {
  const known = durable.lockDowns[group];
  if (known === undefined) return durable;
  const barriers = known.barriers.filter((barrier) => !freed.includes(barrier));
  const lockDowns =
    barriers.length === 0
      ? without(durable.lockDowns, [group])
      : { ...durable.lockDowns, [group]: { ...known, barriers } };
  return { ...durable, lockDowns, steps: giveUpMissed(durable.steps, group, freed) };
}

/** What was missed is completed only while the lock-down stands. */
function giveUpMissed(steps: Durable["steps"], group: string, freed: readonly string[]): Durable["steps"] {
  const isOver = ({ action, outcome, confirmedAt }: Step) =>
    action.kind === "close" &&
    action.group === group &&
    freed.includes(action.barrier) &&
    outcome === "missed" &&
    confirmedAt === null;
  const entries = Object.entries(steps).map(
    ([id, step]) => [id, isOver(step) ? { ...step, reason: "stood-down" as const } : step] as const,
  );
  return Object.fromEntries(entries);
}

function without<T>(entries: Readonly<Record<string, T>>, keys: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !keys.includes(key)));
}
