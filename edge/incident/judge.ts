// A zone's event becomes a detection or only a change of state; detections that belong together join into one incident.

import type { Durable, ZoneState } from "../model/durable.js";
import { type Fact, type FactMap, fact } from "../model/fact.js";
import type { Cause, Detection, DetectionKind, Incident, IncidentKind, Priority } from "../model/incident.js";
import type { AreaConfig, EdgeConfig } from "../model/site.js";
import type { Condition, ZoneEvent } from "../model/state.js";
import { type Stamp, stampAt } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";

/** Kinds that no posture, isolation or disarming silences. */
const alwaysOn: readonly ZoneConfig["kind"][] = ["panic-button", "fire-input", "vehicle-rush"];

export interface Scene {
  readonly edge: string;
  readonly config: EdgeConfig;
  readonly area: AreaConfig;
  readonly durable: Durable;
  /** Filtered condition of each zone, so that a partner that is not good is not waited for. */
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly now: Stamp;
}

/** `responding` is set when responses are due: to the whole incident, or announcing only. */
export interface Judgement {
  readonly facts: readonly Fact[];
  readonly responding: {
    readonly incident: string;
    readonly detection: Detection;
    readonly announceOnly: boolean;
    /** Nothing new: the same cause has come into sight again. */
    readonly isKnown: boolean;
  } | null;
}

const nothing: Judgement = { facts: [], responding: null };

function isArmed(zone: ZoneConfig, scene: Scene): boolean {
  return alwaysOn.includes(zone.kind) || scene.durable.armed[scene.area.id] === true;
}

function guardsPerimeter(zone: ZoneConfig, scene: Scene): boolean {
  return scene.area.kind === "perimeter" && isArmed(zone, scene);
}

/** What an event of a zone means in the present scene. */
export function judge(zone: ZoneConfig, event: ZoneEvent, scene: Scene): Judgement {
  const { condition } = event;
  switch (condition.kind) {
    case "unknown":
      return nothing;
    case "normal":
      return { facts: restored(zone, scene), responding: null };
    case "fault":
      return {
        facts: [
          ...changed(zone, "fault", condition.cause, scene),
          ...workOrder(`zone:${zone.id}`, condition.cause, scene),
        ],
        responding: null,
      };
    case "tamper":
      return (
        seeAgain(zone, event, scene) ??
        detect(zone, detectionOf(zone, "tamper", condition.cause, { event, scene }), scene)
      );
    case "breach":
      if (!isArmed(zone, scene))
        return event.momentary ? nothing : { facts: changed(zone, "active", condition.cause, scene), responding: null };
      return (
        seeAgain(zone, event, scene) ??
        detect(zone, detectionOf(zone, "breach", causeOf(zone, event, condition.cause), { event, scene }), scene)
      );
  }
}

/** What was told and has not gone meanwhile is not told again when a line or the box comes back: a lock-down that was stood down stays so. */
function seeAgain(zone: ZoneConfig, event: ZoneEvent, scene: Scene): Judgement | null {
  const { condition, from, momentary } = event;
  const memory = scene.durable.zones[zone.id];
  if (from !== "unknown" || momentary || !("cause" in condition) || condition.kind === "fault") return null;
  if (memory === undefined || memory.incident === null) return null;
  const announceOnly = memory.cause === "changed-while-away";
  if (memory.cause !== condition.cause && !announceOnly) return null;
  const detection = detectionOf(zone, condition.kind, condition.cause, { event, scene });
  return { facts: [], responding: { incident: memory.incident, detection, announceOnly, isKnown: true } };
}

/** A zone has not been heard of for its whole grace: an alarm on an armed perimeter, elsewhere a fault with a work order (rule 6). */
export function judgeSilence(zone: ZoneConfig, since: number, scene: Scene): Judgement {
  if (!guardsPerimeter(zone, scene)) return { facts: changed(zone, "fault", "signal-lost", scene), responding: null };
  const event: ZoneEvent = {
    condition: { kind: "unknown" },
    from: "normal",
    firstActivityAt: since,
    occurredAt: since,
    momentary: false,
  };
  return { ...detect(zone, detectionOf(zone, "unguarded", "signal-lost", { event, scene }), scene), responding: null };
}

/** Opens one work order per device, however often its trouble is seen. */
export function workOrder(
  device: string,
  cause: string,
  scene: Pick<Scene, "edge" | "durable" | "now">,
): readonly Fact[] {
  if (scene.durable.workOrders[device] !== undefined) return [];
  const number = `${scene.edge}-W${scene.durable.workOrderCount + 1}`;
  return [fact("workorder.opened", device, { number, device, cause, at: scene.now })];
}

