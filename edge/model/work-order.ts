// The ticket for something that is broken or due: how one is opened, whoever finds the reason.
import type { Durable, WorkOrder } from "./durable.js";
import { type Fact, fact } from "./fact.js";
import type { Cause, Reason } from "./incident.js";
import type { Stamp } from "./time.js";

/** Reasons for a work order beside those of zones and barriers: something is due, or slower than the timing proof says. */
export const workOrderCauses = [
  "review",
  "maintenance-due",
  "calibration-due",
  "walk-test-due",
  "slower-than-proved",
] as const;
/** What is broken of the box itself. */
export const boxFaults = ["storage-full", "storage-lost"] as const;
export type BoxFault = (typeof boxFaults)[number];
export type WorkOrderCause = Cause | Reason | BoxFault | (typeof workOrderCauses)[number];

/** Orders of a device that are not accepted yet. */
export function ordersOf({ workOrders }: Pick<Durable, "workOrders">, device: string): readonly WorkOrder[] {
  return Object.values(workOrders).filter((order) => order.device === device);
}

/** Something is broken, as against due or slow. */
export function isFault(cause: string): boolean {
  return !workOrderCauses.some((due) => due === cause);
}

/** Somebody is to mend it already: neither a service that is due nor a repair that was reported done is such an order. */
export function hasFaultOrder(durable: Pick<Durable, "workOrders">, device: string): boolean {
  return ordersOf(durable, device).some(({ cause, state }) => isFault(cause) && state !== "fixed");
}

/** The number that the next order bears. */
export function nextNumber({ edge, durable }: { readonly edge: string; readonly durable: Durable }): string {
  return `${edge}-W${durable.workOrderCount + 1}`;
}

/**
 * Opens one work order per device, however often its trouble is seen; a fault has its own beside what is only due or slow, and
 * again after its repair, or a dead drive would hide behind its service. `device`: `{kind}:{id}`, for example `barrier:north`; the box itself is `box:{id}`.
 */
export function workOrder(
  device: string,
  cause: WorkOrderCause,
  scene: { readonly edge: string; readonly durable: Durable; readonly now: Stamp },
): readonly Fact[] {
  const isKnown = isFault(cause) ? hasFaultOrder(scene.durable, device) : ordersOf(scene.durable, device).length > 0;
  if (isKnown) return [];
  const number = nextNumber(scene);
  return [fact("workorder.opened", device, { number, device, cause, at: scene.now })];
}
