// Points 点位: every point as the box sees it at this moment; opened, its wiring is explained and its settings are changed.
import { type Child, h } from "../../../page/dom.js";
import { named } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import type { Offer } from "../../wiring/found.js";
import type { FoundView } from "../../wiring/view.js";
import type { Context } from "../context.js";
import type { KnownPoint } from "../feed.js";
import { apply, type Chosen, choose, chosenPoint, discard, keepFresh, tryOut } from "../points/chosen.js";
import { ageText, qualityMark, traceOf, valueText } from "../points/live.js";
import { changeOf, settingsForm, settingsOf, valueWord } from "../points/settings-form.js";
import { say } from "../points/texts.js";
import { type Trial, triedCard } from "../points/tried-card.js";
import { wiringCard } from "../points/wiring-card.js";
import type { Section } from "../sections.js";

let sought = "";

function usersOf({ zones, barriers }: KnownPoint, { site }: Context): string {
  const nameOf = (things: Context["site"]["zones"] | Context["site"]["barriers"], id: string) => {
    const name = things.find((thing) => thing.id === id)?.name;
    return name === undefined ? id : named(name);
  };
  const names = [...zones.map((id) => nameOf(site.zones, id)), ...barriers.map((id) => nameOf(site.barriers, id))];
  return names.join(", ") || "–";
}

function row(point: KnownPoint, context: Context): HTMLElement {
  const { value, direction, driver, driverUp, samples } = point;
  const cell = (label: "value" | "quality" | "age" | "usedBy" | "trace", ...children: readonly Child[]) =>
    h("td", { "data-label": say(label) }, ...children);
  return h(
    "tr",
    { "data-key": point.point },
    h(
      "th",
      { scope: "row" },
      point.point,
      h("small", {}, `${say(direction === "in" ? "input" : "output")} · ${driver}`),
      !driverUp && toned("alert", say("driverDown")),
    ),
    cell("value", h("span", { class: "value" }, valueText(value))),
    cell("quality", qualityMark(point)),
    cell("age", ageText(point)),
    cell("trace", traceOf(samples)),
    cell("usedBy", usersOf(point, context)),
    h(
      "td",
      { class: "act" },
      h(
        "button",
        {
          type: "button",
          class: "small",
          "aria-label": say("openOf", { point: point.point }),
          onclick: () => choose(point.point, context),
        },
        say("open"),
      ),
    ),
  );
}

function search(context: Context): HTMLElement {
  const onchange = (event: Event) => {
    if (event.target instanceof HTMLInputElement) sought = event.target.value.trim().toLowerCase();
    context.redraw();
  };
  return h("label", {}, say("find"), h("input", { type: "search", value: sought, autocomplete: "off", onchange }));
}

function list(context: Context): readonly HTMLElement[] {
  const columns = (["point", "value", "quality", "age", "trace", "usedBy"] as const).map((key) =>
    h("th", { scope: "col" }, say(key)),
  );
  const fits = (point: KnownPoint) =>
    [point.point, ...point.zones, usersOf(point, context)].some((text) => text.toLowerCase().includes(sought));
  const rows = [...context.points.values()].filter(fits).map((point) => row(point, context));
  return [
    h(
      "section",
      { "data-key": "points", class: "card" },
      search(context),
      h("p", { class: "minor" }, rows.length === 0 ? say("none") : say("filtered", { n: rows.length })),
      h("table", { class: "wide" }, h("thead", {}, h("tr", {}, ...columns, h("td", {}))), h("tbody", {}, ...rows)),
    ),
  ];
}

function one(live: KnownPoint, context: Context): readonly HTMLElement[] {
  keepFresh(context);
  const chosen = chosenPoint();
  const back = h("button", { type: "button", onclick: () => choose(null, context) }, say("close"));
  const head = h(
    "section",
    { "data-key": "chosen", class: "card" },
    h("h2", { id: "chosen-title", tabindex: -1 }, usersOf(live, context)),
    h("div", { class: "buttons" }, h("span", { class: "value" }, valueText(live.value)), qualityMark(live), back),
  );
  if (chosen?.wiring == null) return [head, h("p", { "data-key": "reading" }, say("reading"))];
  return [
    head,
    wiringCard(chosen.wiring, live, (found, offer) => offerButton(found, offer, context)),
    ...(chosen.tried === null ? [] : [triedCard(chosen.tried, trialOf(chosen, context), context)]),
    settingsForm(chosen, context),
  ];
}

function trialOf(chosen: Chosen, context: Context): Trial {
  return {
    title: say("result"),
    settings: settingsOf(chosen),
    isApplying: chosen.isApplying,
    apply: (signature) => apply(signature, context),
    discard: () => discard(context),
  };
}

/** What the diagnosis offers is tried, never made by itself. */
function offerButton({ zone }: FoundView, offer: Offer, context: Context): HTMLElement | null {
  const chosen = chosenPoint();
  if (chosen === null) return null;
  const setting = settingsOf(chosen).find(
    (each) =>
      each.key === offer.key && (offer.ofPoint === true ? "point" in each : "zone" in each && each.zone === zone),
  );
  if (setting === undefined) return null;
  const text = say("offer", { label: named(setting.label), value: valueWord(offer.value, setting) });
  const { form } = setting;
  const shown =
    form.kind === "number" && form.min !== null && form.max !== null
      ? say("offerTakes", { offer: text, min: form.min, max: form.max })
      : text;
  return h("button", { type: "button", onclick: () => tryOut([changeOf(setting, offer.value)], context) }, shown);
}

function view(context: Context): readonly HTMLElement[] {
  const chosen = chosenPoint();
  const live = chosen === null ? undefined : context.points.get(chosen.point);
  return live === undefined ? list(context) : one(live, context);
}

export const points: Section = {
  id: "points",
  part: "commissioning",
  title: { zh: "点位", en: "Points" },
  view,
};
