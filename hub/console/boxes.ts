// What a hub remembers of a box: the newest word on each of its things. Records of the alarm lane overtake those of the
// state lane, so an older word never replaces a newer one.
import type { Obstacle } from "../../edge/model/command.js";
import type { BarrierState, ZoneState } from "../../edge/model/durable.js";
import type { Cause, Reason } from "../../edge/model/incident.js";
import type { Inventory } from "../../edge/model/inventory.js";
import type { LaneHead } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";
import type { AreaView, DrillView, PostureView, RiskView, WalkTestView } from "./standing-views.js";
import type { BarrierView, ZoneView } from "./views.js";

/** When a word was said, and whether by an exercise. */
export interface Said {
  readonly epoch: string;
  readonly order: number;
  readonly time: string;
  readonly exercise: boolean;
}

export interface Heard<T> {
  readonly value: T;
  readonly said: Said;
}

/** The newest word on each thing; of what a box has only one it stands under `single`. */
export type Words<T> = Map<string, Heard<T>>;
export const single = "";

/** What runs in an area besides being armed or not; empty when nothing does. */
export interface AreaPhase {
  readonly arming?: AreaView["arming"];
  readonly entry?: AreaView["entry"];
  readonly failed?: { readonly at: string; readonly by: string; readonly obstacles: readonly Obstacle[] };
}

export interface Box {
  readonly site: string;
  readonly edge: string;
  online: boolean;
  lastRecordAt: string | null;
  readonly inventory: Words<{ readonly revision: number; readonly inventory: Inventory }>;
  readonly heads: Map<string, LaneHead>;
  readonly armed: Words<{ readonly armed: boolean; readonly at: string; readonly by: string }>;
  readonly phases: Words<AreaPhase>;
  readonly zones: Words<{ readonly state: ZoneState; readonly incident: string | null }>;
  readonly out: Words<ZoneView["out"]>;
  readonly tested: Words<NonNullable<ZoneView["tested"]>>;
  readonly preAlarms: Words<Cause | null>;
  readonly barriers: Words<{ readonly state: BarrierState; readonly reason: Reason | null; readonly at: string }>;
  readonly held: Words<boolean>;
  readonly passes: Words<BarrierView["pass"]>;
  readonly services: Words<NonNullable<BarrierView["serviced"]>>;
  readonly posture: Words<PostureView>;
  readonly risk: Words<RiskView>;
  readonly drill: Words<DrillView | null>;
  readonly walkTest: Words<WalkTestView | null>;
  readonly selfTest: Words<{
    readonly at: string;
    readonly by: string;
    readonly availability: number;
    readonly findings: readonly Obstacle[];
  }>;
  readonly dutiesDone: Words<{ readonly at: string; readonly by: string }>;
  readonly dutiesMissed: Words<boolean>;
  /** Since when duties that were never done count. */
  watchedSince: string | null;
}

export function createBox(site: string, edge: string): Box {
  return {
    site,
    edge,
    online: false,
    lastRecordAt: null,
    inventory: new Map(),
    heads: new Map(),
    armed: new Map(),
    phases: new Map(),
    zones: new Map(),
    out: new Map(),
    tested: new Map(),
    preAlarms: new Map(),
    barriers: new Map(),
    held: new Map(),
    passes: new Map(),
    services: new Map(),
    posture: new Map(),
    risk: new Map(),
    drill: new Map(),
    walkTest: new Map(),
    selfTest: new Map(),
    dutiesDone: new Map(),
    dutiesMissed: new Map(),
    watchedSince: null,
  };
}

export function inventoryIn(box: Box): Inventory | undefined {
  return box.inventory.get(single)?.value.inventory;
}

/** Takes a word in; false when a newer one is known. */
export function hear<T>(words: Words<T>, id: string, value: T, said: Said): boolean {
  if (!isNewer(said, words.get(id)?.said)) return false;
  words.set(id, { value, said });
  return true;
}

/** Within an epoch the box's own order counts; between epochs there is only the wall clock. */
function isNewer(said: Said, before: Said | undefined): boolean {
  if (before === undefined) return true;
  return said.epoch === before.epoch ? said.order > before.order : said.time >= before.time;
}

/** What was heard before counts as said at the beginning of `epoch`, so that every word of that is newer. */
export function beginAnew(box: Box, epoch: string, time: string): void {
  for (const words of Object.values(box) as readonly unknown[]) {
    if (!(words instanceof Map) || words === box.heads) continue;
    for (const [id, word] of words as Map<string, { readonly said: Said }>)
      if (word.said.epoch !== epoch) words.set(id, { ...word, said: { ...word.said, epoch, order: 0, time } });
  }
}

/** ISO 8601 UTC. Throws for what is no moment, so that a broken record is not kept. */
export function iso(at: Stamp): string {
  return new Date(at.wall).toISOString();
}

export function isoOrNull(at: Stamp | null): string | null {
  return at === null ? null : iso(at);
}
