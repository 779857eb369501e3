// One incident: how each step did against its deadline, as bars and as a table, and every record that names it.
import { recordTexts } from "../../../config/record-words.js";
import { actionTexts, incidentKindTexts, reasonTexts } from "../../../config/words.js";
import { type Child, h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import type { IncidentView, StepView, TimelineEntry } from "../views.js";
import { between, exactDayAndTime, exactTime, hubNow, offset, seconds } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { outcomeMark, outcomeTones } from "./marks.js";
import { may, order, smallButton } from "./ordering.js";
import { askReset } from "./orders.js";
import { incidentPlace } from "./overview.js";
import { deliveryTexts } from "./standing-texts.js";
import { hubRecordTexts, resumedByTexts, type TextKey } from "./texts.js";
import { timeBar } from "./time-bar.js";

const recordsShownMax = 300;

const stepName = (step: StepView) => `${word(actionTexts, step.action.kind)} · ${named(step.targetName)}`;

function moment(step: StepView, time: string | null): readonly Child[] {
  if (time === null) return ["—"];
  return [
    h("span", { class: "offset" }, offset(between(step.occurredAt, time))),
    h("time", { datetime: time, class: "minor" }, exactTime(time)),
  ];
}

function cell(label: TextKey, ...children: readonly Child[]): HTMLElement {
  return h("td", { "data-label": say(label) }, h("div", { class: "cell" }, ...children));
}

/** Lateness, or what was to spare, or what is left. */
function margin(step: StepView, isOpen: boolean): string | null {
  if (step.confirmedAt !== null) {
    const spareMs = between(step.confirmedAt, step.deadlineAt);
    return spareMs < 0
      ? say("late", { span: seconds(step.latenessMs ?? -spareMs) })
      : say("early", { span: seconds(spareMs) });
  }
  const leftMs = Date.parse(step.deadlineAt) - hubNow();
  if (step.outcome === "open" && leftMs > 0) return say("left", { span: seconds(leftMs, 0) });
  if (step.outcome === "missed") return isOpen ? say("lateSoFar", { span: seconds(-leftMs, 0) }) : say("notConfirmed");
  return null;
}

/** A notification is delivered or not; every other step is met or missed. */
function markOf({ action, outcome }: StepView): HTMLElement {
  if (action.kind !== "notify") return outcomeMark(outcome);
  return toned(outcomeTones[outcome] ?? "warn", word(deliveryTexts, outcome));
}

/** A person stamps that the task is done, even late. */
function reportButton(context: Context, incident: IncidentView, step: StepView): HTMLElement | false {
  const isAsked = step.confirmedAt === null && (step.outcome === "open" || step.outcome === "missed");
  if (step.action.kind !== "report" || incident.state !== "open" || !isAsked || !may(context, "report")) return false;
  const report = () => order(context, incident, { kind: "report", step: step.id });
  return smallButton(say("reportDone"), report, say("reportNamed", { task: named(step.targetName) }));
}

function outcomeCell(context: Context, incident: IncidentView, step: StepView): HTMLElement {
  const { resumed, fallbackAt, reason } = step;
  const isOpen = incident.state === "open";
  const notes = [
    margin(step, isOpen),
    reason === null ? null : word(reasonTexts, reason),
    fallbackAt === null ? null : say("fallbackTaken", { span: offset(between(step.occurredAt, fallbackAt)) }),
    resumed === null
      ? null
      : say("resumed", { left: seconds(resumed.leftMs, 1), by: word(resumedByTexts, resumed.by) }),
  ];
  return cell(
    "outcome",
    markOf(step),
    ...notes.map((note) => note !== null && h("span", { class: "note" }, note)),
    reportButton(context, incident, step),
  );
}

function stepRow(context: Context, incident: IncidentView, step: StepView): HTMLElement {
  const first = between(step.occurredAt, step.firstActivityAt);
  return h(
    "tr",
    { "data-key": step.id, class: step.outcome },
    h("th", { scope: "row" }, stepName(step), h("small", {}, step.response)),
    cell(
      "occurred",
      h("time", { datetime: step.occurredAt }, exactTime(step.occurredAt)),
      first < 0 && h("span", { class: "note" }, say("firstActivity", { span: offset(first) })),
    ),
    cell("detected", ...moment(step, step.detectedAt)),
    cell("decided", ...moment(step, step.decidedAt)),
    cell("commanded", ...moment(step, step.commandedAt)),
    cell("confirmed", ...moment(step, step.confirmedAt)),
    cell("deadline", ...moment(step, step.deadlineAt)),
    outcomeCell(context, incident, step),
  );
}

function table(name: "steps" | "records", columns: readonly TextKey[], rows: readonly HTMLElement[]): HTMLElement {
  const head = columns.map((key) => h("th", { scope: "col" }, say(key)));
  return h(
    "div",
    { class: `table ${name}` },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, say(name)),
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...rows),
    ),
  );
}

