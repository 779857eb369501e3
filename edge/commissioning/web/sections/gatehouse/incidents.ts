// Open incidents with their steps and deadlines: what is late, what waits for a person, and silence, acknowledge, reset.
import { actionTexts, incidentKindTexts, outcomeTexts, reasonTexts } from "../../../../../config/words.js";
import { type Incident, type Step, targetOf } from "../../../../model/incident.js";
import { h } from "../../../../page/dom.js";
import { named, pair, word } from "../../../../page/language.js";
import { type Tone, toned } from "../../../../page/tone.js";
import type { Context } from "../../context.js";
import { actButton, actName, card, clockTime, give, leftMs, nameOf, span } from "./parts.js";
import { say } from "./texts.js";

export function incidentsCard(context: Context): HTMLElement {
  const incidents = Object.values(context.status?.durable.incidents ?? {}).reverse();
  return card(
    "incidents",
    say("incidents"),
    soundingLine(context),
    incidents.length === 0
      ? toned("good", say("noIncidents"))
      : h("ul", { class: "rows" }, ...incidents.map((incident) => incidentRow(incident, context))),
  );
}

function soundingLine(context: Context): HTMLElement | false {
  const sounding = Object.keys(context.status?.durable.annunciators ?? {});
  if (sounding.length === 0) return false;
  const names = sounding.map((id) => nameOf(context, id)).join(", ");
  const silence = { label: actName("silence"), about: names, kind: "primary" as const };
  return h(
    "div",
    { "data-key": "sounding", class: "buttons" },
    toned("alert", say("sounding", { names })),
    actButton(context, "silence", silence, () => give(context, { kind: "silence" })),
  );
}

export function titleOf({ kind, place }: Pick<Incident, "kind" | "place">, context: Pick<Context, "site">): string {
  return `${word(incidentKindTexts, kind)} ${nameOf(context, place)}`;
}

function incidentRow(incident: Incident, context: Context): HTMLElement {
  const { id, zones, exercise, acknowledgedBy, openedAt } = incident;
  const about = titleOf(incident, context);
  const steps = Object.values(context.status?.durable.steps ?? {}).filter((step) => step.incident === id);
  const button = (act: "acknowledge" | "reset", kind: "primary" | "" = "") =>
    actButton(context, act, { label: actName(act), about, kind }, () => give(context, { kind: act, incident: id }));
  return h(
    "li",
    { "data-key": id, class: "incident" },
    h(
      "div",
      { class: "incident-head" },
      h("h3", {}, about, exercise && h("span", { class: "tag exercise" }, say("exercise"))),
      h("small", {}, [clockTime(openedAt), ...zones.map((zone) => nameOf(context, zone))].join(" · ")),
      acknowledgedBy === null
        ? toned("alert", say("notAcknowledged"))
        : toned("idle", say("acknowledgedBy", { by: acknowledgedBy })),
    ),
    steps.length > 0 &&
      h("ul", { class: "rows", "aria-label": say("steps") }, ...steps.map((step) => stepRow(step, context))),
    h("div", { class: "buttons" }, acknowledgedBy === null && button("acknowledge", "primary"), button("reset")),
  );
}

function stepRow(step: Step, context: Context): HTMLElement {
  const { id, action, reason, confirmedAt, outcome } = step;
  const what = action.kind === "report" ? named(action.task) : nameOf(context, targetOf(action));
  const [tone, text] = stateOf(step, context);
  const report = { label: actName("report"), about: what };
  return h(
    "li",
    { "data-key": id },
    h(
      "div",
      {},
      h("span", {}, pair(word(actionTexts, action.kind), what)),
      reason !== null && h("small", {}, word(reasonTexts, reason)),
    ),
    toned(tone, text),
    action.kind === "report" && confirmedAt === null && outcome !== "inhibited"
      ? actButton(context, "report", report, () => give(context, { kind: "report", step: id }))
      : false,
  );
}

/** How a step stands, by the box's clocks. */
function stateOf({ outcome, deadlineAt, confirmedAt, latenessMs }: Step, context: Context): readonly [Tone, string] {
  const left = leftMs(context, deadlineAt);
  switch (outcome) {
    case "met":
      return ["good", word(outcomeTexts, outcome)];
    case "inhibited":
      return ["idle", word(outcomeTexts, outcome)];
    case "open":
      return left >= 0
        ? ["move", say("stepLeft", { left: span(left) })]
        : ["alert", say("stepLate", { late: span(-left) })];
    case "missed":
      return confirmedAt === null
        ? ["alert", say("stepLate", { late: span(-left) })]
        : ["warn", say("stepDoneLate", { late: span(latenessMs ?? 0) })];
  }
}
