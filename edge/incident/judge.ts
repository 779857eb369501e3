// A zone's event becomes a detection or only a change of state; what holds a detection back is named.
import type { ZoneState } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { Cause } from "../model/incident.js";
import type { Verdict, ZoneEvent } from "../model/state.js";
import { later, stampAt, timeLeft } from "../model/time.js";
import { workOrder } from "../model/work-order.js";
import { type ZoneConfig, zoneTraits } from "../model/zone.js";
import { type Alarming, alarmKey, isAnnouncedOnly, maySound, raiseAlarm } from "./alarm.js";
import { confirmedBy, isWaitOver, preAlarmed } from "./confirmation.js";
import type { Judgement, Scene } from "./scene.js";
import { guardsPerimeter, heldBack, isUnderTest } from "./watch.js";

const silent = (verdict: Verdict, facts: readonly Fact[] = []): Judgement => ({ facts, responding: null, verdict });

type Seen<K extends "breach" | "tamper"> = ZoneEvent & {
  readonly condition: { readonly kind: K; readonly cause: Cause };
};

/** What an event of a zone means in the present scene. */
export function judge(zone: ZoneConfig, event: ZoneEvent, scene: Scene): Judgement {
  const { condition } = event;
  switch (condition.kind) {
    case "unknown":
      return silent("quality-not-good");
    case "normal":
      return silent("nothing-seen", restored(zone, scene));
    case "fault":
      return judgeFault(zone, condition.cause, scene);
    case "tamper":
      return judgeTamper(zone, { ...event, condition: { ...condition, kind: "tamper" } }, scene);
    case "breach":
      return judgeBreach(zone, { ...event, condition: { ...condition, kind: "breach" } }, scene);
  }
}

function judgeFault(zone: ZoneConfig, cause: Cause, scene: Scene): Judgement {
  const facts = changed(zone, "fault", cause, scene);
  const held = heldBack(zone, "tamper", scene);
  if (held !== null) return silent(held, facts);
  return silent("quality-not-good", [...facts, ...workOrder(`zone:${zone.id}`, cause, scene)]);
}

function judgeTamper(zone: ZoneConfig, event: Seen<"tamper">, scene: Scene): Judgement {
  const held = heldBack(zone, "tamper", scene);
  if (held !== null) return silent(held, changed(zone, "tampered", event.condition.cause, scene));
  return seeAgain(zone, event, scene) ?? raiseAlarm(zone, detectionOf(zone, event, scene), scene);
}

function judgeBreach(zone: ZoneConfig, event: Seen<"breach">, scene: Scene): Judgement {
  const { cause } = event.condition;
  const active = event.momentary ? [] : changed(zone, "active", cause, scene);
  if (isUnderTest(zone, scene)) return silent("walk-test", [...tested(zone, event, scene), ...active]);
  const held = heldBack(zone, "breach", scene);
  if (held !== null) return silent(held, active);
  const known = seeAgain(zone, event, scene);
  if (known !== null) return known;
  const detection = detectionOf(zone, event, scene);
  if (detection.cause === "changed-while-away" && scene.durable.armed[zone.area] !== true)
    return silent("not-armed", active);
  const entry = beginEntry(zone, detection, scene);
  if (entry !== null) return silent("entry-time", [...entry, ...active]);
  const confirms = confirmedBy(zone, detection, scene);
  if (confirms === null) return silent("pre-alarm", [...preAlarmed(zone, detection, scene), ...active]);
  return raiseAlarm(zone, detection, scene, confirms);
}

/** What was told and has not gone meanwhile is not told again when a line or the box comes back: a lock-down that was stood down stays so. */
function seeAgain(zone: ZoneConfig, event: Seen<"breach" | "tamper">, scene: Scene): Judgement | null {
  const { condition, from, momentary } = event;
  const memory = scene.durable.zones[zone.id];
  if (from !== "unknown" || momentary || memory === undefined || memory.incident === null) return null;
  const isChange = memory.cause === "changed-while-away";
  if (memory.cause !== condition.cause && !isChange) return null;
  const detection = { ...detectionOf(zone, event, scene), cause: condition.cause };
  const { incident } = memory;
  const announceOnly = isChange || isAnnouncedOnly(zone, detection);
  const quiet = !maySound(zone, scene);
  return {
    facts: [],
    responding: { incident, detection, zones: [zone.id], announceOnly, isKnown: true, quiet },
    verdict: "known-already",
  };
}

