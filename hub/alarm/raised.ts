// The alarm that a record raises, as its first record tells it.
import type { AlarmMark } from "../../edge/model/hub-fact.js";
import type { Stamp } from "../../edge/model/time.js";
import type { AlarmView } from "../console/views.js";
import type { LedgerRow } from "../ledger/ledger.js";
import { isHistorical } from "./historical.js";
import type { InventoryOf, TaskOf } from "./names.js";
import { titleOf } from "./title.js";

/** What is known of the boxes, for names. */
export interface Known {
  readonly inventoryOf: InventoryOf;
  readonly taskOf: TaskOf;
}

interface RaisingData {
  readonly site?: string;
  readonly edge?: string;
  readonly area?: string;
  readonly zone?: string;
  readonly barrier?: string;
  readonly target?: string;
  readonly incident?: string;
  readonly step?: string;
  readonly cause?: string;
  readonly reason?: string;
  readonly detection?: { readonly occurredAt?: Stamp };
  readonly at?: Stamp;
  readonly deadlineAt?: Stamp;
  readonly dueAt?: Stamp;
}

/** The alarm as its first record tells it. An alarm that the hub raises itself names the box in its data. */
export function raisedBy(row: LedgerRow, mark: AlarmMark, { inventoryOf, taskOf }: Known): AlarmView {
  const { record } = row;
  const data = record.data as RaisingData;
  const site = row.site || (data.site ?? "");
  const edge = row.site === "" ? (data.edge ?? "") : row.edge;
  const inventory = inventoryOf(site, edge);
  const target = data.barrier ?? data.target;
  const barrier = inventory?.barriers.find(({ id }) => id === target);
  const zone = inventory?.zones.find(({ id }) => id === data.zone);
  const occurredAt = (data.detection?.occurredAt ?? data.at ?? data.deadlineAt ?? data.dueAt)?.wall;
  const task = taskOf({ site, edge, incident: String(data.incident), step: String(data.step) });
  return {
    id: String(row.sequence),
    key: mark.key,
    site,
    edge,
    area: data.area ?? zone?.area ?? barrier?.area ?? null,
    zone: data.zone ?? null,
    barrier: data.barrier ?? barrier?.id ?? null,
    incident: data.incident ?? null,
    type: record.type,
    // The reason of one who opens a lane is text of his own, no word.
    cause: data.cause ?? (record.type === "lane.opened" ? null : (data.reason ?? null)),
    title: titleOf(record, { inventory, edge, task }),
    priority: mark.priority,
    state: "unacknowledged",
    occurredAt: Number.isFinite(occurredAt) ? new Date(Number(occurredAt)).toISOString() : record.time,
    raisedAt: record.time,
    storedAt: row.storedAt,
    acknowledgedAt: null,
    acknowledgedBy: null,
    count: 1,
    exercise: record.exercise,
    historical: isHistorical(row),
    durable: record.durable !== false,
  };
}
