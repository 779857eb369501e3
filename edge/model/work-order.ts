// The ticket for something that is broken or due: how one is opened, whoever finds the reason.
import type { Durable } from "./durable.js";
import { type Fact, fact } from "./fact.js";
import type { Stamp } from "./time.js";

/** Opens one work order per device, however often its trouble is seen. `device`: `{kind}:{id}`, for example `barrier:north`. */
export function workOrder(
  device: string,
  cause: string,
  scene: { readonly edge: string; readonly durable: Durable; readonly now: Stamp },
): readonly Fact[] {
  if (scene.durable.workOrders[device] !== undefined) return [];
  const number = `${scene.edge}-W${scene.durable.workOrderCount + 1}`;
  return [fact("workorder.opened", device, { number, device, cause, at: scene.now })];
}
