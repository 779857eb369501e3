// What asked for a walk test learns that it was done: the zone's work order, and the duty of walking, with its own.
import type { WorkOrder } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { DutyConfig } from "../model/plan.js";
import type { EdgeConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import type { Stamp } from "../model/time.js";
import { isAfter } from "./due.js";
import { dutyDevice, dutyDoneFact } from "./duties.js";
import { isWalkedWithArea, zoneDevice } from "./walks.js";

const note = "walk test 步行测试";

/** Zones that a duty of walking means: the one or the area that its device names, else all that are walked with an area. */
export function zonesOfDuty({ device }: DutyConfig, { zones }: Pick<EdgeConfig, "zones">): readonly string[] {
  const named = zones.find(({ id }) => zoneDevice(id) === device);
  if (named !== undefined) return [named.id];
  const ofArea = zones.filter(({ area }) => device === `area:${area}`);
  return (ofArea.length > 0 ? ofArea : zones).filter(isWalkedWithArea).map(({ id }) => id);
}

/** Who walked the last of these zones, when each was walked after `since`; null while one is left. */
function walkedBy(zones: readonly string[], since: Stamp, { durable, now }: Ward): string | null {
  const walks = zones.map((zone) => durable.walked[zone]);
  let last: { readonly at: Stamp; readonly by: string } | null = null;
  for (const walk of walks) {
    if (walk === undefined || !isAfter(walk.at, since, now)) return null;
    if (last === null || isAfter(walk.at, last.at, now)) last = walk;
  }
  return last?.by ?? null;
}

/** For somebody else to accept. */
function fixed({ number, device }: WorkOrder, by: string, { now }: Ward): Fact {
  return fact("workorder.fixed", device, { number, device, by, note, at: now, alarms: [`${number}/overdue`] });
}

function openOrders({ durable }: Ward): readonly WorkOrder[] {
  return Object.values(durable.workOrders).filter(
    ({ cause, state }) => cause === "walk-test-due" && (state === "open" || state === "assigned"),
  );
}

/** The first trigger after it was opened is what a zone's order asks for. */
function zoneOrdersDone(ward: Ward): readonly Fact[] {
  const zones = new Map(ward.config.zones.map(({ id }) => [zoneDevice(id), id]));
  return openOrders(ward).flatMap((order) => {
    const zone = zones.get(order.device);
    const by = zone === undefined ? null : walkedBy([zone], order.openedAt, ward);
    return by === null ? [] : [fixed(order, by, ward)];
  });
}

/** A duty is done at the end of the walk that left none of its zones out; several walks may share the work. */
function dutiesDone(ward: Ward): readonly Fact[] {
  const { config, durable } = ward;
  if (durable.walkTest !== null) return [];
  const zones = new Set(config.zones.map(({ id }) => zoneDevice(id)));
  return (config.duties ?? []).flatMap((duty) => {
    const since = durable.duties[duty.id] ?? durable.watchedSince;
    if (duty.kind !== "walk-test" || since === null) return [];
    const by = walkedBy(zonesOfDuty(duty, config), since, ward);
    if (by === null) return [];
    const device = dutyDevice(duty);
    const orders = zones.has(device) ? [] : openOrders(ward).filter((order) => order.device === device);
    return [dutyDoneFact(duty, by, note, ward), ...orders.map((order) => fixed(order, by, ward))];
  });
}

/** By the state alone, so that a walk which a power cut parted from its order settles it after the start. */
export const walkDoneClock: Clockwork = {
  facts: (ward) => [...zoneOrdersDone(ward), ...dutiesDone(ward)],
  dueAt: () => Number.POSITIVE_INFINITY,
};
