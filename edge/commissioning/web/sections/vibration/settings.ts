// Suggested settings, and the comparison of old and new on one recording; both may be applied.

import { fibreSettingTexts, vibrationReasonTexts } from "../../../../../config/vibration-words.js";
import { causeTexts, verdictTexts } from "../../../../../config/words.js";
import type { FibreSettings } from "../../../../model/zone.js";
import { ask } from "../../../../page/ask.js";
import { h } from "../../../../page/dom.js";
import { language, named, word } from "../../../../page/language.js";
import { toned } from "../../../../page/tone.js";
import type { SettingsView } from "../../../settings/told.js";
import type { Reason } from "../../../vibration/reasons.js";
import type { ReplayView, SuggestionView, WhatIfView } from "../../../vibration/views.js";
import type { Context } from "../../context.js";
import { chart } from "./chart.js";
import { type Model, pathOf } from "./model.js";
import { say } from "./texts.js";

interface Change {
  readonly key: keyof FibreSettings;
  readonly value: number;
}

function reasonText({ code, values }: Reason): string {
  return vibrationReasonTexts[code][language()].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}

async function apply(changes: readonly Change[], model: Model, context: Context): Promise<void> {
  const zone = context.site.zones.find(({ id }) => id === model.zone);
  const answer = await ask({
    title: say("apply"),
    body: say("applyBody", { zone: zone === undefined ? model.zone : named(zone.name) }),
    confirm: say("apply"),
    danger: false,
    reason: say("applyReason"),
  });
  if (answer === null || !(await context.ensurePerson())) return;
  const wanted = changes.map(({ key, value }) => ({ zone: model.zone, key: `settings.${key}`, value }));
  await context.attempt(async () => {
    const seen = await context.call<SettingsView>("GET", "settings");
    const order = { changes: wanted, reason: answer.reason, revision: seen.revision };
    const { revision } = await context.call<{ revision: number }>("POST", "settings", order);
    context.tell(say("applied", { revision }));
  });
}

function applyButton(changes: readonly Change[], model: Model, context: Context): HTMLElement {
  const onclick = () => void apply(changes, model, context);
  return h(
    "div",
    { "data-key": "apply", class: "buttons" },
    h("button", { type: "button", class: "primary", onclick }, say("apply")),
  );
}

function changeRows(changes: SuggestionView["changes"]): HTMLElement {
  const columns = [say("setting"), say("present"), say("wanted")].map((text) => h("th", { scope: "col" }, text));
  const rows = changes.map(({ key, before, value }) =>
    h(
      "tr",
      { "data-key": key },
      h("th", { scope: "row" }, named(fibreSettingTexts[key])),
      h("td", { class: "value" }, before === null ? say("notSet") : String(before)),
      h("td", { class: "value" }, String(value)),
    ),
  );
  return h("table", { "data-key": "changes" }, h("thead", {}, h("tr", {}, ...columns)), h("tbody", {}, ...rows));
}

function suggestionView(suggestion: SuggestionView, model: Model, context: Context): readonly HTMLElement[] {
  const { ok, changes, reasons } = suggestion;
  const verdict = ok ? toned("good", say("suggestYes")) : toned("warn", say("suggestNo"));
  const lines = reasons.map((reason) => h("li", {}, reasonText(reason)));
  const told = [
    h("p", { "data-key": "verdict", role: "status" }, verdict),
    h("ul", { "data-key": "reasons", class: "reasons" }, ...lines),
  ];
  if (!ok) return told;
  if (changes.length === 0) return [...told, h("p", { "data-key": "no-change" }, say("noChange"))];
  return [...told, changeRows(changes), applyButton(changes, model, context)];
}

export function suggestCard(model: Model, context: Context): HTMLElement {
  const onclick = () =>
    void context.attempt(async () => {
      model.suggestion = await context.call<SuggestionView>("GET", pathOf(model.zone, "suggestion"));
      context.redraw();
    });
  return h(
    "section",
    { "data-key": "suggest", class: "card", "aria-labelledby": "suggest-title" },
    h("h2", { id: "suggest-title" }, say("suggest")),
    h("div", { "data-key": "do", class: "buttons" }, h("button", { type: "button", onclick }, say("suggestDo"))),
    ...(model.suggestion === null ? [] : suggestionView(model.suggestion, model, context)),
  );
}

