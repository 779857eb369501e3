// Vibration fibre 振动光纤: what the detector sees, recorded tests, and settings from them.
import { h } from "../../../page/dom.js";
import { named } from "../../../page/language.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";
import { liveCard } from "./vibration/live.js";
import { follow } from "./vibration/model.js";
import { listCard, recordCard } from "./vibration/recordings.js";
import { suggestCard, whatIfCard } from "./vibration/settings.js";
import { say } from "./vibration/texts.js";

let chosen: string | null = null;

function choice(zones: Context["site"]["zones"], present: string, context: Context): HTMLElement {
  const options = zones.map(({ id, name }) => h("option", { value: id, selected: id === present }, named(name)));
  const onchange = (event: Event) => {
    if (!(event.currentTarget instanceof HTMLSelectElement)) return;
    chosen = event.currentTarget.value;
    context.redraw();
  };
  return h(
    "label",
    { "data-key": "zone", class: "zone-choice" },
    say("zone"),
    h("select", { name: "zone", onchange }, ...options),
  );
}

function view(context: Context): readonly HTMLElement[] {
  const zones = context.site.zones.filter(({ kind }) => kind === "vibration-fibre");
  const present = zones.find(({ id }) => id === chosen) ?? zones[0];
  if (present === undefined) return [h("p", { "data-key": "none", class: "card" }, say("none"))];
  const model = follow(present.id, context);
  return [
    choice(zones, present.id, context),
    liveCard(model),
    recordCard(model, context),
    listCard(model, context),
    suggestCard(model, context),
    whatIfCard(model, context),
  ];
}

export const vibration: Section = {
  id: "vibration",
  part: "commissioning",
  title: { zh: "振动光纤", en: "Vibration fibre" },
  view,
};
