// Work orders as the console shows them: a fold over a box's records, from opened to verified.
import type { Pass } from "../../edge/model/durable.js";
import type { FactMap } from "../../edge/model/fact.js";
import type { Inventory } from "../../edge/model/inventory.js";
import { deviceName } from "../alarm/names.js";
import type { LedgerRow } from "../ledger/ledger.js";
import { type Box, iso, isoOrNull } from "./boxes.js";
import type { PassView, WorkOrderView } from "./views.js";

type OrderType =
  | "workorder.opened"
  | "workorder.assigned"
  | "workorder.fixed"
  | "workorder.verified"
  | "workorder.overdue";
type Fold<T extends OrderType> = (order: WorkOrderView, data: FactMap[T]) => WorkOrderView;

const folds: { readonly [T in OrderType]: Fold<T> } = {
  "workorder.opened": (order, { cause, at, pass }) => ({
    ...order,
    cause,
    openedAt: iso(at),
    pass: pass === undefined ? null : passOf(pass),
  }),
  "workorder.assigned": (order, { by, note, at }) => ({ ...order, state: "assigned", by, note, assignedAt: iso(at) }),
  "workorder.fixed": (order, { by, note, at }) => ({ ...order, state: "fixed", by, note, fixedAt: iso(at) }),
  "workorder.verified": (order, { by, note, at }) => ({ ...order, state: "verified", by, note, verifiedAt: iso(at) }),
  "workorder.overdue": (order) => ({ ...order, overdue: true }),
};

/** Number of the work order that a record changes; null when it changes none. */
export function workOrderChangedBy({ type, data }: LedgerRow["record"]): string | null {
  return Object.hasOwn(folds, type) ? String(data["number"]) : null;
}

/** The order after a record that changes it. The alarm that it is overdue overtakes the record that opened it. */
export function foldWorkOrder(
  known: WorkOrderView | undefined,
  { site, edge, record }: LedgerRow,
  inventory: Inventory | undefined,
): WorkOrderView {
  const fold = folds[record.type as OrderType] as Fold<OrderType>;
  const data = record.data as unknown as FactMap["workorder.overdue"];
  const { number, device } = data;
  const fresh: WorkOrderView = {
    site,
    edge,
    number,
    device,
    deviceName: deviceName(inventory, device),
    cause: "",
    openedAt: record.time,
    state: "open",
    assignedAt: null,
    fixedAt: null,
    verifiedAt: null,
    by: "",
    note: "",
    overdue: false,
    pass: null,
  };
  return fold(known ?? fresh, data as never);
}

function passOf({ barrier, by, reason, openedAt, closedAt }: Pass): PassView {
  return { barrier, by, reason, openedAt: iso(openedAt), closedAt: isoOrNull(closedAt) };
}

/** The order whose lane a record has closed; null when it is another. */
export function afterPass(order: WorkOrderView, { site, edge, record }: LedgerRow): WorkOrderView | null {
  const { pass } = order;
  if (record.type !== "lane.closed" || pass === null || pass.closedAt !== null) return null;
  const { barrier, at } = record.data as unknown as FactMap["lane.closed"];
  if (order.site !== site || order.edge !== edge || pass.barrier !== barrier) return null;
  return { ...order, pass: { ...pass, closedAt: at === undefined ? record.time : iso(at) } };
}

/** The word that the lane is closed overtakes the one that opened the review. */
export function withPassEnd(order: WorkOrderView, { record }: LedgerRow, box: Box): WorkOrderView {
  const { pass } = order;
  const word = box.passes.get(pass?.barrier ?? "");
  const isOver = word?.value === null && word.said.epoch === record.epoch && word.said.order > record.order;
  if (pass === null || pass.closedAt !== null || !isOver) return order;
  return { ...order, pass: { ...pass, closedAt: word.said.time } };
}
