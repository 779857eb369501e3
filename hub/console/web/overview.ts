// The state of the site: posture, lock-down groups, areas with their zones, boxes, incidents, and what is to be done.
import { incidentKindTexts } from "../../../config/words.js";
import { h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import type { EdgeView, IncidentView } from "../views.js";
import { areaPart } from "./areas.js";
import { groupCard, ungroupedCard } from "./barriers.js";
import { card, minor, row } from "./cards.js";
import { when } from "./clock.js";
import type { Context } from "./context.js";
import { exerciseRow } from "./exercises.js";
import { named, say, word } from "./language.js";
import { may, order, smallButton } from "./ordering.js";
import { commandsView, obstacleText, pendingView, silence } from "./orders.js";
import { passesCard } from "./passes.js";
import { postureStrip } from "./posture.js";
import { edgeKey, type Known } from "./store.js";
import { deviationsCard, dutiesCard, workOrdersCard } from "./upkeep.js";

const incidentsShownMax = 12;

function boxRow(context: Context, box: EdgeView): HTMLElement {
  const { name, site, revision, lastRecordAt, selfTest } = box;
  const share = `${((selfTest?.availability ?? 0) * 100).toFixed(2)} %`;
  return row(
    edgeKey(box),
    named(name),
    box.online ? toned("good", say("online")) : toned("alert", say("offlineBox")),
    minor(
      site,
      revision !== null && say("revision", { n: revision }),
      lastRecordAt !== null && say("lastRecord", { time: when(lastRecordAt) }),
      selfTest !== null && say("selfTested", { time: when(selfTest.at), share }),
    ),
    ...(selfTest?.findings ?? []).map((finding) => h("p", { class: "because" }, obstacleText(finding))),
    h(
      "div",
      { class: "buttons" },
      smallButton(say("silence"), () => silence(context, box)),
      may(context, "self-test") && smallButton(say("selfTest"), () => order(context, box, { kind: "self-test" })),
    ),
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
    h(
      "span",
      { class: "marks" },
      incident.exercise && h("span", { class: "tag exercise" }, say("exercise")),
      toned(isOpen ? "move" : "idle", say(isOpen ? "incidentOpen" : "incidentClosed")),
    ),
    missed > 0 && h("p", { class: "because" }, say("stepsMissed", { n: missed })),
    minor(when(incident.openedAt)),
  );
}

function incidentsCard(known: Known): HTMLElement {
  const newest = [...known.incidents.values()].sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  const rows = newest.slice(0, incidentsShownMax).map((incident) => incidentRow(known, incident));
  const body = rows.length > 0 ? h("ul", { class: "rows" }, ...rows) : h("p", { class: "empty" }, say("noIncidents"));
  return card("incidents", say("incidents"), body);
}

function boxCards(context: Context, boxes: readonly EdgeView[]): readonly (HTMLElement | null)[] {
  const areas = boxes.flatMap((box) => box.areas.map((area) => areaPart(context, box, area)));
  const rows = boxes.map((box) => boxRow(context, box));
  const exercises = boxes.map((box) => exerciseRow(context, box));
  return [
    areas.length > 0 ? card("areas", say("areas"), ...areas) : null,
    incidentsCard(context.known),
    workOrdersCard(context),
    passesCard(context.known),
    dutiesCard(context, boxes),
    boxes.length > 0 ? card("exercises", say("exercises"), h("ul", { class: "rows" }, ...exercises)) : null,
    card("boxes", say("boxes"), boxes.length > 0 ? h("ul", { class: "rows" }, ...rows) : h("p", {}, say("noBoxes"))),
    deviationsCard(boxes),
  ];
}

export function overview(context: Context): readonly HTMLElement[] {
  const boxes = [...context.known.edges.values()].sort((a, b) => edgeKey(a).localeCompare(edgeKey(b)));
  return [
    postureStrip(context, boxes),
    pendingView(context),
    ...boxes.flatMap((box) => box.groups.map((group) => groupCard(context, box, group))),
    ...boxes.map((box) => ungroupedCard(context, box)),
    ...boxCards(context, boxes),
    commandsView(context),
  ].filter((part) => part !== null);
}
