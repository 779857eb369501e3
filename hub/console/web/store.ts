// What the page knows of the hub: a snapshot of every list, kept current by the stream.
import type { AlarmView, BarrierView, CommandView, EdgeView, IncidentView, WorkOrderView, ZoneView } from "../views.js";
import { list } from "./api.js";
import type { StreamEvent } from "./stream.js";

/** What the hub gives at most in one answer. */
const itemsReadMax = 1000;
const incidentsKept = 100;
const commandsKept = 50;

export interface Known {
  readonly alarms: Map<string, AlarmView>;
  readonly incidents: Map<string, IncidentView>;
  readonly zones: Map<string, ZoneView>;
  readonly barriers: Map<string, BarrierView>;
  readonly edges: Map<string, EdgeView>;
  readonly workOrders: Map<string, WorkOrderView>;
  readonly commands: Map<string, CommandView>;
}

interface AtBox {
  readonly site: string;
  readonly edge: string;
}

/** Key of a zone or barrier among those of all boxes. */
export const placeKey = (view: AtBox, id: string) => `${view.site}/${view.edge}/${id}`;
export const zoneKey = (zone: ZoneView) => placeKey(zone, zone.id);
export const barrierKey = (barrier: BarrierView) => placeKey(barrier, barrier.id);
export const edgeKey = (view: AtBox) => `${view.site}/${view.edge}`;
export const workOrderKey = (order: WorkOrderView) => placeKey(order, order.number);

const byKey = <T>(views: readonly T[], key: (view: T) => string) => new Map(views.map((view) => [key(view), view]));
const byId = <T extends { readonly id: string }>(views: readonly T[]) => byKey(views, (view) => view.id);

export function nothingKnown(): Known {
  return {
    alarms: new Map(),
    incidents: new Map(),
    zones: new Map(),
    barriers: new Map(),
    edges: new Map(),
    workOrders: new Map(),
    commands: new Map(),
  };
}

/** Reads every list from the hub. Throws `Refusal`. */
export async function readAll(): Promise<Known> {
  const [alarms, incidents, zones, barriers, edges, workOrders, commands] = await Promise.all([
    list<AlarmView>(`alarms?state=active&limit=${itemsReadMax}`),
    list<IncidentView>(`incidents?limit=${incidentsKept}`),
    list<ZoneView>(`zones?limit=${itemsReadMax}`),
    list<BarrierView>(`barriers?limit=${itemsReadMax}`),
    list<EdgeView>(`edges?limit=${itemsReadMax}`),
    list<WorkOrderView>(`work-orders?limit=${itemsReadMax}`),
    list<CommandView>(`commands?limit=${commandsKept}`),
  ]);
  const known: Known = {
    alarms: byId(alarms),
    incidents: byId(incidents),
    zones: byKey(zones, zoneKey),
    barriers: byKey(barriers, barrierKey),
    edges: byKey(edges, edgeKey),
    workOrders: byKey(workOrders, workOrderKey),
    commands: byId(commands),
  };
  forgetOldest(known);
  return known;
}

function keepNewest<T>(views: Map<string, T>, keep: number, time: (view: T) => string): void {
  if (views.size <= keep) return;
  const oldestFirst = [...views].sort(([, a], [, b]) => time(a).localeCompare(time(b)));
  for (const [key] of oldestFirst.slice(0, views.size - keep)) views.delete(key);
}

function forgetOldest(known: Known): void {
  keepNewest(known.incidents, incidentsKept, (incident) => (incident.state === "open" ? "9" : "") + incident.openedAt);
  keepNewest(known.commands, commandsKept, (command) => command.createdAt);
}

function applyAlarm(known: Known, alarm: AlarmView): void {
  if (alarm.state === "closed") known.alarms.delete(alarm.id);
  else known.alarms.set(alarm.id, alarm);
}

/** Takes over one event of the stream. */
export function applyEvent(known: Known, event: StreamEvent): void {
  switch (event.kind) {
    case "alarm":
      applyAlarm(known, event.view);
      break;
    case "incident":
      known.incidents.set(event.view.id, event.view);
      break;
    case "zone":
      known.zones.set(zoneKey(event.view), event.view);
      break;
    case "barrier":
      known.barriers.set(barrierKey(event.view), event.view);
      break;
    case "edge":
      known.edges.set(edgeKey(event.view), event.view);
      break;
    case "work-order":
      known.workOrders.set(workOrderKey(event.view), event.view);
      break;
    case "command":
      known.commands.set(event.view.id, event.view);
      break;
  }
  forgetOldest(known);
}
