// Everything that the console shows, kept as a fold over the ledger's rows and rebuilt from them at each start.
import type { Obstacle } from "../../edge/model/command.js";
import type { Inventory } from "../../edge/model/inventory.js";
import type { Text } from "../../edge/model/text.js";
import { laneKey } from "../../edge/record/verify.js";
import type { StepPlace } from "../alarm/names.js";
import type { EdgeHead, LedgerRow } from "../ledger/ledger.js";
import { foldBox, type Touched } from "./box-folds.js";
import { areaViews, barrierViews, dutyViews, edgeView, obstacleViews, zoneViews } from "./box-views.js";
import { type Box, createBox, inventoryIn } from "./boxes.js";
import { foldIncident, incidentChangedBy } from "./incidents.js";
import type { AreaView, DutyView } from "./standing-views.js";
import type {
  ApprovalView,
  BarrierView,
  CommandView,
  EdgeView,
  IncidentView,
  StreamEvents,
  WorkOrderView,
  ZoneView,
} from "./views.js";
import { afterPass, foldWorkOrder, withPassEnd, workOrderChangedBy } from "./work-orders.js";

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
  /** The task that a person's step asks for; undefined for every other step. */
  taskOf(place: StepPlace): Text | undefined;
  areas(): readonly AreaView[];
  zones(): readonly ZoneView[];
  barriers(): readonly BarrierView[];
  edges(): readonly EdgeView[];
  duties(): readonly DutyView[];
  /** Newest first, as the following. */
  incidents(): readonly IncidentView[];
  workOrders(): readonly WorkOrderView[];
  commands(): readonly CommandView[];
  approvals(): readonly ApprovalView[];
  /** Every view that is kept in sight, oldest first. */
  present(): readonly Change[];
}

/** Types of the hub's own records that carry a command's present view. */
export const commandTypes = ["command.requested", "operator.commanded", "command.answered", "command.expired"] as const;

/** What is kept in sight. */
interface Sight {
  readonly boxes: Map<string, Box>;
  readonly incidents: Map<string, IncidentView>;
  readonly workOrders: Map<string, WorkOrderView>;
  readonly commands: Map<string, CommandView>;
  readonly approvals: Map<string, ApprovalView>;
}

export function createProjections(): Projections {
  const sight: Sight = {
    boxes: new Map(),
    incidents: new Map(),
    workOrders: new Map(),
    commands: new Map(),
    approvals: new Map(),
  };
  const { boxes, incidents, workOrders, commands } = sight;
  const ofBoxes =
    <T>(views: (box: Box) => readonly T[]) =>
    () =>
      [...boxes.values()].flatMap(views);

  return {
    apply: (row) => (row.site === "" ? applyHub(sight, row) : applyBox(sight, row)),
    setHead(head) {
      if (head.site !== "") boxOf(sight, head.site, head.edge).heads.set(laneKey(head), head);
    },
    setOnline(site, edge, online) {
      const box = boxOf(sight, site, edge);
      if (box.online === online) return [];
      box.online = online;
      return changesOf(box, [{ kind: "edge" }]);
    },
    inventoryOf: (site, edge) => inventoryOf(sight, site, edge),
    taskOf: ({ site, edge, incident, step }) => taskIn(incidents.get(`${site}/${edge}/${incident}`), step),
    areas: ofBoxes(areaViews),
    zones: ofBoxes(zoneViews),
    barriers: ofBoxes(barrierViews),
    edges: ofBoxes((box) => [edgeView(box)]),
    duties: ofBoxes(dutyViews),
    incidents: () => [...incidents.values()].reverse(),
    workOrders: () => [...workOrders.values()].reverse(),
    commands: () => [...commands.values()].reverse(),
    approvals: () => [...sight.approvals.values()].reverse(),
    present: () => [
      ...[...boxes.values()].flatMap((box) => changesOf(box, [{ kind: "all" }])),
      ...[...incidents.values()].map(changeOf("incident")),
      ...[...workOrders.values()].map(changeOf("work-order")),
      ...[...commands.values()].map(changeOf("command")),
    ],
  };
}

