// What a configuration answers often, looked up once: made when a configuration is taken and kept beside it, so that one step never walks all points.
import { blindGraceOf, type Wired } from "../model/budget.js";
import type { AnnunciatorConfig, AreaConfig, BarrierConfig, EdgeConfig, GroupConfig } from "../model/site.js";
import { pointsOf } from "../model/site.js";
import type { PointConfig } from "../model/wiring.js";
import { pointsOfZone, vitalPointKeys, type ZoneConfig } from "../model/zone.js";
import { pointsOfBarrier } from "../response/sight.js";

type By<T> = ReadonlyMap<string, T>;

/** Everything is keyed by the id of what the name says; a point that is read by nothing has no entry in `zonesOfPoint`. */
export interface Index {
  readonly points: By<PointConfig>;
  readonly zones: By<ZoneConfig>;
  readonly areas: By<AreaConfig>;
  readonly barriers: By<BarrierConfig>;
  readonly groups: By<GroupConfig>;
  readonly annunciators: By<AnnunciatorConfig>;
  readonly driverOfPoint: By<string>;
  readonly wired: By<Wired>;
  readonly zonesOfPoint: By<readonly ZoneConfig[]>;
  readonly barriersOfPoint: By<readonly BarrierConfig[]>;
  readonly pointsOfZone: By<readonly string[]>;
  /** The longest declared latency of a zone's points in ms: a sample may be on its way for so long. */
  readonly latencyOfZone: By<number>;
  /** How long a zone may stay unseen before its silence is judged, in ms. */
  readonly graceOfZone: By<number>;
  /** Points that declare how long they may be silent. */
  readonly silentPoints: readonly (PointConfig & { readonly silentAfterMs: number })[];
}

export function indexOf(config: EdgeConfig): Index {
  const points = pointsOf(config);
  const pointById = byId(points);
  const readBy = new Map(config.zones.map((zone) => [zone.id, pointsOfZone(zone)] as const));
  const wired = new Map(
    config.drivers.flatMap((driver) => driver.points.map((point) => [point.id, { driver, point }])),
  );
  const latency = (ids: readonly string[]) => Math.max(0, ...ids.map((id) => pointById.get(id)?.latencyMs ?? 0));
  return {
    points: pointById,
    zones: byId(config.zones),
    areas: byId(config.areas),
    barriers: byId(config.barriers),
    groups: byId(config.groups),
    annunciators: byId(config.annunciators),
    wired,
    driverOfPoint: new Map(config.drivers.flatMap((driver) => driver.points.map((point) => [point.id, driver.id]))),
    zonesOfPoint: readersOf(config.zones, pointsOfZone),
    barriersOfPoint: readersOf(config.barriers, pointsOfBarrier),
    pointsOfZone: readBy,
    latencyOfZone: new Map([...readBy].map(([zone, ids]) => [zone, latency(ids)])),
    graceOfZone: new Map(config.zones.map((zone) => [zone.id, blindGraceOf(vitalPointsOf(zone, wired))])),
    silentPoints: points.flatMap((point) =>
      point.silentAfterMs === undefined ? [] : [{ ...point, silentAfterMs: point.silentAfterMs }],
    ),
  };
}

function vitalPointsOf(zone: ZoneConfig, wired: By<Wired>): readonly Wired[] {
  const roles: Partial<Record<(typeof vitalPointKeys)[number], string>> = zone;
  return vitalPointKeys.flatMap((key) => wired.get(roles[key] ?? "") ?? []);
}

function byId<T extends { readonly id: string }>(things: readonly T[]): By<T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

function readersOf<T>(things: readonly T[], read: (thing: T) => readonly string[]): By<readonly T[]> {
  const readers = new Map<string, T[]>();
  for (const thing of things) {
    for (const point of new Set(read(thing))) {
      const known = readers.get(point);
      if (known === undefined) readers.set(point, [thing]);
      else known.push(thing);
    }
  }
  return readers;
}
