// How single facts change the durable state, for the table in durable.ts.
import type { Durable, WorkOrder, ZoneMemory } from "../model/durable.js";
import type { FactMap } from "../model/fact.js";
import type { Incident, Step } from "../model/incident.js";
import { sheetOf } from "../model/sheet.js";
import { type Stamp, timeLeft } from "../model/time.js";

const untested = { count: 0, worstMs: null, worstHeardMs: null } as const;

export function memoryOf(durable: Durable, zone: string): ZoneMemory {
  return durable.zones[zone] ?? { state: "unknown", cause: null, incident: null, soundings: 0 };
}

export function rememberAlarm(durable: Durable, state: ZoneMemory["state"], alarm: FactMap["zone.breached"]): Durable {
  const { zone, cause, incident, sounds } = alarm;
  const soundings = memoryOf(durable, zone).soundings + (sounds ? 1 : 0);
  return { ...durable, zones: { ...durable.zones, [zone]: { state, cause, incident, soundings } } };
}

/** What began the entry time is the alarm now. */
export function endEntry(durable: Durable, { zone, area }: FactMap["zone.breached"]): Durable {
  const isOver = durable.entries[area]?.detection.zone === zone;
  return isOver ? { ...durable, entries: without(durable.entries, [area]) } : durable;
}

/** A new period begins, in which each zone may sound again. */
export function setArmed(durable: Durable, armed: boolean, { area, at, zones }: FactMap["area.armed"]): Durable {
  const rested = Object.entries(durable.zones).map(
    ([zone, memory]) => [zone, zones.includes(zone) ? { ...memory, soundings: 0 } : memory] as const,
  );
  return {
    ...durable,
    zones: Object.fromEntries(rested),
    armed: { ...durable.armed, [area]: armed },
    armedSince: { ...durable.armedSince, [area]: at },
    arming: without(durable.arming, [area]),
    armFailed: without(durable.armFailed, [area]),
    entries: without(durable.entries, [area]),
  };
}

export function restorePoint(durable: Durable, point: string, at: Stamp): Durable {
  const since = durable.lost[point];
  if (since === undefined) return durable;
  const ms = Math.max(0, -timeLeft(since, at).leftMs);
  return {
    ...durable,
    lost: without(durable.lost, [point]),
    downMs: { ...durable.downMs, [point]: (durable.downMs[point] ?? 0) + ms },
  };
}

/** Of areas that are newer than what was kept the configuration's word stands. */
export function restoreState(durable: Durable, kept: Partial<Durable>, part: number): Durable {
  if (part === 0) return { ...durable, ...kept, armed: { ...durable.armed, ...kept.armed } };
  const before: Readonly<Record<string, unknown>> = { ...durable };
  const grown = Object.entries(kept).map(([member, entries]) => [
    member,
    { ...(before[member] as object), ...(entries as object) },
  ]);
  return { ...durable, ...Object.fromEntries(grown) };
}

export function noteTested(durable: Durable, { zone, latencyMs, at }: FactMap["zone.tested"]): Durable {
  const { walkTest } = durable;
  if (walkTest === null) return durable;
  const before = walkTest.tested[zone] ?? untested;
  const after = { ...before, count: before.count + 1, worstMs: Math.max(before.worstMs ?? 0, latencyMs) };
  return {
    ...durable,
    walked: { ...durable.walked, [zone]: { at, by: walkTest.by } },
    walkTest: {
      ...walkTest,
      tested: { ...walkTest.tested, [zone]: after },
      chirp: { zone, since: at, latencyMs, heardAt: null },
    },
  };
}

export function noteChirped(durable: Durable, { zone, tookMs, at }: FactMap["walktest.chirped"]): Durable {
  const { walkTest } = durable;
  if (walkTest === null || walkTest.chirp === null) return durable;
  const before = walkTest.tested[zone] ?? untested;
  const worstHeardMs = tookMs === null ? before.worstHeardMs : Math.max(before.worstHeardMs ?? 0, tookMs);
  const tested = { ...walkTest.tested, [zone]: { ...before, worstHeardMs } };
  return { ...durable, walkTest: { ...walkTest, tested, chirp: { ...walkTest.chirp, heardAt: at } } };
}

