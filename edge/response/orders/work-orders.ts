// Work orders on their way from opened to verified, and the clock that asks whether somebody was told of them.
import type { WorkOrder, WorkOrderState } from "../../model/durable.js";
import { type Fact, fact } from "../../model/fact.js";
import type { Clockwork, Ward } from "../../model/state.js";
import { later, type MonoMs } from "../../model/time.js";
import { comesAt } from "../due.js";
import { type Carry, done, issuerOf, personsOf, refused } from "./verdict.js";

/** 須在2小時內上報維修. */
export const assignWithinMs = 7_200_000;

/** What may be mended at once need not be handed out first. */
const nextStates: Readonly<Record<WorkOrderState, readonly WorkOrderState[]>> = {
  open: ["assigned", "fixed"],
  assigned: ["fixed"],
  fixed: ["verified"],
  verified: [],
};

const overdueKey = ({ number }: WorkOrder) => `${number}/overdue`;

/** Nobody accepts their own repair. */
export const moveWorkOrder: Carry<"work-order"> = ({ number, to, note }, command, desk) => {
  const order = Object.values(desk.durable.workOrders).find((known) => known.number === number);
  if (order === undefined) return refused("command.unknown-target");
  if (!nextStates[order.state].includes(to)) return refused("command.not-possible");
  const by = to === "verified" ? personsOf(command).find((person) => person !== order.by) : issuerOf(command);
  if (by === undefined) return refused("command.not-allowed");
  const data = { number, device: order.device, by, note, at: desk.now, alarms: [overdueKey(order)] };
  return done([fact(`workorder.${to}`, order.device, data), ...(to === "verified" ? serviced(order, by, desk) : [])]);
};

/** An accepted service begins a new interval and, of a barrier, a new count of runs. */
function serviced({ device, cause }: WorkOrder, by: string, { config, durable, now }: Ward): readonly Fact[] {
  if (cause !== "maintenance-due") return [];
  const runs = config.barriers
    .filter(({ id }) => device === `barrier:${id}`)
    .map(({ id }) => fact("barrier.serviced", id, { barrier: id, cycles: durable.cycles[id] ?? 0 }));
  return [...runs, fact("device.serviced", device, { device, by, at: now })];
}

/** Infinity when somebody has been told, or when that nobody was has been told. */
function overdueAt({ state, isOverdue, openedAt }: WorkOrder, { now }: Ward): MonoMs {
  return state === "open" && !isOverdue ? comesAt(openedAt, assignWithinMs, now) : Number.POSITIVE_INFINITY;
}

/** Priority 3: it must be looked at, and nothing has happened yet. */
function overdue(order: WorkOrder): Fact {
  const { number, device, openedAt } = order;
  return fact("workorder.overdue", device, {
    alarm: { key: overdueKey(order), priority: 3 },
    number,
    device,
    dueAt: later(openedAt, assignWithinMs),
  });
}

export const workOrderClock: Clockwork = {
  facts: (ward) =>
    Object.values(ward.durable.workOrders)
      .filter((order) => overdueAt(order, ward) <= ward.now.mono)
      .map(overdue),
  dueAt: (ward) =>
    Math.min(
      Number.POSITIVE_INFINITY,
      ...Object.values(ward.durable.workOrders).map((order) => overdueAt(order, ward)),
    ),
};
