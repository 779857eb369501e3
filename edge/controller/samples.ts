// Samples on their way: readings, the quality of points, the zones that read them, and the responses that follow.
import { initialZoneWork, observeZone, type ZoneSeen, zoneWakeAt } from "../detection/zone.js";
import { partnersOf } from "../incident/confirmation.js";
import { judge, judgeEntryOver, judgeWaiting } from "../incident/judge.js";
import type { Judgement } from "../incident/scene.js";
import { fact } from "../model/fact.js";
import type { Sample } from "../model/point.js";
import type { Reading, ZoneEvent, ZoneTrace } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";
import { waitEndsAt } from "../response/due.js";
import { readBack } from "../response/outputs.js";
import { type Cue, planResponse, responsesToZone } from "../response/plan.js";
import { laneBarred } from "./barriers.js";
import { measureArrival } from "./budgets.js";
import { seePanel } from "./panel.js";
import { change, emit, sceneOf, type Turn } from "./turn.js";

/** A sample of any quality, of a point in or out. */
export function takeSample(turn: Turn, heard: Sample): void {
  const last = turn.transient.readings[heard.point]?.sample;
  // One stamp from the future, or none, would make history of all that follows and lose deadlines.
  const occurredAt = heard.occurredAt <= turn.now.mono ? heard.occurredAt : turn.now.mono;
  const sample = { ...heard, occurredAt };
  // A sample older than its point's last is history; the end of a silence is not.
  if (last !== undefined && last.quality !== "lost" && occurredAt < last.occurredAt) {
    for (const { id } of turn.index.zonesOfPoint.get(heard.point) ?? [])
      explain(turn, { zone: id, at: occurredAt, verdict: "older-than-last", seen: null, limit: null });
    return;
  }
  const reading: Reading = { sample, heardAt: turn.now.mono };
  const { outputs } = turn.transient;
  const output = readBack(outputs[sample.point], reading);
  change(turn, {
    readings: { ...turn.transient.readings, [sample.point]: reading },
    outputs:
      output === undefined || output === outputs[sample.point] ? outputs : { ...outputs, [sample.point]: output },
  });
  turn.heard.add(sample.point);
  measureArrival(turn, reading);
  recordQuality(turn, sample);
  seePanel(turn, sample);
  for (const zone of turn.index.zonesOfPoint.get(sample.point) ?? []) seeZone(turn, zone, observe(turn, zone, sample));
}

function recordQuality(turn: Turn, sample: Sample): void {
  const known = turn.durable.lost[sample.point] !== undefined;
  if (sample.quality === "good" && known)
    emit(turn, [fact("point.restored", sample.point, { point: sample.point, at: turn.now })]);
  const gone = sample.quality === "lost" || sample.quality === "tampered" || sample.quality === "out-of-range";
  if (gone && !known)
    emit(turn, [fact("point.lost", sample.point, { point: sample.point, quality: sample.quality, at: turn.now })]);
}

function observe(turn: Turn, zone: ZoneConfig, sample: Sample): ZoneSeen {
  const work = turn.transient.zones[zone.id] ?? initialZoneWork();
  const isRush = zone.kind === "vehicle-rush" || zone.kind === "pedestrian-rush";
  return observeZone(zone, work, sample, {
    readings: turn.transient.readings,
    laneBarred: isRush && laneBarred(turn, zone.barrier),
    raised: turn.durable.posture.level !== "normal",
  });
}

/** What a zone has seen becomes judgement and response. */
export function seeZone(turn: Turn, zone: ZoneConfig, seen: ZoneSeen): void {
  change(turn, { zones: { ...turn.transient.zones, [zone.id]: seen.work } });
  watchTime(turn, zone, zoneWakeAt(zone, seen.work));
  for (const trace of seen.traces) explain(turn, trace);
  for (const event of seen.events) {
    if (!event.momentary) watchSight(turn, zone, event.condition.kind === "unknown");
    judgeEvent(turn, zone, event);
  }
}

/** Zones that a new configuration made look at what their points said last: a contact that rests would not speak again. */
export function lookAnew(turn: Turn): void {
  for (const zone of turn.config.zones) {
    if (turn.transient.blindSince[zone.id] !== turn.now.mono) continue;
    for (const point of turn.index.pointsOfZone.get(zone.id) ?? []) {
      const reading = turn.transient.readings[point];
      if (reading !== undefined) seeZone(turn, zone, observe(turn, zone, reading.sample));
    }
  }
}