/** A trigger that was watched from its beginning, with its way from sensor to judgement. */
function tested(zone: ZoneConfig, event: Seen<"breach">, { now }: Scene): readonly Fact[] {
  if (event.from === "unknown" && !event.momentary) return [];
  const latencyMs = Math.round(Math.max(0, now.mono - event.occurredAt));
  return [fact("zone.tested", zone.id, { zone: zone.id, cause: event.condition.cause, latencyMs, at: now })];
}

/** On the way in the alarm waits for the area's entry time; facts that begin it, none while it runs, null where it does not apply. */
function beginEntry(zone: ZoneConfig, detection: Alarming, scene: Scene): readonly Fact[] | null {
  const { area, durable } = scene;
  if (area.entryMs === undefined || zone.entryRoute !== true || zoneTraits[zone.kind].watch === "always") return null;
  if (durable.entries[area.id] !== undefined) return [];
  const isIntruded = Object.values(durable.incidents).some(
    ({ kind, place }) => kind === "intrusion" && place === area.id,
  );
  if (isIntruded || detection.cause === "changed-while-away") return null;
  const until = later(detection.occurredAt, area.entryMs);
  return [fact("area.entry-started", area.id, { area: area.id, zone: zone.id, until, detection })];
}

/** The entry time of an area is over and nobody disarmed it: what began it is the alarm, which counts from now on. */
export function judgeEntryOver(area: string, zone: ZoneConfig, scene: Scene): Judgement {
  const entry = scene.durable.entries[area];
  if (entry === undefined) return silent("nothing-seen");
  const { leftMs, by } = timeLeft(entry.until, scene.now);
  const occurredAt = by === "monotonic" ? stampAt(scene.now, scene.now.mono + leftMs) : scene.now;
  return raiseAlarm(zone, { ...entry.detection, kind: "breach", occurredAt, detectedAt: scene.now }, scene);
}

/** A pre-alarm whose partners cannot speak any more decides alone, from now on; null while it still waits. */
export function judgeWaiting(zone: ZoneConfig, scene: Scene): Judgement | null {
  const waiting = scene.durable.preAlarms[zone.id];
  if (waiting === undefined || isWaitOver(zone.id, scene)) return null;
  const confirms = confirmedBy(zone, waiting.detection, scene);
  if (confirms === null) return null;
  const detection: Alarming = {
    ...waiting.detection,
    kind: "breach",
    occurredAt: scene.now,
    detectedAt: scene.now,
  };
  return raiseAlarm(zone, detection, scene, confirms);
}

/** A zone has not been heard of for its whole grace: an alarm on an armed perimeter, elsewhere a fault with a work order (rule 6). */
export function judgeSilence(zone: ZoneConfig, since: number, scene: Scene): Judgement {
  if (!guardsPerimeter(zone, scene))
    return silent(heldBack(zone, "tamper", scene) ?? "quality-not-good", changed(zone, "fault", "signal-lost", scene));
  const at = stampAt(scene.now, since);
  return raiseAlarm(
    zone,
    {
      zone: zone.id,
      kind: "unguarded",
      cause: "signal-lost",
      firstActivityAt: at,
      occurredAt: at,
      detectedAt: scene.now,
    },
    scene,
  );
}

/**
 * What was already so when the zone came into sight is no burglary from nowhere; what always counts is taken at its level. A door that
 * was open by then may have been granted before.
 */
function causeOf(zone: ZoneConfig, { condition, from, momentary }: Seen<"breach" | "tamper">): Cause {
  const isLevel = zoneTraits[zone.kind].watch === "always" && zone.kind !== "access-door";
  const isNews = from !== "unknown" || momentary || isLevel;
  return condition.kind === "breach" && !isNews ? "changed-while-away" : condition.cause;
}

function detectionOf(zone: ZoneConfig, event: Seen<"breach" | "tamper">, { now }: Scene): Alarming {
  return {
    zone: zone.id,
    kind: event.condition.kind,
    cause: causeOf(zone, event),
    firstActivityAt: stampAt(now, event.firstActivityAt),
    occurredAt: stampAt(now, event.occurredAt),
    detectedAt: now,
  };
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
