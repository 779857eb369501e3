// "Cannot arm because ...": what prevents an area from being armed (EN 50131-1 Table 4), for an order and for a schedule alike.
import type { Obstacle, ObstacleReason } from "../../model/command.js";
import { rulesOf } from "../../model/grade.js";
import type { AreaConfig } from "../../model/site.js";
import type { Ward } from "../../model/state.js";
import { pointsOfZone, type ZoneConfig } from "../../model/zone.js";

/** Everything that stands against arming this area now; `exitRuns`: the way in may be open until the exit time is over. */
export function armObstacles(area: AreaConfig, ward: Ward, exitRuns: boolean): readonly Obstacle[] {
  const { config, durable } = ward;
  const asked = config.zones.filter(({ id }) => durable.out[id] === undefined);
  const zones = asked.filter((zone) => zone.area === area.id && zone.kind !== "power");
  const supplies = asked.filter((zone) => zone.kind === "power");
  return [
    ...zones.flatMap((zone) => zoneObstacles(zone, { area, ward, mayBeOpen: exitRuns && zone.entryRoute === true })),
    ...supplies.filter(({ id }) => ward.conditions[id]?.kind !== "normal").map(named("supply-not-good")),
    ...lostDrivers(zones.flatMap(pointsOfZone), ward).map((id) => named("driver-lost")({ id })),
    ...config.annunciators.filter(({ points }) => !canSound(points, ward)).map(named("sounder-not-good")),
  ];
}

const named =
  (why: ObstacleReason) =>
  ({ id }: { readonly id: string }): Obstacle => ({ subject: id, why });

interface Asked {
  readonly area: AreaConfig;
  readonly ward: Ward;
  readonly mayBeOpen: boolean;
}

function zoneObstacles(zone: ZoneConfig, { area, ward, mayBeOpen }: Asked): readonly Obstacle[] {
  const latched = (ward.durable.zones[zone.id]?.incident ?? null) === null ? [] : [named("still-latched")(zone)];
  const condition = ward.conditions[zone.id] ?? { kind: "unknown" };
  switch (condition.kind) {
    case "normal":
      return latched;
    case "unknown":
      return [...latched, named("not-seen")(zone)];
    case "breach":
      return mayBeOpen ? latched : [...latched, named("not-normal")(zone)];
    case "tamper":
    case "fault": {
      const accepted = condition.cause === "masked" && !rulesOf(area).maskingPreventsArming;
      return accepted ? latched : [...latched, named(condition.cause)(zone)];
    }
  }
}

function lostDrivers(points: readonly string[], { config, linksDown }: Ward): readonly string[] {
  const carriers = config.drivers.filter((driver) => driver.points.some(({ id }) => points.includes(id)));
  return carriers.map(({ id }) => id).filter((id) => linksDown[id] !== undefined);
}

/** An output that does not confirm cannot be trusted to sound. */
function canSound(points: readonly string[], ward: Ward): boolean {
  return lostDrivers(points, ward).length === 0 && !points.some((point) => ward.unconfirmed.includes(point));
}