function recordRow(incident: IncidentView, entry: TimelineEntry): HTMLElement {
  const id = `${entry.lane}/${entry.sequence}`;
  return h(
    "tr",
    {},
    cell("time", h("time", { datetime: entry.time }, exactTime(entry.time))),
    cell("after", offset(between(incident.openedAt, entry.time))),
    cell(
      "what",
      h("span", {}, word({ ...recordTexts, ...hubRecordTexts }, entry.type)),
      h("code", {}, entry.type),
      entry.exercise && h("span", { class: "tag exercise" }, say("exercise")),
    ),
    cell("about", entry.subject),
    cell("number", h("code", {}, id)),
    cell(
      "details",
      h("details", {}, h("summary", {}, say("details")), h("pre", {}, JSON.stringify(entry.data, null, 1))),
    ),
  );
}

function head(context: Context, incident: IncidentView): HTMLElement {
  const kind = word(incidentKindTexts, incident.kind);
  const isOpen = incident.state === "open";
  const facts = [
    say("opened", { time: exactDayAndTime(incident.openedAt) }),
    incident.closedAt !== null && say("closedAt", { time: exactDayAndTime(incident.closedAt) }),
    incident.acknowledgedBy !== null && say("acknowledgedByUser", { user: incident.acknowledgedBy }),
  ].filter((fact) => fact !== false);
  return h(
    "header",
    { class: "incident-head" },
    h("a", { class: "button quiet", href: "#" }, say("back")),
    h(
      "h2",
      { id: "incident-title", tabindex: -1 },
      say("incidentAt", { kind, place: incidentPlace(context.known, incident) }),
    ),
    h(
      "p",
      { class: "marks" },
      isOpen ? toned("move", say("incidentOpen")) : toned("idle", say("incidentClosed")),
      incident.exercise && h("span", { class: "tag exercise" }, say("exercise")),
      h("span", { class: "minor" }, facts.join(" · ")),
    ),
    isOpen && h("button", { type: "button", onclick: () => askReset(context, incident, incident.id) }, say("reset")),
  );
}

const stepColumns = [
  "step",
  "occurred",
  "detected",
  "decided",
  "commanded",
  "confirmed",
  "deadline",
  "outcome",
] as const;
const recordColumns = ["time", "after", "what", "about", "number", "details"] as const;

export function incidentView(context: Context, incident: IncidentView): HTMLElement {
  const { steps, timeline = [] } = incident;
  return h(
    "section",
    { "data-key": `incident/${incident.id}`, class: "card incident", "aria-labelledby": "incident-title" },
    head(context, incident),
    steps.length === 0
      ? h("p", { class: "empty" }, say("noSteps"))
      : h(
          "div",
          { class: "parts" },
          h("h3", {}, say("bars")),
          h("div", { class: "bars" }, ...steps.map((step) => timeBar(step, stepName(step)))),
          h("p", { class: "minor" }, say("barsLegend")),
          h("h3", {}, say("steps")),
          table(
            "steps",
            stepColumns,
            steps.map((step) => stepRow(context, incident, step)),
          ),
        ),
    h("h3", {}, say("records")),
    table(
      "records",
      recordColumns,
      timeline.slice(0, recordsShownMax).map((entry) => recordRow(incident, entry)),
    ),
    timeline.length > recordsShownMax &&
      h("p", { class: "minor" }, say("moreRecords", { n: timeline.length - recordsShownMax })),
  );
}
