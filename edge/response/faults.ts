// What is broken at this moment and for how long, and the share of time for which the box could see.
import type { Durable } from "../model/durable.js";
import { type EdgeConfig, pointsOf } from "../model/site.js";
import type { Ward } from "../model/state.js";
import type { Stamp } from "../model/time.js";
import { ageMs } from "./due.js";

export interface Fault {
  /** As in work orders: `{kind}:{id}`. */
  readonly device: string;
  readonly cause: string;
  readonly since: Stamp;
  readonly ageMs: number;
}

/** Every open work order, and what is lost without one; a lost driver counts once, not once for each of its points. Oldest first. */
export function faultsOf({
  config,
  durable,
  linksDown,
  now,
}: Pick<Ward, "config" | "durable" | "linksDown" | "now">): readonly Fault[] {
  const faults = new Map<string, Fault>();
  const add = (device: string, cause: string, since: Stamp) => {
    if (!faults.has(device)) faults.set(device, { device, cause, since, ageMs: ageMs(since, now) });
  };
  for (const { device, cause, openedAt } of Object.values(durable.workOrders)) add(device, cause, openedAt);
  for (const driver of config.drivers) {
    const lost = driver.points.flatMap(({ id }) => {
      const since = durable.lost[id];
      return since === undefined ? [] : [{ id, since }];
    });
    const oldest = [...lost].sort((a, b) => ageMs(b.since, now) - ageMs(a.since, now))[0];
    if (linksDown[driver.id] !== undefined) add(`driver:${driver.id}`, "driver-lost", oldest?.since ?? now);
    else for (const { id, since } of lost) add(`point:${id}`, "signal-lost", since);
  }
  return [...faults.values()].sort((a, b) => b.ageMs - a.ageMs);
}

/** Share 0 to 1 of the time since the box was first started for which its inputs were not lost; 1 before anything was watched. */
export function availabilityOf(config: EdgeConfig, durable: Durable, now: Stamp): number {
  const inputs = pointsOf(config).filter(({ direction }) => direction === "in");
  const watchedMs = durable.watchedSince === null ? 0 : ageMs(durable.watchedSince, now);
  if (watchedMs === 0 || inputs.length === 0) return 1;
  const lostMs = inputs.map(({ id }) => {
    const since = durable.lost[id];
    return Math.min(watchedMs, (durable.downMs[id] ?? 0) + (since === undefined ? 0 : ageMs(since, now)));
  });
  return 1 - lostMs.reduce((sum, ms) => sum + ms, 0) / (watchedMs * inputs.length);
}