/** The sample that ends a change may be on its way for as long as its point declares: until then nothing has lasted. */
function watchTime(turn: Turn, zone: ZoneConfig, ripensAt: MonoMs | null): void {
  const { [zone.id]: known, ...others } = turn.transient.ripening;
  const at = ripensAt === null ? undefined : ripensAt + (turn.index.latencyOfZone.get(zone.id) ?? 0);
  if (at === known) return;
  change(turn, { ripening: at === undefined ? others : { ...others, [zone.id]: at } });
}

function explain(turn: Turn, trace: ZoneTrace): void {
  turn.effects.push({ kind: "trace", trace });
}

/** What a zone shows now, judged as if it had just begun; one that cannot be seen has its grace once more. */
export function judgeLevel(turn: Turn, zone: ZoneConfig): void {
  const condition = turn.transient.zones[zone.id]?.filter.stable;
  if (condition === undefined || condition.kind === "normal") return;
  if (condition.kind === "unknown") {
    if (turn.transient.blindSince[zone.id] === undefined) watchSight(turn, zone, true);
    return;
  }
  const at = turn.now.mono;
  judgeEvent(turn, zone, { condition, from: "normal", firstActivityAt: at, occurredAt: at, momentary: false });
}

function judgeEvent(turn: Turn, zone: ZoneConfig, event: ZoneEvent): void {
  const judgement = judge(zone, event, sceneOf(turn, zone));
  const { condition } = event;
  const seen = "cause" in condition ? condition.cause : condition.kind;
  explain(turn, { zone: zone.id, at: event.occurredAt, verdict: judgement.verdict, seen, limit: null });
  respond(turn, judgement);
}

/** What waited and waits no longer: an entry time that is over without a disarming, a pre-alarm whose partners cannot speak. */
export function endWaits(turn: Turn): void {
  for (const [area, entry] of Object.entries(turn.durable.entries)) {
    const zone = turn.index.zones.get(entry.detection.zone);
    if (zone === undefined || turn.now.mono < entryEndsAt(turn, area)) continue;
    respond(turn, judgeEntryOver(area, zone, sceneOf(turn, zone)));
  }
  for (const id of Object.keys(turn.durable.preAlarms)) {
    const zone = turn.index.zones.get(id);
    if (partnersOf(id, turn.config).some((partner) => isUnheard(turn, partner))) continue;
    const judgement = zone === undefined ? null : judgeWaiting(zone, sceneOf(turn, zone));
    if (judgement !== null) respond(turn, judgement);
  }
}

/** Since the start it was neither seen nor given up: it may still speak. */
function isUnheard({ transient }: Turn, zone: string): boolean {
  return transient.blindSince[zone] === transient.startedAt;
}

/** When the next entry time is over; Infinity when none runs. */
export function entriesWakeAt(turn: Turn): MonoMs {
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...Object.keys(turn.durable.entries).map((area) => entryEndsAt(turn, area)),
  );
}

function entryEndsAt({ durable, index, now }: Turn, area: string): MonoMs {
  const entry = durable.entries[area];
  return entry === undefined
    ? Number.POSITIVE_INFINITY
    : waitEndsAt(entry.until, index.areas.get(area)?.entryMs ?? 0, now);
}

/** Starts or ends the time for which a zone cannot be seen. */
export function watchSight(turn: Turn, zone: ZoneConfig, blind: boolean): void {
  const { [zone.id]: _, ...others } = turn.transient.blindSince;
  change(turn, { blindSince: blind ? { ...others, [zone.id]: turn.now.mono } : others });
}

function respond(turn: Turn, judgement: Judgement): void {
  emit(turn, judgement.facts);
  if (judgement.responding === null) return;
  const { incident, detection, zones, announceOnly, isKnown, quiet } = judgement.responding;
  const cue: Cue = {
    incident,
    announceOnly,
    isKnown,
    quiet,
    firstActivityAt: detection.firstActivityAt,
    occurredAt: detection.occurredAt,
    detectedAt: detection.detectedAt,
  };
  const speaking = zones.flatMap((id) => turn.index.zones.get(id) ?? []);
  const responses = new Set(speaking.flatMap((zone) => responsesToZone(turn.config, zone, detection)));
  for (const response of responses) emit(turn, planResponse(turn.config, response, cue, turn));
}
