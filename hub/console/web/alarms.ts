// The list of live alarms: what is not acknowledged first, then by priority, then the newest.

import { ask } from "../../../edge/page/ask.js";
import { type Child, h } from "../../../edge/page/dom.js";
import type { AlarmActKind } from "../../alarm/acts.js";
import { isAside, isProtected } from "../../alarm/rules.js";
import { mayHandle } from "../../people/rights.js";
import type { AlarmView } from "../views.js";
import { loadLine } from "./alarm-load.js";
import { call } from "./api.js";
import { age, exactWhen, when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { priorityMark } from "./marks.js";
import { smallButton } from "./ordering.js";
import { edgeKey, type Known, placeKey } from "./store.js";
import { alarmStateTexts } from "./texts.js";

const alarmsShownMax = 200;

const shelveMinutes = { usual: "60", max: 1440 };
const minuteMs = 60_000;

export function isUnacknowledged(alarm: AlarmView): boolean {
  return alarm.state === "unacknowledged" || alarm.state === "returned-unacknowledged";
}

/** Whether a person is to be told of it. */
export function isTold(alarm: AlarmView): boolean {
  return isUnacknowledged(alarm) && !isAside(alarm);
}

function inOrder(a: AlarmView, b: AlarmView): number {
  const byAttention =
    Number(isTold(b)) - Number(isTold(a)) || Number(isUnacknowledged(b)) - Number(isUnacknowledged(a));
  return byAttention || a.priority - b.priority || b.occurredAt.localeCompare(a.occurredAt);
}

/** Area, and zone or barrier, by their names. */
export function placeOf(known: Known, alarm: AlarmView): string {
  const zone = known.zones.get(placeKey(alarm, alarm.zone ?? ""));
  const barrier = known.barriers.get(placeKey(alarm, alarm.barrier ?? ""));
  const box = known.edges.get(edgeKey(alarm));
  const area = box?.areas.find((view) => view.id === (alarm.area ?? zone?.area ?? barrier?.area));
  const names = [area?.name, zone?.name ?? barrier?.name].flatMap((name) => (name === undefined ? [] : [named(name)]));
  return names.length > 0 ? names.join(" · ") : box === undefined ? alarm.edge : named(box.name);
}

function acknowledge(context: Context, alarms: readonly AlarmView[]): void {
  void context.attempt(async () => {
    for (const alarm of alarms) await call("POST", `alarms/${encodeURIComponent(alarm.id)}/acknowledge`);
  });
}

/** Silence, reset and shelving; none of them acknowledges. */
function act(context: Context, alarm: AlarmView, what: string, body?: object): void {
  void context.attempt(async () => {
    await call("POST", `alarms/${encodeURIComponent(alarm.id)}/${what}`, body);
  });
}

async function askShelve(context: Context, alarm: AlarmView): Promise<void> {
  const minutes = { name: "minutes", label: say("shelveMinutes"), value: shelveMinutes.usual };
  const answer = await ask({
    title: say("shelveNamed", { title: named(alarm.title) }),
    body: say("shelveBody"),
    confirm: say("shelve"),
    danger: false,
    reason: "",
    fields: [{ ...minutes, number: { min: 1, max: shelveMinutes.max } }],
  });
  if (answer === null) return;
  act(context, alarm, "shelve", { forMs: Number(answer.value("minutes")) * minuteMs, reason: answer.reason });
}

function lesserButtons(context: Context, alarm: AlarmView): readonly Child[] {
  const may = (kind: AlarmActKind) => mayHandle(context.person.role, kind);
  const title = named(alarm.title);
  const canReset = alarm.state === "latched" || (alarm.latched && alarm.acknowledged && alarm.incident === null);
  return [
    isUnacknowledged(alarm) &&
      alarm.silencedAt === null &&
      alarm.site !== "" &&
      smallButton(say("silence"), () => act(context, alarm, "silence"), say("silenceNamed", { title })),
    canReset && smallButton(say("reset"), () => act(context, alarm, "reset"), say("resetNamed", { title })),
    alarm.shelved === null
      ? !isProtected(alarm) &&
        may("shelve") &&
        smallButton(say("shelve"), () => void askShelve(context, alarm), say("shelveNamed", { title }))
      : may("unshelve") && smallButton(say("unshelve"), () => act(context, alarm, "unshelve")),
  ];
}

function stateLine(alarm: AlarmView): string {
  if (alarm.acknowledgedBy === null || alarm.acknowledgedAt === null) return word(alarmStateTexts, alarm.state);
  return say("acknowledgedBy", { user: alarm.acknowledgedBy, time: when(alarm.acknowledgedAt) });
}

function whenOrNever(time: string | null): string {
  return time === null ? say("none") : when(time);
}

function tags(alarm: AlarmView): readonly Child[] {
  return [
    alarm.count > 1 && h("span", { class: "tag" }, say("times", { n: alarm.count })),
    alarm.exercise && h("span", { class: "tag exercise" }, say("exercise")),
    alarm.escalation > 0 &&
      isUnacknowledged(alarm) &&
      h("span", { class: "tag warn" }, say("escalated", { n: alarm.escalation })),
    alarm.shelved !== null &&
      h(
        "span",
        { class: "tag" },
        say("shelvedUntil", { user: alarm.shelved.by, time: whenOrNever(alarm.shelved.until) }),
      ),
    alarm.outOfService !== null &&
      h(
        "span",
        { class: "tag" },
        alarm.outOfService.until === null
          ? say("outOfService")
          : say("outOfServiceUntil", { time: when(alarm.outOfService.until) }),
      ),
    alarm.suppressed !== null && h("span", { class: "tag" }, say("suppressed")),
    alarm.silencedBy !== null && h("span", { class: "tag" }, say("silencedBy", { user: alarm.silencedBy })),
    alarm.historical && h("span", { class: "tag" }, say("historical")),
    !alarm.durable && h("span", { class: "tag warn" }, say("notDurable")),
  ];
}

function buttons(context: Context, alarm: AlarmView, together: readonly AlarmView[]): HTMLElement {
  const title = named(alarm.title);
  return h(
    "div",
    { class: "buttons" },
    isUnacknowledged(alarm) &&
      h(
        "button",
        {
          type: "button",
          class: "primary",
          "aria-label": say("acknowledgeNamed", { title }),
          onclick: () => acknowledge(context, [alarm]),
        },
        say("acknowledge"),
      ),
    together.length > 1 &&
      h(
        "button",
        {
          type: "button",
          "aria-label": say("acknowledgeAllOf", { n: together.length }),
          onclick: () => acknowledge(context, together),
        },
        say("acknowledgeAll", { n: together.length }),
      ),
    ...lesserButtons(context, alarm),
    alarm.incident !== null && h("a", { href: `#incident/${encodeURIComponent(alarm.incident)}` }, say("showIncident")),
  );
}

function row(context: Context, alarm: AlarmView, together: readonly AlarmView[]): HTMLElement {
  return h(
    "li",
    {
      "data-key": alarm.id,
      class: `alarm p${alarm.priority} ${isUnacknowledged(alarm) ? "unacknowledged" : "seen"}${alarm.exercise ? " exercise" : ""}`,
    },
    priorityMark(alarm.priority),
    h(
      "div",
      { class: "about" },
      h("h3", {}, named(alarm.title)),
      h("p", {}, placeOf(context.known, alarm), ...tags(alarm)),
      h(
        "p",
        { class: "minor facts" },
        h("time", { datetime: alarm.occurredAt }, exactWhen(alarm.occurredAt)),
        h("span", { class: "age" }, age(alarm.occurredAt)),
        h("span", { class: "state" }, stateLine(alarm)),
      ),
    ),
    buttons(context, alarm, together),
  );
}

/** All unacknowledged alarms of its incident, given once: at the first of them. */
function togetherAt(shown: readonly AlarmView[], alarm: AlarmView): readonly AlarmView[] {
  if (alarm.incident === null || !isUnacknowledged(alarm)) return [];
  const ofIncident = shown.filter((other) => other.incident === alarm.incident && isUnacknowledged(other));
  return ofIncident[0] === alarm ? ofIncident : [];
}

export function alarmsView(context: Context): HTMLElement {
  const all = [...context.known.alarms.values()].sort(inOrder);
  const shown = all.slice(0, alarmsShownMax);
  const open = all.filter(isTold).length;
  const count = open > 0 ? say("alarmsOpen", { n: open }) : say("alarmsAllSeen");
  return h(
    "section",
    { id: "alarms", class: "alarms", "aria-labelledby": "alarms-title", tabindex: -1 },
    h("h2", { id: "alarms-title" }, say("alarms"), h("span", { class: open > 0 ? "count open" : "count" }, count)),
    loadLine(context.load),
    shown.length === 0
      ? h("p", { class: "empty" }, say("noAlarms"))
      : h("ol", {}, ...shown.map((alarm) => row(context, alarm, togetherAt(shown, alarm)))),
    all.length > shown.length && h("p", {}, say("moreAlarms", { n: all.length - shown.length })),
  );
}
