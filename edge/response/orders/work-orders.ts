// Work orders on their way from opened to verified, and the clock that asks whether somebody was told of them.
import type { Command, WorkOrderMove } from "../../model/command.js";
import type { WorkOrder, WorkOrderState } from "../../model/durable.js";
import { type Fact, fact } from "../../model/fact.js";
import type { Clockwork, Ward } from "../../model/state.js";
import { later, type MonoMs } from "../../model/time.js";
import { comesAt } from "../due.js";
import { type Carry, done, issuerOf, personsOf, refused, rolesOf } from "./verdict.js";

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

/** Nobody accepts their own repair, nor reviews a pass of their own. */
export const moveWorkOrder: Carry<"work-order"> = ({ number, to, note }, command, desk) => {
  const order = Object.values(desk.durable.workOrders).find((known) => known.number === number);
  if (order === undefined) return refused("command.unknown-target");
  if (!mayMove(order, to, desk)) return refused("command.not-possible");
  const by = to === "verified" ? accepterOf(order, command) : issuerOf(command);
  if (by === undefined) return refused("command.not-allowed");
  const data = { number, device: order.device, by, note, at: desk.now, alarms: [overdueKey(order)] };
  return done([fact(`workorder.${to}`, order.device, data), ...(to === "verified" ? serviced(order, by, desk) : [])]);
};

/** A review is done by looking, so it may be accepted at once, but not while the lane stands open. */
function mayMove({ state, cause, pass }: WorkOrder, to: WorkOrderMove, { durable }: Ward): boolean {
  if (cause !== "review" || to !== "verified") return nextStates[state].includes(to);
  return pass === undefined || pass.closedAt !== null || durable.passes[pass.barrier] === undefined;
}

/** A review is signed off by who leads the shift, alone: of two nobody could tell whose the rights are. */
function accepterOf({ cause, by, pass }: WorkOrder, command: Command): string | undefined {
  if (cause !== "review") return personsOf(command).find((person) => person !== by);
  const roles = rolesOf(command);
  if (!roles.includes("supervisor") && !roles.includes("administrator")) return undefined;
  const [person, ...others] = personsOf(command);
  return others.length > 0 || person === pass?.by ? undefined : person;
}

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
