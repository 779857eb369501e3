// "Cannot arm because ...": what prevents an area from being armed (EN 50131-1 Table 4), for an order and for a schedule alike.
import type { Obstacle, ObstacleReason } from "../../model/command.js";
import { rulesOf } from "../../model/grade.js";
import type { Cause } from "../../model/incident.js";
import type { AreaConfig } from "../../model/site.js";
import type { Ward } from "../../model/state.js";
import { pointsOfZone, type ZoneConfig } from "../../model/zone.js";

/** Everything that stands against arming this area now; `exitRuns`: the way in may be open until the exit time is over. */
export function armObstacles(area: AreaConfig, ward: Ward, exitRuns: boolean): readonly Obstacle[] {
  const { config, durable } = ward;
  const asked = config.zones.filter(({ id }) => durable.out[id] === undefined);
  const zones = asked.filter(
    (zone) => zone.area === area.id && zone.kind !== "power" && !isPressedInSilence(zone, ward),
  );
  const supplies = asked.filter((zone) => zone.kind === "power");
  return [
    ...zones.flatMap((zone) => zoneObstacles(zone, { area, ward, mayBeOpen: exitRuns && zone.entryRoute === true })),
    ...supplies
      .filter(({ id }) => ward.conditions[id]?.kind !== "normal")
      .map(({ id }) => obstacle(id, "supply-not-good")),
    ...lostDrivers(zones.flatMap(pointsOfZone), ward).map((id) => obstacle(id, "driver-lost")),
    ...config.annunciators
      .filter(({ points }) => !canSound(points, ward))
      .map(({ id }) => obstacle(id, "sounder-not-good")),
  ];
}

/** Not the area's own zones: a person may arm without a siren rather than leave a fence unguarded, and answers for it. */
export function isAcceptable({ why }: Obstacle): boolean {
  return why === "sounder-not-good" || why === "supply-not-good" || why === "driver-lost";
}

const obstacle = (subject: string, why: ObstacleReason): Obstacle => ({ subject, why });

/** It guards whether the area does or not, and nothing on site may show who pressed it. */
function isPressedInSilence(zone: ZoneConfig, { conditions, durable }: Ward): boolean {
  if (zone.kind !== "panic-button" || zone.audible) return false;
  const condition = conditions[zone.id]?.kind;
  return condition === "breach" || (condition === "normal" && durable.zones[zone.id]?.cause === "panic-pressed");
}

interface Asked {
  readonly area: AreaConfig;
  readonly ward: Ward;
  readonly mayBeOpen: boolean;
}

function zoneObstacles(zone: ZoneConfig, asked: Asked): readonly Obstacle[] {
  const memory = asked.ward.durable.zones[zone.id];
  const isLatched = (memory?.incident ?? null) !== null && !isAllowedMask(memory?.cause ?? null, asked.area);
  const why = conditionObstacle(zone, asked);
  return [
    ...(isLatched ? [obstacle(zone.id, "still-latched")] : []),
    ...(why === null ? [] : [obstacle(zone.id, why)]),
  ];
}

function conditionObstacle({ id }: ZoneConfig, { area, ward, mayBeOpen }: Asked): ObstacleReason | null {
  const condition = ward.conditions[id] ?? { kind: "unknown" };
  switch (condition.kind) {
    case "normal":
      return null;
    case "unknown":
      return "not-seen";
    case "breach":
      return mayBeOpen ? null : "not-normal";
    case "tamper":
    case "fault":
      return isAllowedMask(condition.cause, area) ? null : condition.cause;
  }
}

/** The grade lets an area arm while a detector is masked; uncovered, it waits for its reset like any other. */
function isAllowedMask(cause: Cause | null, area: AreaConfig): boolean {
  return cause === "masked" && !rulesOf(area).maskingPreventsArming;
}

function lostDrivers(points: readonly string[], { config, linksDown }: Ward): readonly string[] {
  const carriers = config.drivers.filter((driver) => driver.points.some(({ id }) => points.includes(id)));
  return carriers.map(({ id }) => id).filter((id) => linksDown[id] !== undefined);
}

/** An output that does not confirm cannot be trusted to sound. */
function canSound(points: readonly string[], ward: Ward): boolean {
  return lostDrivers(points, ward).length === 0 && !points.some((point) => ward.unconfirmed.includes(point));
}
