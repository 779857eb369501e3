// Everything that the console shows, kept as a fold over the ledger's rows and rebuilt from them at each start.
import type { FactMap, Inventory } from "../../edge/model/fact.js";
import { laneKey } from "../../edge/record/verify.js";
import type { EdgeHead, LedgerRow } from "../ledger/ledger.js";
import { barrierViews, edgeView, zoneViews } from "./box-views.js";
import { type Box, createBox, foldBox, type Touched } from "./boxes.js";
import { foldIncident, incidentChangedBy } from "./incidents.js";
import type {
  BarrierView,
  CommandView,
  EdgeView,
  IncidentView,
  StreamEvents,
  WorkOrderView,
  ZoneView,
} from "./views.js";

/** Closed incidents, work orders and commands that are kept in sight; older ones stand in the ledger only. */
export const shownMax = 1000;

/** One view that changed, as the stream sends it. */
export type Change = {
  [K in keyof StreamEvents]: { readonly kind: K; readonly view: StreamEvents[K] };
}[keyof StreamEvents];

export interface Projections {
  /** Takes a row in; gives the views that it changed. */
  apply(row: LedgerRow): readonly Change[];
  /** Where a lane of a box stands, for those whose last record is not read again. */
  setHead(head: EdgeHead): void;
  /** A box came or went; that is known from its connection, not from a record. */
  setOnline(site: string, edge: string, online: boolean): readonly Change[];
  inventoryOf(site: string, edge: string): Inventory | undefined;
  zones(): readonly ZoneView[];
  barriers(): readonly BarrierView[];
  edges(): readonly EdgeView[];
  /** Newest first, as the following. */
  incidents(): readonly IncidentView[];
  workOrders(): readonly WorkOrderView[];
  commands(): readonly CommandView[];
  /** Every view that is kept in sight, oldest first. */
  present(): readonly Change[];
}

/** Types of the hub's own records that carry a command's present view. */
export const commandTypes = ["command.requested", "operator.commanded", "command.answered", "command.expired"] as const;

export function createProjections(): Projections {
  const boxes = new Map<string, Box>();
  const incidents = new Map<string, IncidentView>();
  const workOrders = new Map<string, WorkOrderView>();
  const commands = new Map<string, CommandView>();

  function boxOf(site: string, edge: string): Box {
    const key = `${site}/${edge}`;
    const box = boxes.get(key) ?? createBox(site, edge);
    boxes.set(key, box);
    return box;
  }

  function applyBox(row: LedgerRow): readonly Change[] {
    const box = boxOf(row.site, row.edge);
    const changes = changesOf(box, foldBox(box, row.record, row.hash, row.storedAt));
    const orders = workOrderOf(row);
    for (const order of orders) keep(workOrders, `${row.site}/${order.number}`, order);
    const incidentChanges = applyIncident(row, box.inventory?.value.inventory);
    return [...changes, ...orders.map(changeOf("work-order")), ...incidentChanges];
  }

  function applyIncident(row: LedgerRow, inventory: Inventory | undefined): readonly Change[] {
    const id = incidentChangedBy(row.record);
    if (id === null) return [];
    const key = `${row.site}/${row.edge}/${id}`;
    const view = foldIncident(incidents.get(key), { row, inventory });
    if (view === undefined) return [];
    keep(incidents, key, view, ({ state }) => state === "closed");
    return [{ kind: "incident", view }];
  }

  function applyHub(row: LedgerRow): readonly Change[] {
    const views = commandOf(row);
    for (const view of views) keep(commands, view.id, view);
    return views.map(changeOf("command"));
  }

  return {
    apply: (row) => (row.site === "" ? applyHub(row) : applyBox(row)),
    setHead(head) {
      if (head.site !== "") boxOf(head.site, head.edge).heads.set(laneKey(head), head);
    },
    setOnline(site, edge, online) {
      const box = boxOf(site, edge);
      if (box.online === online) return [];
      box.online = online;
      return changesOf(box, [{ kind: "edge" }]);
    },
    inventoryOf: (site, edge) => boxes.get(`${site}/${edge}`)?.inventory?.value.inventory,
    zones: () => [...boxes.values()].flatMap(zoneViews),
    barriers: () => [...boxes.values()].flatMap(barrierViews),
    edges: () => [...boxes.values()].map(edgeView),
    incidents: () => [...incidents.values()].reverse(),
    workOrders: () => [...workOrders.values()].reverse(),
    commands: () => [...commands.values()].reverse(),
    present: () => [
      ...[...boxes.values()].flatMap((box) => changesOf(box, [{ kind: "all" }])),
      ...[...incidents.values()].map(changeOf("incident")),
      ...[...workOrders.values()].map(changeOf("work-order")),
      ...[...commands.values()].map(changeOf("command")),
    ],
  };
}

/** Puts a view in, and lets the oldest that may go, go. A view that is there keeps its place. */
function keep<T>(views: Map<string, T>, key: string, view: T, mayGo: (view: T) => boolean = () => true): void {
  views.set(key, view);
  if (views.size <= shownMax) return;
  const oldest = [...views].find(([, candidate]) => mayGo(candidate))?.[0];
  if (oldest !== undefined) views.delete(oldest);
}

function changeOf<K extends Change["kind"]>(kind: K) {
  return (view: StreamEvents[K]) => ({ kind, view });
}

function changesOf(box: Box, touched: readonly Touched[]): readonly Change[] {
  if (touched.length === 0) return [];
  const has = (kind: Touched["kind"], id: string) =>
    touched.some((thing) => thing.kind === "all" || (thing.kind === kind && "id" in thing && thing.id === id));
  const zones = zoneViews(box).filter((view) => has("zone", view.id) || has("area", view.area));
  const barriers = barrierViews(box).filter((view) => has("barrier", view.id));
  const edge = touched.some(({ kind }) => kind === "edge" || kind === "all");
  return [
    ...zones.map(changeOf("zone")),
    ...barriers.map(changeOf("barrier")),
    ...(edge ? [changeOf("edge")(edgeView(box))] : []),
  ];
}

function commandOf({ record }: LedgerRow): readonly CommandView[] {
  if (!commandTypes.some((type) => type === record.type)) return [];
  const { command, ...rest } = record.data as unknown as Omit<CommandView, "id"> & { command: string };
  return [{ id: command, ...rest }];
}

function workOrderOf({ site, edge, record }: LedgerRow): readonly WorkOrderView[] {
  if (record.type !== "workorder.opened") return [];
  const { number, device, cause, at } = record.data as unknown as FactMap["workorder.opened"];
  return [{ site, edge, number, device, cause, openedAt: new Date(at.wall).toISOString() }];
}
