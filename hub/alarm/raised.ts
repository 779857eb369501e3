// The alarm that a record raises, as its first record tells it.
import type { AlarmMark } from "../../edge/model/hub-fact.js";
import type { IncidentKind } from "../../edge/model/incident.js";
import type { Inventory } from "../../edge/model/inventory.js";
import type { Stamp } from "../../edge/model/time.js";
import type { LedgerRow } from "../ledger/ledger.js";
import { isHistorical } from "./historical.js";
import type { InventoryOf, TaskOf } from "./names.js";
import { type AlarmRecord, severities } from "./record.js";
import { classOf, latches } from "./rules.js";
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
  readonly kind?: IncidentKind;
  readonly duty?: string;
  readonly device?: string;
  readonly reason?: string;
  readonly detection?: { readonly occurredAt?: Stamp };
  readonly at?: Stamp;
  readonly deadlineAt?: Stamp;
  readonly dueAt?: Stamp;
}

/** The alarm as its first record tells it. An alarm that the hub raises itself names the box in its data. */
export function raisedBy(row: LedgerRow, mark: AlarmMark, { inventoryOf, taskOf }: Known): AlarmRecord {
  const { record, storedAt } = row;
  const { type } = record;
  const data = record.data as RaisingData;
  const site = row.site || (data.site ?? "");
  const edge = row.site === "" ? (data.edge ?? "") : row.edge;
  const inventory = inventoryOf(site, edge);
  const { area, zone, barrier, zoneKind } = placeOf(data, inventory);
  const task = taskOf({ site, edge, incident: String(data.incident), step: String(data.step) });
  // The reason of one who opens a lane is text of his own, no word.
  const cause = data.cause ?? (type === "lane.opened" ? null : (data.reason ?? null));
  const incident = data.incident ?? null;
  return {
    id: String(row.sequence),
    key: mark.key,
    origin: originOf(data, barrier, mark.key),
    sequence: row.sequence,
    site,
    edge,
    area,
    zone,
    barrier,
    incident,
    incidentKind: data.kind ?? null,
    type,
    class: classOf(type, data.kind ?? null, zoneKind, cause),
    cause,
    title: titleOf(record, { inventory, edge, task }),
    priority: mark.priority,
    severity: severities[mark.priority],
    ...untouched,
    latched: latches(type, incident),
    occurredAt: occurredAt(data) ?? record.time,
    raisedAt: record.time,
    storedAt,
    activeAt: storedAt,
    unacknowledgedAt: storedAt,
    count: 1,
    exercise: record.exercise,
    historical: isHistorical(row),
    durable: record.durable !== false,
  };
}

/** How every alarm begins. */
const untouched = {
  state: "unacknowledged",
  active: true,
  acknowledged: false,
  shelved: null,
  outOfService: null,
  suppressed: null,
  silencedAt: null,
  silencedBy: null,
  escalation: 0,
  returnedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgedFrom: null,
  resetBy: null,
  closedAt: null,
} as const;

function placeOf(data: RaisingData, inventory: Inventory | undefined) {
  const target = data.barrier ?? data.target;
  const barrier = inventory?.barriers.find(({ id }) => id === target);
  const zone = inventory?.zones.find(({ id }) => id === data.zone);
  return {
    area: data.area ?? zone?.area ?? barrier?.area ?? null,
    zone: data.zone ?? null,
    barrier: data.barrier ?? barrier?.id ?? null,
    zoneKind: zone?.kind,
  };
}

/** A box's clock may have said anything. */
function occurredAt({ detection, at, deadlineAt, dueAt }: RaisingData): string | null {
  const wall = (detection?.occurredAt ?? at ?? deadlineAt ?? dueAt)?.wall;
  return Number.isFinite(wall) ? new Date(Number(wall)).toISOString() : null;
}

function originOf({ zone, area, duty, device, target }: RaisingData, barrier: string | null, key: string): string {
  if (zone !== undefined) return `zone:${zone}`;
  if (barrier !== null) return `barrier:${barrier}`;
  if (device !== undefined) return device;
  if (duty !== undefined) return `duty:${duty}`;
  if (area !== undefined) return `area:${area}`;
  return target === undefined ? `key:${key}` : `target:${target}`;
}
