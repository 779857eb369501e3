// Zones, barriers and boxes as the console shows them: a fold over what each box has recorded. Records of the alarm lane
// overtake those of the state lane, so an older word never replaces a newer one.

import type { BarrierState, ZoneState } from "../../edge/model/durable.js";
import type { FactMap, Inventory } from "../../edge/model/fact.js";
import type { Reason } from "../../edge/model/incident.js";
import type { JournalRecord, LaneHead } from "../../edge/model/record.js";
import { laneKey } from "../../edge/record/verify.js";

/** When a word was said. */
export interface Said {
  readonly epoch: string;
  readonly order: number;
  readonly time: string;
}

interface Heard<T> {
  readonly value: T;
  readonly said: Said;
}

/** The newest word on each thing. */
type Words<T> = Map<string, Heard<T>>;

export interface Box {
  readonly site: string;
  readonly edge: string;
  online: boolean;
  lastRecordAt: string | null;
  inventory: Heard<{ readonly revision: number; readonly inventory: Inventory }> | null;
  readonly heads: Map<string, LaneHead>;
  readonly armed: Words<boolean>;
  readonly zones: Words<{ readonly state: ZoneState; readonly incident: string | null }>;
  readonly barriers: Words<{ readonly state: BarrierState; readonly reason: Reason | null; readonly at: string }>;
  readonly held: Words<boolean>;
}

export function createBox(site: string, edge: string): Box {
  return {
    site,
    edge,
    online: false,
    lastRecordAt: null,
    inventory: null,
    heads: new Map(),
    armed: new Map(),
    zones: new Map(),
    barriers: new Map(),
    held: new Map(),
  };
}

/** What a record changed in a box; `edge` alone stands for the box itself. */
export type Touched =
  | { readonly kind: "zone" | "barrier"; readonly id: string }
  | { readonly kind: "area"; readonly id: string }
  | { readonly kind: "edge" | "all" };

type Folds = { readonly [T in keyof FactMap]?: (box: Box, data: FactMap[T], said: Said) => readonly Touched[] };

const folds: Folds = {
  "config.applied": (box, { revision, inventory }, said) => {
    if (!isNewer(said, box.inventory?.said)) return [];
    const { areas, zones, barriers, groups, annunciators } = inventory;
    if (![areas, zones, barriers, groups, annunciators].every(Array.isArray)) throw new TypeError("no inventory");
    box.inventory = { value: { revision, inventory }, said };
    return [{ kind: "all" }];
  },
  "area.armed": (box, { area }, said) => arm(box, { area, armed: true }, said),
  "area.disarmed": (box, { area }, said) => arm(box, { area, armed: false }, said),
  "zone.changed": (box, { zone, state }, said) => setZone(box, zone, { state, incident: null }, said),
  "zone.breached": (box, { zone, incident }, said) => setZone(box, zone, { state: "breached", incident }, said),
  "zone.tampered": (box, { zone, incident }, said) => setZone(box, zone, { state: "tampered", incident }, said),
  "zone.unguarded": (box, { zone, incident }, said) => setZone(box, zone, { state: "unguarded", incident }, said),
  "incident.closed": (box, { incident }, said) =>
    [...box.zones]
      .filter(([, heard]) => heard.value.incident === incident)
      .flatMap(([zone]) => setZone(box, zone, { state: "normal", incident: null }, said)),
  "barrier.changed": (box, { barrier, state, reason, at }, said) =>
    hear(box.barriers, barrier, { state, reason, at: new Date(at.wall).toISOString() }, said)
      ? [{ kind: "barrier", id: barrier }]
      : [],
  "lockdown.started": (box, { barriers }, said) => hold(box, { barriers, held: true }, said),
  "lockdown.ended": (box, { barriers }, said) => hold(box, { barriers, held: false }, said),
};

/** Folds one record of this box in. Unknown types of a newer version change nothing. */
export function foldBox(box: Box, record: JournalRecord, hash: string, storedAt: string): readonly Touched[] {
  const { epoch, lane, sequence, order, time } = record;
  box.lastRecordAt = storedAt;
  const head = box.heads.get(laneKey(record));
  if (head === undefined || head.sequence < sequence) box.heads.set(laneKey(record), { epoch, lane, sequence, hash });
  if (!Object.hasOwn(folds, record.type)) return [];
  const fold = folds[record.type as keyof FactMap] as (box: Box, data: unknown, said: Said) => readonly Touched[];
  return fold(box, record.data, { epoch, order, time });
}

/** Within an epoch the box's own order counts; between epochs there is only the wall clock. */
function isNewer(said: Said, before: Said | undefined): boolean {
  if (before === undefined) return true;
  return said.epoch === before.epoch ? said.order > before.order : said.time >= before.time;
}

function hear<T>(words: Words<T>, id: string, value: T, said: Said): boolean {
  if (!isNewer(said, words.get(id)?.said)) return false;
  words.set(id, { value, said });
  return true;
}

function setZone(
  box: Box,
  id: string,
  value: { state: ZoneState; incident: string | null },
  said: Said,
): readonly Touched[] {
  return hear(box.zones, id, value, said) ? [{ kind: "zone", id }] : [];
}

function arm(box: Box, { area, armed }: { area: string; armed: boolean }, said: Said): readonly Touched[] {
  return hear(box.armed, area, armed, said) ? [{ kind: "area", id: area }, { kind: "edge" }] : [];
}

function hold(
  box: Box,
  { barriers, held }: { barriers: readonly string[]; held: boolean },
  said: Said,
): readonly Touched[] {
  const changed = barriers.filter((barrier) => hear(box.held, barrier, held, said));
  return [...changed.map((id) => ({ kind: "barrier" as const, id })), { kind: "edge" }];
}