function boxOf({ boxes }: Sight, site: string, edge: string): Box {
  const key = `${site}/${edge}`;
  const box = boxes.get(key) ?? createBox(site, edge);
  boxes.set(key, box);
  return box;
}

function inventoryOf({ boxes }: Sight, site: string, edge: string): Inventory | undefined {
  const box = boxes.get(`${site}/${edge}`);
  return box && inventoryIn(box);
}

function applyBox(sight: Sight, row: LedgerRow): readonly Change[] {
  const box = boxOf(sight, row.site, row.edge);
  const changes = changesOf(box, foldBox(box, row.record, row.hash, row.storedAt));
  const inventory = inventoryIn(box);
  return [...changes, ...applyWorkOrder(sight.workOrders, row, box), ...applyIncident(sight.incidents, row, inventory)];
}

function applyWorkOrder(workOrders: Sight["workOrders"], row: LedgerRow, box: Box): readonly Change[] {
  const number = workOrderChangedBy(row.record);
  if (number === null) return endPass(workOrders, row);
  const key = `${row.site}/${row.edge}/${number}`;
  const view = withPassEnd(foldWorkOrder(workOrders.get(key), row, inventoryIn(box)), row, box);
  keep(workOrders, key, view, ({ state }) => state === "verified");
  return [{ kind: "work-order", view }];
}

/** A review learns how long its lane stood open. */
function endPass(workOrders: Sight["workOrders"], row: LedgerRow): readonly Change[] {
  if (row.record.type !== "lane.closed") return [];
  return [...workOrders].flatMap(([key, order]) => {
    const view = afterPass(order, row);
    if (view === null) return [];
    workOrders.set(key, view);
    return [{ kind: "work-order" as const, view }];
  });
}

function applyIncident(
  incidents: Sight["incidents"],
  row: LedgerRow,
  inventory: Inventory | undefined,
): readonly Change[] {
  const id = incidentChangedBy(row.record);
  if (id === null) return [];
  const key = `${row.site}/${row.edge}/${id}`;
  const view = foldIncident(incidents.get(key), { row, inventory });
  if (view === undefined) return [];
  keep(incidents, key, view, ({ state }) => state === "closed");
  return [{ kind: "incident", view }];
}

function applyHub(sight: Sight, row: LedgerRow): readonly Change[] {
  const views = commandOf(row, (site, edge) => inventoryOf(sight, site, edge));
  for (const view of views) keep(sight.commands, view.id, view);
  const { approval, ...asked } = row.record.data as { approval?: string };
  if (row.record.type.startsWith("approval.") && approval !== undefined) {
    keep(sight.approvals, approval, { id: approval, ...asked } as ApprovalView, ({ state }) => state !== "awaiting");
  }
  return views.map(changeOf("command"));
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

function taskIn(incident: IncidentView | undefined, step: string): Text | undefined {
  const action = incident?.steps.find(({ id }) => id === step)?.action;
  return action?.kind === "report" ? action.task : undefined;
}

/** A command as its records carry it. */
export type OrderView = Omit<CommandView, "obstacles">;

interface CommandData extends Omit<OrderView, "id"> {
  readonly command: string;
  readonly obstacles?: readonly Obstacle[];
}

function commandOf({ record }: LedgerRow, inventoryOf: Projections["inventoryOf"]): readonly CommandView[] {
  if (!commandTypes.some((type) => type === record.type)) return [];
  const { command, obstacles = [], roles = [], siteOrder = null, ...rest } = record.data as unknown as CommandData;
  const named = obstacleViews(inventoryOf(rest.site, rest.edge), obstacles);
  return [{ id: command, ...rest, roles, siteOrder, obstacles: named }];
}