/** The incident of this kind and place that is open, or a new one. */
export function incidentFor(
  kind: IncidentKind,
  place: string,
  scene: Pick<Scene, "edge" | "durable" | "now">,
  zones: readonly string[],
): { incident: Incident; opened: readonly Fact[] } {
  const open = Object.values(scene.durable.incidents).find((known) => known.kind === kind && known.place === place);
  if (open !== undefined) return { incident: open, opened: [] };
  const stamp = Math.floor(scene.now.wall / 1000).toString(36);
  const incident: Incident = {
    id: `${scene.edge}-${stamp}-${scene.durable.incidentCount + 1}`,
    kind,
    place,
    openedAt: scene.now,
    zones,
    acknowledgedBy: null,
    exercise: false,
  };
  return { incident, opened: [fact("incident.opened", incident.id, { incident })] };
}

/** What was already so when the zone came into sight is no burglary from nowhere; always-on kinds are taken at their level. */
function causeOf(zone: ZoneConfig, event: ZoneEvent, cause: Cause): Cause {
  return event.from === "unknown" && !event.momentary && !alwaysOn.includes(zone.kind) ? "changed-while-away" : cause;
}

function detectionOf(
  zone: ZoneConfig,
  kind: DetectionKind,
  cause: Cause,
  seen: { event: ZoneEvent; scene: Scene },
): Detection {
  const { event, scene } = seen;
  return {
    zone: zone.id,
    kind,
    cause,
    firstActivityAt: stampAt(scene.now, event.firstActivityAt),
    occurredAt: stampAt(scene.now, event.occurredAt),
    detectedAt: scene.now,
  };
}

const alarmTypes = { breach: "zone.breached", tamper: "zone.tampered", unguarded: "zone.unguarded" } as const;

function detect(zone: ZoneConfig, detection: Detection, scene: Scene): Judgement {
  if (detection.kind === "fault") return nothing;
  const { incident, opened } = incidentFor(incidentKind(detection), zone.area, scene, [zone.id]);
  const data: FactMap["zone.breached"] = {
    alarm: { key: alarmKey(incident.id, zone.id, detection.kind), priority: priorityOf(detection, scene) },
    zone: zone.id,
    area: zone.area,
    cause: detection.cause,
    incident: incident.id,
    kind: incident.kind,
    detection,
  };
  const joined =
    opened.length === 0
      ? [fact("incident.joined", incident.id, { incident: incident.id, zone: zone.id, cause: detection.cause })]
      : [];
  const respond = detection.kind === "breach" || guardsPerimeter(zone, scene);
  return {
    facts: [...opened, ...joined, fact(alarmTypes[detection.kind], zone.id, data)],
    responding: respond
      ? {
          incident: incident.id,
          detection,
          announceOnly: detection.cause === "changed-while-away",
          isKnown: false,
        }
      : null,
  };
}

function alarmKey(incident: string, zone: string, kind: DetectionKind): string {
  return `${incident}/${zone}/${kind}`;
}

function incidentKind(detection: Detection): IncidentKind {
  switch (detection.cause) {
    case "panic-pressed":
      return "panic";
    case "fire-signalled":
      return "fire";
    case "vehicle-rush":
      return "rush";
    case "silent":
    case "signal-lost":
      return "unguarded";
    default:
      return "intrusion";
  }
}

function priorityOf(detection: Detection, scene: Scene): Priority {
  if (detection.cause === "changed-while-away" || detection.kind === "unguarded") return 2;
  if (detection.kind === "tamper") return scene.area.kind === "perimeter" ? 1 : 2;
  return 1;
}

function changed(zone: ZoneConfig, state: ZoneState, cause: Cause | null, scene: Scene): readonly Fact[] {
  const memory = scene.durable.zones[zone.id];
  if (memory !== undefined && (memory.incident !== null || memory.state === state)) return [];
  return [fact("zone.changed", zone.id, { zone: zone.id, state, cause })];
}

/** The cause is gone: alarms of the zone have returned, its latched state waits for the reset by hand. */
function restored(zone: ZoneConfig, scene: Scene): readonly Fact[] {
  const incident = scene.durable.zones[zone.id]?.incident ?? null;
  if (incident === null) return changed(zone, "normal", null, scene);
  const alarms = (["breach", "tamper", "unguarded"] as const).map((kind) => alarmKey(incident, zone.id, kind));
  return [fact("zone.restored", zone.id, { zone: zone.id, area: zone.area, alarms })];
}

/** Whether a breach of this zone counts now. */
export function isWatched(zone: ZoneConfig, scene: Scene): boolean {
  return isArmed(zone, scene);
}

/** The entry time of an area is over: what began it is the alarm. */
export function judgeEntryOver(_area: string, _zone: ZoneConfig, _scene: Scene): Judgement {
  return nothing;
}
