// A detection that counts becomes an alarm: its incident, its priority, whether it sounds and what it means for a drill.
import { type Fact, type FactMap, fact } from "../model/fact.js";
import type { Detection, DetectionKind, IncidentKind, Priority } from "../model/incident.js";
import { type ZoneConfig, zoneTraits } from "../model/zone.js";
import { preAlarmsEnded } from "./confirmation.js";
import { memoryOf } from "./folds.js";
import { incidentFor } from "./opening.js";
import type { Judgement, Scene } from "./scene.js";
import { guardsPerimeter } from "./watch.js";

const alarmTypes = { breach: "zone.breached", tamper: "zone.tampered", unguarded: "zone.unguarded" } as const;

/** A detection that is an alarm; a fault is none. */
export type Alarming = Detection & { readonly kind: Exclude<DetectionKind, "fault"> };

/** `confirms`: earlier detections of other zones that this one completes; all become alarms of one incident. */
export function raiseAlarm(
  zone: ZoneConfig,
  detection: Alarming,
  scene: Scene,
  confirms: readonly Detection[] = [],
): Judgement {
  const zones = [detection.zone, ...confirms.map((earlier) => earlier.zone)];
  const real = realZone(zones, detection, scene);
  const exercise = scene.durable.drill?.suspendedBy === null && real === undefined;
  const { incident, opened } = incidentFor(incidentKind(zone, detection), zone.area, scene, { zones, exercise });
  const responds = detection.kind === "breach" || (detection.kind === "tamper" && guardsPerimeter(zone, scene));
  const alarm = (each: ZoneConfig, seen: Alarming): Fact => {
    const data: FactMap["zone.breached"] = {
      alarm: {
        key: alarmKey(incident.id, each.id, seen.kind),
        priority: confirms.length > 0 ? 1 : priorityOf(each, seen, scene),
      },
      zone: each.id,
      area: each.area,
      cause: seen.cause,
      incident: incident.id,
      kind: incident.kind,
      detection: seen,
      sounds: responds && maySound(each, scene),
    };
    return fact(alarmTypes[seen.kind], each.id, data);
  };
  const all = scene.config.zones.filter(({ id }) => zones.includes(id));
  const seenBy = (id: string): Detection => confirms.find((earlier) => earlier.zone === id) ?? detection;
  const joined = opened.length > 0 ? [] : all.map(({ id }) => joins(incident.id, seenBy(id)));
  return {
    facts: [
      ...suspends(real, scene),
      ...opened,
      ...joined,
      ...all.map((each) => alarm(each, { ...seenBy(each.id), kind: detection.kind })),
      ...preAlarmsEnded(zones, scene),
    ],
    responding: responds
      ? {
          incident: incident.id,
          detection,
          zones,
          announceOnly: isAnnouncedOnly(zone, detection) && confirms.length === 0,
          isKnown: false,
          quiet: !all.some((each) => maySound(each, scene)),
        }
      : null,
    verdict: "alarm",
  };
}

/**
 * What changed unseen is heard and moves nothing; nor does a hand on the line of a panic button, a fire input or a loop: what these are
 * there for, only they set off.
 */
export function isAnnouncedOnly(zone: ZoneConfig, { kind, cause }: Alarming): boolean {
  return cause === "changed-while-away" || (kind === "tamper" && zoneTraits[zone.kind].incident !== "intrusion");
}

export function alarmKey(incident: string, zone: string, kind: DetectionKind): string {
  return `${incident}/${zone}/${kind}`;
}

function joins(incident: string, { zone, cause }: Detection): Fact {
  return fact("incident.joined", incident, { incident, zone, cause });
}

/** What the drill did not list is real: another zone, and a hand on the line or the case of a listed one. */
function realZone(zones: readonly string[], { kind }: Alarming, { durable: { drill } }: Scene): string | undefined {
  return kind === "breach" ? zones.find((zone) => drill?.zones.includes(zone) !== true) : zones[0];
}

/** From then on all is real. */
function suspends(real: string | undefined, { durable: { drill }, now }: Scene): readonly Fact[] {
  if (drill === null || drill.suspendedBy !== null || real === undefined) return [];
  return [fact("drill.suspended", drill.id, { drill: drill.id, zone: real, at: now })];
}

/** A silent hold-up never sounds; the swinger limit quiets what sounds again and again, but nothing that is protected. */
export function maySound(zone: ZoneConfig, { durable }: Scene): boolean {
  if (zone.kind === "panic-button" && !zone.audible) return false;
  if (zoneTraits[zone.kind].isProtected || zone.soundingsMax === undefined) return true;
  return memoryOf(durable, zone.id).soundings < zone.soundingsMax;
}

function incidentKind(zone: ZoneConfig, { kind }: Alarming): IncidentKind {
  if (kind === "unguarded") return "unguarded";
  if (kind === "tamper") return "intrusion";
  return zone.kind === "panic-button" && !zone.audible ? "hold-up" : zoneTraits[zone.kind].incident;
}

function priorityOf(zone: ZoneConfig, { kind, cause }: Alarming, scene: Scene): Priority {
  const { priority } = zoneTraits[zone.kind];
  if (kind === "unguarded") return 2;
  if (kind === "tamper") return scene.area.kind === "perimeter" ? 1 : 2;
  if (cause === "door-held-open") return 3;
  return cause === "changed-while-away" && priority === 1 ? 2 : priority;
}
