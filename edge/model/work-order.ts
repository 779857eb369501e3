// The ticket for something that is broken or due: how one is opened, whoever finds the reason.
import type { Durable } from "./durable.js";
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
export type WorkOrderCause = Cause | Reason | (typeof workOrderCauses)[number];

/** Opens one work order per device, however often its trouble is seen. `device`: `{kind}:{id}`, for example `barrier:north`; the box itself is `box:{id}`. */
export function workOrder(
  device: string,
  cause: WorkOrderCause,
  scene: { readonly edge: string; readonly durable: Durable; readonly now: Stamp },
): readonly Fact[] {
  if (scene.durable.workOrders[device] !== undefined) return [];
  const number = `${scene.edge}-W${scene.durable.workOrderCount + 1}`;
  return [fact("workorder.opened", device, { number, device, cause, at: scene.now })];
}
