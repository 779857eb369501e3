// Which zones are not normal, and why.
import { causeTexts, zoneOutTexts, zoneStateTexts } from "../../../../../config/words.js";
import type { ZoneOut, ZoneState } from "../../../../model/durable.js";
import { h } from "../../../../page/dom.js";
import { named, word } from "../../../../page/language.js";
import { type Tone, toned } from "../../../../page/tone.js";
import type { Context } from "../../context.js";
import { actButton, actName, card, give, leftMs, minor, nameOf, span } from "./parts.js";
import { say } from "./texts.js";

const tones: Readonly<Record<ZoneState, Tone>> = {
  unknown: "warn",
  normal: "good",
  active: "warn",
  breached: "alert",
  tampered: "alert",
  unguarded: "alert",
  fault: "warn",
};

type Zone = Context["site"]["zones"][number];

export function zonesCard(context: Context): HTMLElement {
  const { zones } = context.site;
  const rows = zones.flatMap((zone) => zoneRow(zone, context));
  if (rows.length === 0) return card("zones", say("zones"), toned("good", say("allQuiet")));
  const normal = zones.length - rows.length;
  return card(
    "zones",
    say("zones"),
    h("ul", { class: "rows" }, ...rows),
    normal > 0 && minor(say("othersNormal", { n: normal })),
  );
}

function zoneRow(zone: Zone, context: Context): readonly HTMLElement[] {
  const durable = context.status?.durable;
  const { state = "unknown", cause = null } = durable?.zones[zone.id] ?? {};
  const out = durable?.out[zone.id];
  const isWaiting = durable?.preAlarms[zone.id] !== undefined;
  if (state === "normal" && out === undefined && !isWaiting) return [];
  return [
    h(
      "li",
      { "data-key": zone.id },
      h(
        "div",
        {},
        h("strong", {}, named(zone.name)),
        h("small", {}, [nameOf(context, zone.area), ...(cause === null ? [] : [word(causeTexts, cause)])].join(" · ")),
        state === "breached" && cause === null && h("small", {}, say("waitsForReset")),
        isWaiting && h("small", {}, say("preAlarm")),
        ...(out === undefined ? [] : outLines(zone, out, context)),
      ),
      toned(tones[state], word(zoneStateTexts, state)),
    ),
  ];
}

function outLines({ id, name }: Zone, out: ZoneOut, context: Context): readonly HTMLElement[] {
  const { how, by, reason, until, guard } = out;
  const line = say("outBy", { how: word(zoneOutTexts, how), by: by.join(", "), reason });
  const left = until === null ? [] : [say("outLeft", { left: span(leftMs(context, until)) })];
  const stands = guard === null ? [] : [say("guardStands", { guard })];
  const back = { label: actName("reinstate"), about: named(name) };
  return [
    h("small", {}, [line, ...left, ...stands].join(" · ")),
    h(
      "div",
      { class: "buttons" },
      actButton(context, "reinstate", back, () => give(context, { kind: "reinstate", zone: id })),
    ),
  ];
}