const keys = Object.keys(fibreSettingTexts) as (keyof FibreSettings)[];

/** What was typed, as far as it differs from how it was recorded. */
function typedIn(form: HTMLFormElement, present: FibreSettings): readonly Change[] {
  const data = new FormData(form);
  return keys.flatMap((key) => {
    const text = String(data.get(key) ?? "").trim();
    const value = Number(text);
    return text === "" || value === present[key] ? [] : [{ key, value }];
  });
}

function whatIfForm(recording: string, model: Model, context: Context): readonly HTMLElement[] {
  const present = model.list?.recordings.find(({ id }) => id === recording)?.head?.settings;
  if (present === undefined) return [];
  const wanted = model.suggestion?.ok === true ? model.suggestion.settings : present;
  const inputs = keys.map((key) => {
    const value = wanted[key] ?? "";
    return h(
      "label",
      {},
      named(fibreSettingTexts[key]),
      h("input", { name: key, type: "number", step: "any", min: 0, value }),
    );
  });
  const onsubmit = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const settings = Object.fromEntries(typedIn(form, present).map(({ key, value }) => [key, value]));
    void context.attempt(async () => {
      model.whatIf = await context.call<WhatIfView>("POST", pathOf(model.zone, "what-if"), { recording, settings });
      context.redraw();
    });
  };
  const button = h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, say("replayDo")));
  return [
    h("p", { "data-key": "of" }, say("replayOf", { id: recording })),
    h("form", { "data-key": `form-${recording}`, class: "tuning", onsubmit }, ...inputs, button),
  ];
}

function side(key: "old" | "new", { events, alarms, heldBack, blocks }: ReplayView): HTMLElement {
  const from = blocks[0]?.at ?? 0;
  const seconds = (at: number) => Math.round((at - from) / 100) / 10;
  const told = alarms.map(({ cause, occurredAt, firstActivityAt }) =>
    h(
      "li",
      {},
      say("alarmAt", { cause: word(causeTexts, cause), at: seconds(occurredAt), first: seconds(firstActivityAt) }),
    ),
  );
  const held = Object.entries(heldBack).map(([verdict, count]) => `${word(verdictTexts, verdict)} ${count}`);
  return h(
    "div",
    { "data-key": key, class: "side" },
    h("h3", {}, say(key)),
    h("p", { "data-key": "outcome", class: "value" }, say("outcome", { events: events.length, alarms: alarms.length })),
    ...(blocks.length < 2 ? [] : [chart("drawing", blocks, { from, to: blocks.at(-1)?.at ?? from, zero: from })]),
    h("ul", { "data-key": "alarms", class: "reasons" }, ...told),
    h("p", { "data-key": "held" }, say("heldBack", { list: held.join(", ") || "–" })),
  );
}

function changesOf({ before, after }: WhatIfView): readonly Change[] {
  return keys.flatMap((key) => {
    const value = after.settings[key];
    return value === undefined || value === before.settings[key] ? [] : [{ key, value }];
  });
}

export function whatIfCard(model: Model, context: Context): HTMLElement {
  const { whatIf, compared } = model;
  const changes = whatIf === null ? [] : changesOf(whatIf);
  return h(
    "section",
    { "data-key": "what-if", class: "card", "aria-labelledby": "what-if-title" },
    h("h2", { id: "what-if-title" }, say("whatIf")),
    ...(compared === null ? [h("p", { "data-key": "how" }, say("whatIfHow"))] : whatIfForm(compared, model, context)),
    ...(whatIf === null
      ? []
      : [h("div", { "data-key": "sides", class: "sides" }, side("old", whatIf.before), side("new", whatIf.after))]),
    ...(changes.length === 0 ? [] : [applyButton(changes, model, context)]),
  );
}
