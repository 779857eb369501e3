// The state of the site: lock-down groups with their barriers, areas with their zones, boxes, incidents, work orders.
import { areaKindTexts, barrierKindTexts, zoneKindTexts } from "../../../config/kinds.js";
import { causeTexts, incidentKindTexts, reasonTexts } from "../../../config/words.js";
import type { BarrierView, EdgeView, IncidentView, WorkOrderView, ZoneView } from "../views.js";
import { when } from "./clock.js";
import type { Context } from "./context.js";
import { type Child, h } from "./dom.js";
import { named, say, word } from "./language.js";
import { barrierMark, toned, zoneMark } from "./marks.js";
import {
  type Area,
  askArming,
  askLockDown,
  askStandDown,
  commandsView,
  type Group,
  pendingView,
  silence,
} from "./orders.js";
import { edgeKey, type Known, placeKey } from "./store.js";

const incidentsShownMax = 12;
const alwaysOnKinds: readonly string[] = ["panic-button", "fire-input"];

function card(key: string, title: string, ...children: readonly Child[]): HTMLElement {
  const id = `${key}-title`.replaceAll("/", "-");
  return h("section", { "data-key": key, class: "card", "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** Name and state on the first line, plain facts below. */
function row(key: string, name: Child, mark: Child, ...below: readonly Child[]): HTMLElement {
  return h("li", { "data-key": key }, h("h3", {}, name), mark, ...below);
}

const minor = (...facts: readonly (string | false)[]) =>
  h("p", { class: "minor" }, facts.filter((fact) => fact !== false).join(" · "));

function barrierRow(barrier: BarrierView): HTMLElement {
  const { id, name, kind, state, held, reason } = barrier;
  return row(
    id,
    named(name),
    barrierMark(state),
    reason !== null && h("p", { class: "because" }, word(reasonTexts, reason)),
    minor(word(barrierKindTexts, kind), held && say("held")),
  );
}

function groupCard(context: Context, box: EdgeView, group: Group): HTMLElement {
  const barriers = group.barriers.flatMap((id) => context.known.barriers.get(placeKey(box, id)) ?? []);
  const closed = barriers.filter(({ state }) => state === "closed").length;
  const anyHeld = group.lockedDown || barriers.some(({ held }) => held);
  return card(
    `group/${edgeKey(box)}/${group.id}`,
    named(group.name),
    h(
      "p",
      { class: "marks" },
      group.lockedDown ? toned("warn", say("lockedDown")) : toned("idle", say("notLockedDown")),
      h("span", {}, say("closedOf", { n: closed, all: barriers.length })),
    ),
    h("ul", { class: "rows" }, ...barriers.map(barrierRow)),
    h(
      "div",
      { class: "buttons" },
      h(
        "button",
        { type: "button", class: "danger", onclick: () => askLockDown(context, box, group) },
        say("lockDown"),
      ),
      anyHeld && h("button", { type: "button", onclick: () => askStandDown(context, box, group) }, say("standDown")),
    ),
  );
}

/** Barriers that belong to no group can still be seen. */
function ungroupedCard(known: Known, box: EdgeView): HTMLElement | null {
  const grouped = new Set(box.groups.flatMap(({ barriers }) => barriers));
  const others = [...known.barriers.values()].filter((view) => edgeKey(view) === edgeKey(box) && !grouped.has(view.id));
  if (others.length === 0) return null;
  return card(`barriers/${edgeKey(box)}`, say("barriers"), h("ul", { class: "rows" }, ...others.map(barrierRow)));
}

function zoneRow(zone: ZoneView): HTMLElement {
  const { id, name, kind, state, camera } = zone;
  const armed = alwaysOnKinds.includes(kind) ? say("alwaysOn") : zone.armed ? say("armed") : say("disarmed");
  return row(
    id,
    named(name),
    zoneMark(state),
    minor(word(zoneKindTexts, kind), armed, camera !== null && say("camera", { id: camera })),
  );
}

function areaPart(context: Context, box: EdgeView, area: Area): HTMLElement {
  const inArea = (zone: ZoneView) => edgeKey(zone) === edgeKey(box) && zone.area === area.id;
  const zones = [...context.known.zones.values()].filter(inArea);
  const kind = zones[0]?.areaKind;
  return h(
    "div",
    { "data-key": `${edgeKey(box)}/${area.id}`, class: "area" },
    h(
      "div",
      { class: "area-head" },
      h("h3", {}, named(area.name), kind !== undefined && h("small", {}, word(areaKindTexts, kind))),
      toned(area.armed ? "good" : "idle", area.armed ? say("armed") : say("disarmed")),
      h(
        "button",
        { type: "button", class: "small", onclick: () => askArming(context, box, area) },
        area.armed ? say("disarm") : say("arm"),
      ),
    ),
    h("ul", { class: "rows" }, ...zones.map(zoneRow)),
  );
}

function boxRow(context: Context, box: EdgeView): HTMLElement {
  const { name, site, revision, lastRecordAt } = box;
  return row(
    edgeKey(box),
    named(name),
    box.online ? toned("good", say("online")) : toned("alert", say("offlineBox")),
    minor(
      site,
      revision !== null && say("revision", { n: revision }),
      lastRecordAt !== null && say("lastRecord", { time: when(lastRecordAt) }),
    ),
    h("button", { type: "button", class: "small", onclick: () => silence(context, box) }, say("silence")),
  );
}

/** Name of an area or group. */
export function incidentPlace(known: Known, incident: IncidentView): string {
  const box = known.edges.get(edgeKey(incident));
  const place = [...(box?.areas ?? []), ...(box?.groups ?? [])].find(({ id }) => id === incident.place);
  return place === undefined ? incident.place : named(place.name);
}

function incidentRow(known: Known, incident: IncidentView): HTMLElement {
  const kind = word(incidentKindTexts, incident.kind);
  const title = say("incidentAt", { kind, place: incidentPlace(known, incident) });
  const missed = incident.steps.filter(({ outcome }) => outcome === "missed").length;
  const isOpen = incident.state === "open";
  return row(
    incident.id,
    h("a", { href: `#incident/${encodeURIComponent(incident.id)}` }, title),
    toned(isOpen ? "move" : "idle", say(isOpen ? "incidentOpen" : "incidentClosed")),
    missed > 0 && h("p", { class: "because" }, say("stepsMissed", { n: missed })),
    minor(when(incident.openedAt), incident.exercise && say("exercise")),
  );
}

function incidentsCard(known: Known): HTMLElement {
  const newest = [...known.incidents.values()].sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  const rows = newest.slice(0, incidentsShownMax).map((incident) => incidentRow(known, incident));
  const body = rows.length > 0 ? h("ul", { class: "rows" }, ...rows) : h("p", { class: "empty" }, say("noIncidents"));
  return card("incidents", say("incidents"), body);
}

function workOrderRow(order: WorkOrderView): HTMLElement {
  const cause = word({ ...causeTexts, ...reasonTexts }, order.cause);
  return row(order.number, order.device, null, h("p", {}, cause), minor(order.number, when(order.openedAt)));
}

export function overview(context: Context): readonly HTMLElement[] {
  const { known } = context;
  const boxes = [...known.edges.values()].sort((a, b) => edgeKey(a).localeCompare(edgeKey(b)));
  const areas = boxes.flatMap((box) => box.areas.map((area) => areaPart(context, box, area)));
  const boxRows = boxes.map((box) => boxRow(context, box));
  const orders = [...known.workOrders.values()].map(workOrderRow);
  return [
    pendingView(context),
    ...boxes.flatMap((box) => box.groups.map((group) => groupCard(context, box, group))),
    ...boxes.map((box) => ungroupedCard(known, box)),
    areas.length > 0 ? card("areas", say("areas"), ...areas) : null,
    incidentsCard(known),
    card("boxes", say("boxes"), boxes.length > 0 ? h("ul", { class: "rows" }, ...boxRows) : h("p", {}, say("noBoxes"))),
    orders.length > 0 ? card("work-orders", say("workOrders"), h("ul", { class: "rows" }, ...orders)) : null,
    commandsView(context),
  ].filter((part) => part !== null);
}
