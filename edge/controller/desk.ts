// What people did at the box's own desk: recorded there before it comes here, so that it is durable before it counts.
import { fold } from "../incident/durable.js";
import type { Input } from "../model/state.js";
import { workOrder } from "../model/work-order.js";
import { raiseHoldUp } from "./orders.js";
import { emit, placeOf, type Turn } from "./turn.js";

export function takeRecorded(turn: Turn, { facts, duressBy }: Extract<Input, { kind: "recorded" }>): void {
  turn.durable = facts.reduce(fold, turn.durable);
  if (duressBy !== null) raiseHoldUp(turn, { issuers: [duressBy] });
}

/** One work order for each device; a device that has one already gets no other. */
export function takeDue(turn: Turn, devices: readonly string[]): void {
  for (const device of devices) emit(turn, workOrder(device, "maintenance-due", placeOf(turn)));
}
