// Detectors that confirm each other: the first shows as pre-alarm, the one that completes the count is the alarm.
import { type Fact, fact } from "../model/fact.js";
import type { Detection } from "../model/incident.js";
import type { ConfirmationConfig, EdgeConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import { later, monoOf, timeLeft } from "../model/time.js";
import { type ZoneConfig, zoneTraits } from "../model/zone.js";
import type { Scene } from "./scene.js";
import { isWatched } from "./watch.js";

function groupOf(zone: string, config: EdgeConfig): ConfirmationConfig | undefined {
  return config.confirmations?.find(({ zones }) => zones.includes(zone));
}

/** Earlier detections that this one confirms; empty: it decides alone; null: it waits for a partner. */
export function confirmedBy(zone: ZoneConfig, detection: Detection, scene: Scene): readonly Detection[] | null {
  const group = groupOf(zone.id, scene.config);
  if (group === undefined || zoneTraits[zone.kind].isProtected || isConfirmed(group, scene)) return [];
  const spoken = Object.entries(scene.durable.preAlarms)
    .filter(([id, { confirmation }]) => id !== zone.id && confirmation === group.id)
    .map(([, waiting]) => waiting.detection)
    .filter(({ occurredAt }) => Math.abs(timeLeft(occurredAt, detection.occurredAt).leftMs) <= group.withinMs);
  const heard = [zone.id, ...spoken.map((partner) => partner.zone)];
  if (heard.length >= group.needed) return spoken;
  const others = scene.config.zones.filter(({ id }) => group.zones.includes(id) && !heard.includes(id));
  const ready = others.filter((other) => scene.conditions[other.id]?.kind === "normal" && isWatched(other, scene));
  return heard.length + ready.length >= group.needed ? null : spoken;
}

/** Once confirmed, each further detection of the group belongs to the alarm. */
function isConfirmed(group: ConfirmationConfig, { durable }: Scene): boolean {
  return group.zones.some((zone) => {
    const memory = durable.zones[zone];
    return memory?.state === "breached" && memory.incident !== null;
  });
}

/** Shown at once, priority 3; a zone that speaks again starts its time anew. */
export function preAlarmed(zone: ZoneConfig, detection: Detection, { config }: Scene): readonly Fact[] {
  const group = groupOf(zone.id, config);
  if (group === undefined) return [];
  const alarm = { key: `${group.id}/${zone.id}/pre-alarm`, priority: 3 as const };
  const { id, area } = zone;
  const data = { alarm, zone: id, area, cause: detection.cause, confirmation: group.id, detection };
  return [fact("zone.pre-alarmed", id, data)];
}

/** The alarm has come: what waited for it waits no longer. */
export function preAlarmsEnded(zones: readonly string[], { durable }: Pick<Scene, "durable">): readonly Fact[] {
  return zones.flatMap((zone) => {
    const waiting = durable.preAlarms[zone];
    return waiting === undefined ? [] : [fact("zone.pre-alarm-ended", zone, { zone, alarms: [waiting.alarmKey] })];
  });
}

/** Zones that could confirm this one, or be confirmed by it. */
export function partnersOf(zone: string, config: EdgeConfig): readonly string[] {
  return groupOf(zone, config)?.zones.filter((partner) => partner !== zone) ?? [];
}

function endOf(zone: string, { config, durable }: Pick<Ward, "config" | "durable">) {
  const { occurredAt } = durable.preAlarms[zone]?.detection ?? {};
  return occurredAt && later(occurredAt, groupOf(zone, config)?.withinMs ?? 0);
}

/** No partner has spoken in time. */
export function isWaitOver(zone: string, scene: Pick<Ward, "config" | "durable" | "now">): boolean {
  const end = endOf(zone, scene);
  return end !== undefined && timeLeft(end, scene.now).leftMs <= 0;
}

/** No partner spoke in time. Another boot whose clock cannot tell counts as over: what still stands speaks anew. */
export const preAlarmClock: Clockwork = {
  facts(ward) {
    const over = Object.keys(ward.durable.preAlarms).filter((zone) => isWaitOver(zone, ward));
    return preAlarmsEnded(over, ward);
  },
  dueAt(ward) {
    const ends = Object.keys(ward.durable.preAlarms).flatMap((zone) => {
      const end = endOf(zone, ward);
      return end === undefined ? [] : [monoOf(end, ward.now) ?? ward.now.mono];
    });
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  },
};
