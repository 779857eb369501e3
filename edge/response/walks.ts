// Which zones must be walk-tested again: a zone that nobody has triggered for its interval becomes a work order.
import type { EdgeConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { workOrder } from "../model/work-order.js";
import { type ZoneConfig, zoneTraits } from "../model/zone.js";
import { comesAt } from "./due.js";

const settleEveryMs = 1000;

/** As work orders name a zone. */
export function zoneDevice(zone: string): string {
  return `zone:${zone}`;
}

/** What a walk along its area takes along: what is protected is never quiet, and what watches at any hour is walked by name only. */
export function isWalkedWithArea({ kind }: Pick<ZoneConfig, "kind">): boolean {
  const { isProtected, watch } = zoneTraits[kind];
  return !isProtected && watch === "armed";
}

/** How often a zone must be walked, in ms; null: nobody is reminded. What is protected is tried in drills and guided tests. */
export function walkEveryMs({ kind }: ZoneConfig, { walkTest }: Pick<EdgeConfig, "walkTest">): number | null {
  const { isProtected, watch } = zoneTraits[kind];
  if (isProtected) return null;
  const own = walkTest?.everyOf?.find((each) => each.kind === kind)?.everyMs;
  return own ?? (watch === "armed" ? (walkTest?.everyMs ?? null) : null);
}

/** By this boot's clock; Infinity where nobody is reminded. A zone that was never walked counts from the first start of the box. */
export function walkDueAt(
  zone: ZoneConfig,
  { config, durable, now }: Pick<Ward, "config" | "durable" | "now">,
): MonoMs {
  const everyMs = walkEveryMs(zone, config);
  const since = durable.walked[zone.id]?.at ?? durable.watchedSince;
  if (everyMs === null || since === null) return Number.POSITIVE_INFINITY;
  const askedAt = durable.walkAsked[zoneDevice(zone.id)];
  const due = comesAt(since, everyMs, now);
  // An order that was accepted without a walk is not given again before the interval is over once more.
  return askedAt === undefined ? due : Math.max(due, comesAt(askedAt, everyMs, now));
}

/** Zones that may be asked for and when. While a device has any order its walk waits: who mends it tries it. */
function asked(ward: Ward): readonly { readonly zone: ZoneConfig; readonly at: MonoMs }[] {
  const busy = new Set(Object.values(ward.durable.workOrders).map(({ device }) => device));
  return ward.config.zones
    .filter(({ id }) => !busy.has(zoneDevice(id)))
    .map((zone) => ({ zone, at: walkDueAt(zone, ward) }));
}

/** One at a time, for a work order takes the next number. */
export const walkClock: Clockwork = {
  facts(ward) {
    if (!ward.settled || ward.config.walkTest === undefined) return [];
    const next = asked(ward).find(({ at }) => at <= ward.now.mono);
    if (next === undefined) return [];
    return workOrder(zoneDevice(next.zone.id), "walk-test-due", { ...ward, edge: ward.config.id });
  },
  dueAt(ward) {
    if (ward.config.walkTest === undefined) return Number.POSITIVE_INFINITY;
    const due = Math.min(Number.POSITIVE_INFINITY, ...asked(ward).map(({ at }) => at));
    return ward.settled ? due : Math.max(due, ward.now.mono + settleEveryMs);
  },
};
