// The fail-safe relays "alarm" and "box healthy": both on when all is well, so that what cuts or starves them speaks too.
import type { Durable } from "../model/durable.js";
import type { EdgeConfig } from "../model/site.js";
import type { Readings } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { pointsOfZone } from "../model/zone.js";

/** What the controller knows of itself. */
export interface SelfSight {
  readonly settled: boolean;
  /** It was stepped too late and has not been in time for long enough since. */
  readonly isLate: boolean;
  /** What the agent found to be wrong with the box. */
  readonly troubles: readonly string[];
  readonly linksDown: Readonly<Record<string, string>>;
  readonly readings: Readings;
}

/**
 * An incident stands, or a step was missed that is still open. Left out: a drill, for a relay cannot say "exercise"; a silent
 * hold-up, which nothing on site may show; a posture or risk colour as such, which is no alarm.
 */
export function isAlarmStanding({ incidents, steps }: Durable): boolean {
  const standing = Object.values(incidents).filter(({ kind, exercise }) => kind !== "hold-up" && !exercise);
  if (standing.some(({ kind }) => kind !== "posture" && kind !== "risk")) return true;
  const ids = standing.map(({ id }) => id);
  return Object.values(steps).some(
    ({ incident, outcome, confirmedAt }) => outcome === "missed" && confirmedAt === null && ids.includes(incident),
  );
}

/** It steps in time, its inputs are read and nothing stands that keeps it from guarding. */
export function isHealthy(config: EdgeConfig, durable: Durable, self: SelfSight): boolean {
  const { settled, isLate, troubles, linksDown } = self;
  return (
    settled &&
    !isLate &&
    // Where room runs out it runs out for telemetry first: what counts is still recorded.
    troubles.every((trouble) => trouble === "journal.disk-full") &&
    Object.keys(linksDown).length === 0 &&
    !Object.keys(durable.lost).some((point) => isMissed(config, durable, self, point))
  );
}

/** A detector that was taken out is missed by nobody. */
function isMissed(config: EdgeConfig, durable: Durable, { readings }: SelfSight, point: string): boolean {
  if (readings[point]?.sample.quality !== "lost") return false;
  const zones = config.zones.filter((zone) => pointsOfZone(zone).includes(point));
  return zones.length === 0 || zones.some(({ id }) => durable.out[id] === undefined);
}

/** What the relays are to be now; no entry for one that is not wired. */
export function failSafeOutputs(
  config: EdgeConfig,
  durable: Durable,
  self: SelfSight,
  now: MonoMs,
): Readonly<Record<string, boolean>> {
  const { alarm, healthy, pulseMs } = config.failSafe ?? {};
  const isUp = pulseMs === undefined || Math.floor(now / pulseMs) % 2 === 0;
  return {
    ...(alarm === undefined ? {} : { [alarm]: !isAlarmStanding(durable) }),
    ...(healthy === undefined ? {} : { [healthy]: isUp && isHealthy(config, durable, self) }),
  };
}

/** Output points of the relays. */
export function failSafePoints({ failSafe }: EdgeConfig): readonly string[] {
  return [failSafe?.alarm, failSafe?.healthy].filter((point) => point !== undefined);
}
