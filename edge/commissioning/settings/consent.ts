// Who must agree to a change of settings. A zone that guards at this moment is not retuned by one person alone: its area is
// disarmed first, or a second person agrees. Pure.

import type { Durable } from "../../model/durable.js";
import type { SettingPlace } from "../../model/revision.js";
import type { AreaConfig, EdgeConfig } from "../../model/site.js";
import { pointsOfZone, type ZoneConfig, zoneTraits } from "../../model/zone.js";

export type Standing = Pick<Durable, "armed" | "arming" | "posture" | "barriers" | "lockDowns">;

export interface Consent {
  /** Why a second person must agree; empty when one suffices. */
  readonly needsTwo: readonly ConsentReason[];
  /** Barriers that move, or are held by a lock-down, on a driver that would be opened anew: not now. */
  readonly inMotion: readonly string[];
}
export type ConsentReason =
  | { readonly why: "area-armed"; readonly area: string }
  | { readonly why: "always-on"; readonly zone: string }
  | { readonly why: "drives-barrier"; readonly barrier: string }
  | { readonly why: "level-1" }
  | { readonly why: "more-than-tuning" };

/** What the changes touch; a driver of which one point differs is opened anew as a whole. */
export function consentFor(edge: EdgeConfig, places: readonly SettingPlace[], standing: Standing): Consent {
  const tuning = places.filter(({ key }) => !key.startsWith("name."));
  const drivers = new Set(tuning.flatMap((place) => ("driver" in place ? [place.driver] : [])));
  return consentOf(edge, standing, {
    drivers,
    zones: new Set(tuning.flatMap((place) => ("zone" in place ? [place.zone] : []))),
    isMore: false,
  });
}

/** Of a revision that differs in more than what may be tuned: everything is touched. */
export function consentForAll(edge: EdgeConfig, standing: Standing): Consent {
  const zones = new Set(edge.zones.map(({ id }) => id));
  return consentOf(edge, standing, { drivers: new Set(edge.drivers.map(({ id }) => id)), zones, isMore: true });
}

interface Touched {
  readonly drivers: ReadonlySet<string>;
  readonly zones: ReadonlySet<string>;
  readonly isMore: boolean;
}

function consentOf(edge: EdgeConfig, standing: Standing, { drivers, zones, isMore }: Touched): Consent {
  const points = new Set(edge.drivers.filter(({ id }) => drivers.has(id)).flatMap((d) => d.points.map(({ id }) => id)));
  const touched = edge.zones.filter((zone) => zones.has(zone.id) || pointsOfZone(zone).some((id) => points.has(id)));
  const barriers = barriersOn(edge, points);
  if (touched.length === 0 && barriers.length === 0 && !isMore) return { needsTwo: [], inMotion: [] };
  const held = new Set(Object.keys(standing.lockDowns).flatMap((group) => membersOf(edge, group)));
  return {
    needsTwo: [
      ...(isMore ? [{ why: "more-than-tuning" } as const] : []),
      ...(standing.posture.level === "level-1" ? [{ why: "level-1" } as const] : []),
      ...guardingAreas(edge, touched, standing).map((area) => ({ why: "area-armed" as const, area })),
      ...touched.filter(isAlwaysOn).map(({ id }) => ({ why: "always-on" as const, zone: id })),
      ...barriers.map((barrier) => ({ why: "drives-barrier" as const, barrier })),
    ],
    inMotion: barriers.filter((id) => isMoving(standing.barriers[id]) || held.has(id)),
  };
}

/** Panic, tamper, fire and rush guard at any hour. */
function isAlwaysOn({ kind }: ZoneConfig): boolean {
  return zoneTraits[kind].isProtected;
}

function guardingAreas(edge: EdgeConfig, zones: readonly ZoneConfig[], standing: Standing): readonly string[] {
  const isGuarding = ({ id, armedAtStart }: AreaConfig) =>
    (standing.armed[id] ?? armedAtStart) || standing.arming[id] !== undefined;
  return edge.areas
    .filter((area) => isGuarding(area) && zones.some((zone) => zone.area === area.id))
    .map(({ id }) => id);
}

function barriersOn({ barriers }: EdgeConfig, points: ReadonlySet<string>): readonly string[] {
  return barriers.filter((barrier) => textsIn(barrier).some((text) => points.has(text))).map(({ id }) => id);
}

/** A barrier names its points in several places; every one of them counts. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isMoving(state: string | undefined): boolean {
  return state === "closing" || state === "opening" || state === "obstructed";
}

function membersOf({ groups }: EdgeConfig, group: string): readonly string[] {
  return groups.find(({ id }) => id === group)?.barriers ?? [];
}
