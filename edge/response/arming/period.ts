// The facts that begin and end an armed period, whoever wants it: a person, a schedule, a posture.
import type { Obstacle } from "../../model/command.js";
import { type Fact, fact } from "../../model/fact.js";
import type { AreaConfig } from "../../model/site.js";
import type { Ward } from "../../model/state.js";
import { later } from "../../model/time.js";
import type { ZoneConfig } from "../../model/zone.js";

const failureKey = (area: string) => `${area}/arm-failed`;

function zonesOf(area: AreaConfig, { config }: Ward): readonly ZoneConfig[] {
  return config.zones.filter((zone) => zone.area === area.id);
}

function period(area: AreaConfig, by: string, ward: Ward) {
  const zones = zonesOf(area, ward).map(({ id }) => id);
  const failed = ward.durable.armFailed[area.id] === undefined ? {} : { alarms: [failureKey(area.id)] };
  return { area: area.id, by, at: ward.now, zones, ...failed };
}

/** Armed from now on, whatever stands against it; `despite`: what a person has accepted of it. */
export function armedFacts(
  area: AreaConfig,
  by: string,
  ward: Ward,
  despite: readonly Obstacle[] = [],
): readonly Fact[] {
  const accepted = despite.length === 0 ? {} : { despite };
  return [fact("area.armed", area.id, { ...period(area, by, ward), ...accepted })];
}

/** Armed after its exit time where it has one, else at once. */
export function armingFacts(
  area: AreaConfig,
  by: string,
  ward: Ward,
  despite: readonly Obstacle[] = [],
): readonly Fact[] {
  if (area.exitMs === undefined) return armedFacts(area, by, ward, despite);
  const accepted = despite.length === 0 ? {} : { despite: true as const };
  return [fact("area.arming", area.id, { area: area.id, by, until: later(ward.now, area.exitMs), ...accepted })];
}

/** What was out for this period counts again, and what waited for a partner waits no longer (BS 8243: none while unset). */
export function disarmedFacts(area: AreaConfig, by: string, ward: Ward): readonly Fact[] {
  const { out, preAlarms } = ward.durable;
  const zones = zonesOf(area, ward).map(({ id }) => id);
  return [
    fact("area.disarmed", area.id, period(area, by, ward)),
    ...zones
      .filter((zone) => out[zone]?.how === "inhibited")
      .map((zone) => fact("zone.reinstated", zone, { zone, by: "disarm" })),
    ...zones.flatMap((zone) => {
      const waiting = preAlarms[zone];
      return waiting === undefined ? [] : [fact("zone.pre-alarm-ended", zone, { zone, alarms: [waiting.alarmKey] })];
    }),
  ];
}

/** It was to arm and could not; priority 3: somebody must look, nothing has happened yet. */
export function armFailedFacts(
  area: AreaConfig,
  by: string,
  ward: Ward,
  obstacles: readonly Obstacle[],
): readonly Fact[] {
  const alarm = { key: failureKey(area.id), priority: 3 as const };
  return [fact("area.arm-failed", area.id, { alarm, area: area.id, by, obstacles, at: ward.now })];
}

/** In posture level 1 every perimeter stays armed. */
export function isHeldArmed(area: AreaConfig, { durable }: Ward): boolean {
  return area.kind === "perimeter" && durable.posture.level === "level-1";
}