/** What a person silenced may sound again while its incident is open; what the cut-off ended has sounded its time. */
export function silence(durable: Durable, annunciator: string, by: string, at: Stamp): Durable {
  const sounding = durable.annunciators[annunciator];
  const annunciators = without(durable.annunciators, [annunciator]);
  if (sounding === undefined || by === "cut-off") return { ...durable, annunciators };
  return {
    ...durable,
    annunciators,
    silenced: { ...durable.silenced, [annunciator]: { incident: sounding.incident, at } },
  };
}

export function moveOrder(durable: Durable, state: WorkOrder["state"], change: FactMap["workorder.assigned"]): Durable {
  return changeOrder(durable, change.number, { state, changedAt: change.at, by: change.by, note: change.note });
}

/** Where the order of this number stands; empty when there is none. */
export function orderKeys({ workOrders }: Durable, number: string): readonly string[] {
  return Object.keys(workOrders).filter((key) => workOrders[key]?.number === number);
}

export function changeOrder(durable: Durable, number: string, part: Partial<WorkOrder>): Durable {
  const changed = orderKeys(durable, number).flatMap((key) => {
    const known = durable.workOrders[key];
    return known === undefined ? [] : [[key, { ...known, ...part }] as const];
  });
  return changed.length === 0
    ? durable
    : { ...durable, workOrders: { ...durable.workOrders, ...Object.fromEntries(changed) } };
}

/** Its review learns how long the lane stood open. */
export function endPass(durable: Durable, barrier: string, closedAt: Stamp | null): Durable {
  const orders = Object.entries(durable.workOrders).map(([key, order]) => {
    const { pass } = order;
    const isOver = pass?.barrier === barrier && pass.closedAt === null;
    return [key, isOver ? { ...order, pass: { ...pass, closedAt } } : order] as const;
  });
  return {
    ...durable,
    passes: without(durable.passes, [barrier]),
    workOrders: Object.fromEntries(orders),
  };
}

export function changeIncident(durable: Durable, id: string, change: (known: Incident) => Incident): Durable {
  const known = durable.incidents[id];
  return known === undefined ? durable : { ...durable, incidents: { ...durable.incidents, [id]: change(known) } };
}

export function changeStep(durable: Durable, id: string, change: (known: Step) => Step): Durable {
  const known = durable.steps[id];
  return known === undefined ? durable : { ...durable, steps: { ...durable.steps, [id]: change(known) } };
}

/** A step that is decided anew (`~2`, `~3` ...) takes the place of what it was before, or a restless night would fill the memory. */
export function withoutEarlier(steps: Durable["steps"], id: string): Durable["steps"] {
  const base = id.split("~")[0];
  const earlier = Object.values(steps).filter((step) => step.outcome !== "open" && step.id.split("~")[0] === base);
  return without(
    steps,
    earlier.map((step) => step.id),
  );
}

/** Its zones may sound anew: a fence that is armed for good has no other end of a period than the reset by hand. */
export function closeIncident(durable: Durable, id: string): Durable {
  const zones = Object.entries(durable.zones).map(([zone, memory]) =>
    memory.incident === id
      ? ([zone, { state: "normal" as const, cause: null, incident: null, soundings: 0 }] as const)
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
    drill: noteDrill(durable, ofIncident),
  };
}

/** What an exercise measured goes into the drill's sheet before its steps are forgotten. */
function noteDrill({ drill, incidents }: Durable, steps: readonly Step[]): Durable["drill"] {
  if (drill === null) return null;
  return { ...drill, sheet: [...drill.sheet, ...sheetOf(drill, steps, incidents)] };
}

export function endLockDown(durable: Durable, group: string, freed: readonly string[]): Durable {
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

export function without<T>(entries: Readonly<Record<string, T>>, keys: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !keys.includes(key)));
}
