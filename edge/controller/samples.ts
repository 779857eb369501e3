// Samples on their way: readings, the quality of points, the zones that read them, and the responses that follow.
import { pointsOfZone } from "../detection/condition.js";
import { initialZoneWork, observeZone, type ZoneSeen } from "../detection/zone.js";
import { type Judgement, judge } from "../incident/judge.js";
import { fact } from "../model/fact.js";
import type { Sample } from "../model/point.js";
import type { Reading } from "../model/state.js";
import type { ZoneConfig } from "../model/zone.js";
import { readBack } from "../response/outputs.js";
import { type Cue, planResponse, responsesToZone } from "../response/plan.js";
import { laneBarred } from "./barriers.js";
import { change, emit, sceneOf, type Turn } from "./turn.js";

/** A sample of any quality, of a point in or out. */
export function takeSample(turn: Turn, heard: Sample): void {
  const last = turn.transient.readings[heard.point]?.sample;
  // One stamp from the future, or none, would make history of all that follows and lose deadlines.
  const occurredAt = heard.occurredAt <= turn.now.mono ? heard.occurredAt : turn.now.mono;
  const sample = { ...heard, occurredAt };
  // A sample older than its point's last is history; the end of a silence is not.
  if (last !== undefined && last.quality !== "lost" && occurredAt < last.occurredAt) return;
  const reading: Reading = { sample, heardAt: turn.now.mono };
  const { outputs } = turn.transient;
  const output = readBack(outputs[sample.point], reading);
  change(turn, {
    readings: { ...turn.transient.readings, [sample.point]: reading },
    outputs:
      output === undefined || output === outputs[sample.point] ? outputs : { ...outputs, [sample.point]: output },
  });
  recordQuality(turn, sample);
  for (const zone of turn.config.zones) {
    if (pointsOfZone(zone).includes(sample.point)) seeZone(turn, zone, observe(turn, zone, sample));
  }
}

function recordQuality(turn: Turn, sample: Sample): void {
  const known = turn.durable.lost[sample.point] === true;
  if (sample.quality === "good" && known) emit(turn, [fact("point.restored", sample.point, { point: sample.point })]);
  const gone = sample.quality === "lost" || sample.quality === "tampered" || sample.quality === "out-of-range";
  if (gone && !known) emit(turn, [fact("point.lost", sample.point, { point: sample.point, quality: sample.quality })]);
}

function observe(turn: Turn, zone: ZoneConfig, sample: Sample): ZoneSeen {
  const work = turn.transient.zones[zone.id] ?? initialZoneWork();
  const barred = zone.kind === "vehicle-rush" && laneBarred(turn, zone.barrier);
  return observeZone(zone, work, sample, { readings: turn.transient.readings, laneBarred: barred });
}

/** What a zone has seen becomes judgement and response. */
export function seeZone(turn: Turn, zone: ZoneConfig, seen: ZoneSeen): void {
  change(turn, { zones: { ...turn.transient.zones, [zone.id]: seen.work } });
  for (const event of seen.events) {
    if (!event.momentary) watchSight(turn, zone, event.condition.kind === "unknown");
    respond(turn, zone, judge(zone, event, sceneOf(turn, zone)));
  }
}

/** Starts or ends the time for which a zone cannot be seen. */
export function watchSight(turn: Turn, zone: ZoneConfig, blind: boolean): void {
  const { [zone.id]: _, ...others } = turn.transient.blindSince;
  change(turn, { blindSince: blind ? { ...others, [zone.id]: turn.now.mono } : others });
}

function respond(turn: Turn, zone: ZoneConfig, judgement: Judgement): void {
  emit(turn, judgement.facts);
  if (judgement.responding === null) return;
  const { incident, detection, announceOnly, isKnown } = judgement.responding;
  const cue: Cue = {
    incident,
    announceOnly,
    isKnown,
    firstActivityAt: detection.firstActivityAt,
    occurredAt: detection.occurredAt,
    detectedAt: detection.detectedAt,
  };
  for (const response of responsesToZone(turn.config, zone)) emit(turn, planResponse(turn.config, response, cue, turn));
}
