// Plays samples on one zone in virtual time, waking it whenever it asks to be woken. For the tables of the tests beside it.
import { initialZoneWork, observeZone, ripenZone, type ZoneSeen, zoneWakeAt } from "../../../edge/detection/zone.js";
import type { PointValue, Quality, Sample } from "../../../edge/model/point.js";
import type { Reading, ZoneEvent, ZoneTrace } from "../../../edge/model/state.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";

/** A sample at box time `at`. */
export type Step = readonly [at: number, point: string, value: PointValue | null, quality?: Quality];

export interface Watched {
  readonly events: readonly ZoneEvent[];
  readonly traces: readonly ZoneTrace[];
}

/** What a zone makes of `steps`, and of the time until `until`. */
export function watch(
  zone: ZoneConfig,
  steps: readonly Step[],
  { laneBarred = true, raised = false, until = 600_000 } = {},
): Watched {
  const readings: Record<string, Reading> = {};
  const events: ZoneEvent[] = [];
  const traces: ZoneTrace[] = [];
  let work = initialZoneWork();
  const keep = (seen: ZoneSeen) => {
    work = seen.work;
    events.push(...seen.events);
    traces.push(...seen.traces);
  };
  const wakeBefore = (end: number) => {
    for (let at = zoneWakeAt(zone, work); at !== null && at < end; at = zoneWakeAt(zone, work))
      keep(ripenZone(zone, work, at));
  };
  for (const [occurredAt, point, value, quality = "good"] of steps) {
    wakeBefore(occurredAt);
    const sample: Sample = { point, value, quality, occurredAt };
    readings[point] = { sample, heardAt: occurredAt };
    keep(observeZone(zone, work, sample, { readings, laneBarred, raised }));
  }
  wakeBefore(until);
  return { events, traces };
}

/** Breaches, tampers and faults as `cause@time`. */
export function alarms({ events }: Watched): readonly string[] {
  return events.flatMap(({ condition, occurredAt }) =>
    "cause" in condition ? `${condition.cause}@${occurredAt}` : [],
  );
}

/** All events as `kind or cause@time`. */
export function told({ events }: Watched): readonly string[] {
  return events.map(
    ({ condition, occurredAt }) => `${"cause" in condition ? condition.cause : condition.kind}@${occurredAt}`,
  );
}
