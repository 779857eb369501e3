// What time alone brings: filters that ripen, points that fall silent, zones that stay blind, and the end of settling.
import { ripenZone } from "../detection/zone.js";
import { judgeSilence } from "../incident/judge.js";
import { incidentFor } from "../incident/opening.js";
import { fact } from "../model/fact.js";
import { targetOf } from "../model/incident.js";
import type { Sample } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import { workOrder } from "../model/work-order.js";
import type { ZoneConfig } from "../model/zone.js";
import { unexplainedOutputs } from "../response/outputs.js";
import { testedPoints } from "../response/test-sounds.js";
import { wantedNow } from "./acting.js";
import { viewBarriers } from "./barriers.js";
import type { Index } from "./index-of.js";
import { seeZone, takeSample, watchSight } from "./samples.js";
import { change, deadDriverOf, emit, placeOf, sceneOf, type Turn } from "./turn.js";

/** What has lasted long enough by now: filters, silence of points, blindness of zones. */
export function ripen(turn: Turn): void {
  for (const sample of fallenSilent(turn)) takeSample(turn, sample);
  for (const [id, at] of Object.entries(turn.transient.ripening)) {
    const zone = turn.index.zones.get(id);
    const work = turn.transient.zones[id];
    if (zone !== undefined && work !== undefined && at <= turn.now.mono)
      seeZone(turn, zone, ripenZone(zone, work, turn.now.mono));
  }
  for (const [id, since] of Object.entries(turn.transient.blindSince)) {
    if (turn.now.mono >= blindUntil(turn, id, since)) judgeBlind(turn, id, since);
  }
}

/** What a zone sees again needs its filter's time before it counts: 60 s of a climate are no silence. */
function blindUntil(turn: Turn, id: string, since: MonoMs): MonoMs {
  const until =
    Math.max(since, turn.transient.startedAt + turn.config.settleMs) + (turn.index.graceOfZone.get(id) ?? 0);
  const zone = turn.index.zones.get(id);
  const filterMs = zone !== undefined && "filterMs" in zone ? zone.filterMs : 0;
  return Math.min(Math.max(until, turn.transient.ripening[id] ?? until), until + filterMs);
}

function judgeBlind(turn: Turn, id: string, since: MonoMs): void {
  const zone = turn.index.zones.get(id);
  if (zone === undefined) return;
  watchSight(turn, zone, false);
  const scene = sceneOf(turn, zone);
  const judgement = judgeSilence(zone, since, scene);
  emit(turn, [...judgement.facts, ...workOrder(deviceOf(turn, zone), "signal-lost", scene)]);
}

/** A dead driver is one work order, not one for each of its zones. */
function deviceOf(turn: Turn, zone: ZoneConfig): string {
  const driver = deadDriverOf(turn, turn.index.pointsOfZone.get(zone.id) ?? []);
  return driver === undefined ? `zone:${zone.id}` : `driver:${driver}`;
}

function silentAt(turn: Turn, point: Index["silentPoints"][number]): MonoMs {
  const reading = turn.transient.readings[point.id];
  if (reading === undefined || reading.sample.quality === "lost") return Number.POSITIVE_INFINITY;
  return reading.heardAt + point.silentAfterMs;
}

function fallenSilent(turn: Turn): readonly Sample[] {
  return turn.index.silentPoints
    .filter((point) => silentAt(turn, point) <= turn.now.mono)
    .map((point) => ({ point: point.id, value: null, quality: "lost", occurredAt: turn.now.mono }));
}

/** Once all has been read back, or its time is over: what is active or moving and no record explains is an incident (rule 3). */
export function settle(turn: Turn): void {
  if (turn.transient.settled) return;
  const heard = [...turn.index.points.keys()].every((point) => turn.transient.readings[point] !== undefined);
  if (!heard && turn.now.mono < turn.transient.startedAt + turn.config.settleMs) return;
  loseUnheard(turn);
  change(turn, { settled: true });
  const moved = turn.config.barriers.filter(({ id }) => isMoveKnown(turn, id)).map(({ id }) => id);
  const known = [...moved, ...Object.values(turn.durable.steps).map(({ action }) => targetOf(action))];
  const tried = testedPoints(turn.config, turn.durable);
  const active = unexplainedOutputs(turn.config, wantedNow(turn), turn.transient.readings, known)
    .filter((point) => !tried.includes(point))
    .map((point) => ({ subject: point, seen: "active" }));
  const moving = viewBarriers(turn).filter(
    (now) => now.sight.position === "between" && !moved.includes(now.barrier.id),
  );
  for (const { subject, seen } of [...active, ...moving.map((now) => ({ subject: now.barrier.id, seen: "between" }))]) {
    const { incident, opened } = incidentFor("unexplained", turn.config.id, placeOf(turn), {
      zones: [],
      exercise: false,
    });
    emit(turn, [
      ...opened,
      fact("incident.unexplained", subject, {
        alarm: { key: `${incident.id}/${subject}`, priority: 2 },
        incident: incident.id,
        subject,
        seen,
      }),
    ]);
  }
}

/** What was not heard in the time for it counts as lost. */
function loseUnheard(turn: Turn): void {
  for (const { id, direction } of turn.index.points.values()) {
    if (direction === "in" && turn.transient.readings[id] === undefined)
      takeSample(turn, { point: id, value: null, quality: "lost", occurredAt: turn.now.mono });
  }
}

/** It is held closed, or it was on its way when the box went off. */
function isMoveKnown(turn: Turn, barrier: string): boolean {
  const held = Object.values(turn.durable.lockDowns).some((lockDown) => lockDown.barriers.includes(barrier));
  const recorded = turn.durable.barriers[barrier];
  return held || recorded === "opening" || recorded === "closing";
}

/** When one of these is due next; Infinity when none is pending. */
export function supervisionWakeAt(turn: Turn): MonoMs {
  const { transient, config } = turn;
  let earliest = transient.settled ? Number.POSITIVE_INFINITY : transient.startedAt + config.settleMs;
  for (const at of Object.values(transient.ripening)) earliest = Math.min(earliest, at);
  for (const point of turn.index.silentPoints) earliest = Math.min(earliest, silentAt(turn, point));
  for (const [id, since] of Object.entries(transient.blindSince))
    earliest = Math.min(earliest, blindUntil(turn, id, since));
  return earliest;
}
