// First half of the timing proof: from the physical change to a sample at the controller that has lasted long enough, term by term.
import { intervalMs, levelBlockMs } from "../edge/model/budget.js";
import type { TriggerConfig } from "../edge/model/plan.js";
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { ZoneConfig } from "../edge/model/zone.js";
import type { WiredPoint } from "./references.js";
import { triggeringZones } from "./triggers.js";

/** Filter of tamper contacts and broken fibres of kinds without a filter of their own. */
export const defaultFilterMs = 200;

export interface ProofTerm {
  readonly name: Text;
  readonly ms: number;
}

export type Points = ReadonlyMap<string, WiredPoint>;

/** A term's name in both languages. */
export const term = (zh: string, en: string, ms: number): ProofTerm => ({ name: { zh, en }, ms });
export const sum = (terms: readonly ProofTerm[]): number => terms.reduce((total, each) => total + each.ms, 0);

/** The list with the largest sum; empty when there is none. */
export function slowest(candidates: readonly (readonly ProofTerm[])[]): readonly ProofTerm[] {
  return candidates.reduce((worst, next) => (sum(next) > sum(worst) ? next : worst), candidates[0] ?? []);
}

/** The slowest way in which a zone that triggers can speak; no terms where a person or a posture triggers. */
export function sensing(edge: EdgeConfig, on: readonly TriggerConfig[], points: Points): readonly ProofTerm[] {
  return slowest(triggeringZones(edge, on).flatMap((zone) => zoneSensing(zone, points)));
}

/**
 * One list of terms per point that can make the zone speak. An order of two, and a passage, stand for themselves and pass no filter.
 * A door held open counts from the end of its own time, so its forced opening is the slower way.
 */
function zoneSensing(zone: ZoneConfig, points: Points): readonly (readonly ProofTerm[])[] {
  const filterMs = "filterMs" in zone ? zone.filterMs : defaultFilterMs;
  const filtered = (id: string | undefined) =>
    id === undefined ? [] : [[...arrival(id, points), term(`${zone.id} 滤波`, `filter of ${zone.id}`, filterMs)]];
  switch (zone.kind) {
    case "vibration-fibre": {
      const block = term(`${zone.level} 数据块`, `block of ${zone.level}`, levelBlockMs);
      return [[...arrival(zone.level, points), block], ...filtered(zone.broken)];
    }
    case "vehicle-rush":
    case "pedestrian-rush":
    case "beam-pair":
      return [arrival(zone.second, points), arrival(zone.first, points)];
    case "turnstile":
      return [arrival(zone.passed, points), ...filtered(zone.tamper)];
    case "temperature":
    case "humidity":
    case "liquid-level":
    case "voltage":
      return filtered(zone.point);
    case "fibre-alarm":
      return [zone.point, zone.tamper, zone.mask, zone.broken].flatMap(filtered);
    default:
      return [zone.point, zone.tamper, zone.mask].flatMap(filtered);
  }
}

/** From the physical change to the sample at the controller. */
export function arrival(id: string, points: Points): readonly ProofTerm[] {
  const wired = points.get(id);
  if (wired === undefined) return [];
  return [
    term(`${id} 声明延迟`, `declared latency of ${id}`, wired.point.latencyMs ?? 0),
    term(`${id} 采样和发布`, `sampling and publishing of ${id}`, intervalMs(wired)),
  ];
}
