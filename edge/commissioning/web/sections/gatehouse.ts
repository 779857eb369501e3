// Gatehouse 门卫: which zone, what is not closed.
import { barrierStateTexts, zoneStateTexts } from "../../../../config/words.js";
import type { BarrierState, ZoneState } from "../../../model/durable.js";
import { h } from "../../../page/dom.js";
import { named, sayFrom, word } from "../../../page/language.js";
import { type Tone, toned } from "../../../page/tone.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";

export const gatehouseTexts = {
  zones: { zh: "防区", en: "Zones" },
  barriers: { zh: "阻车设施", en: "Barriers" },
  allQuiet: { zh: "所有防区正常。", en: "Every zone is normal." },
} as const;
const say = sayFrom(gatehouseTexts);

const zoneTones: Readonly<Record<ZoneState, Tone>> = {
  unknown: "warn",
  normal: "good",
  active: "warn",
  breached: "alert",
  tampered: "alert",
  unguarded: "alert",
  fault: "warn",
};
const barrierTones: Partial<Record<BarrierState, Tone>> = {
  open: "idle",
  closed: "good",
  closing: "move",
  opening: "move",
  obstructed: "alert",
};

function zoneRows({ site, status }: Context): readonly HTMLElement[] {
  return site.zones.flatMap(({ id, name }) => {
    const state = status?.durable.zones[id]?.state ?? "unknown";
    if (state === "normal") return [];
    return [
      h("li", { "data-key": id }, h("span", {}, named(name)), toned(zoneTones[state], word(zoneStateTexts, state))),
    ];
  });
}

function barrierRows({ site, status }: Context): readonly HTMLElement[] {
  return site.barriers.map(({ id, name }) => {
    const state = status?.durable.barriers[id] ?? "unknown";
    const mark = toned(barrierTones[state] ?? "warn", word(barrierStateTexts, state));
    return h("li", { "data-key": id }, h("span", {}, named(name)), mark);
  });
}

function view(context: Context): readonly HTMLElement[] {
  const zones = zoneRows(context);
  const card = (key: string, title: string, ...children: readonly HTMLElement[]) =>
    h(
      "section",
      { "data-key": key, class: "card", "aria-labelledby": `${key}-title` },
      h("h2", { id: `${key}-title` }, title),
      ...children,
    );
  return [
    card(
      "zones",
      say("zones"),
      zones.length === 0 ? toned("good", say("allQuiet")) : h("ul", { class: "rows" }, ...zones),
    ),
    card("barriers", say("barriers"), h("ul", { class: "rows" }, ...barrierRows(context))),
  ];
}

export const gatehouse: Section = {
  id: "gatehouse",
  part: "gatehouse",
  title: { zh: "门卫", en: "Gatehouse" },
  view,
};
