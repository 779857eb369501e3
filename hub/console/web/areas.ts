// Areas with their zones: what is armed, what is out, what stands against arming.
import { areaKindTexts, zoneKindTexts } from "../../../config/kinds.js";
import { causeTexts, zoneOutTexts } from "../../../config/words.js";
import type { Act } from "../../../edge/model/command.js";
import { zoneTraits } from "../../../edge/model/zone.js";
import type { Answer } from "../../../edge/page/ask.js";
import { type Child, h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import type { AreaView } from "../standing-views.js";
import type { EdgeView, ZoneView } from "../views.js";
import { minor, row } from "./cards.js";
import { hubNow, seconds, when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { zoneMark } from "./marks.js";
import { askAndOrder, may, order, smallButton } from "./ordering.js";
import { askArming, obstacleText } from "./orders.js";
import { edgeKey } from "./store.js";

const hourMs = 3_600_000;
const hours = { min: 1, max: 744 };

/** Ways to take a zone out, and whether this reader and this zone allow them. */
function waysOut(context: Context, zone: ZoneView) {
  const isProtected = zoneTraits[zone.kind]?.isProtected ?? false;
  const ways = [
    { value: "inhibit", label: say("inhibitHow"), isOpen: !isProtected && may(context, "inhibit") },
    { value: "isolate", label: say("isolateHow"), isOpen: !isProtected && may(context, "isolate") },
    { value: "isolate-for", label: say("isolateForHow"), isOpen: !isProtected && may(context, "isolate") },
    { value: "repair", label: say("repairHow"), isOpen: may(context, "take-out-for-repair") },
  ];
  return ways.filter(({ isOpen }) => isOpen);
}

function actOf(zone: string, { value }: Answer): Act {
  const forMs = Number(value("hours")) * hourMs;
  switch (value("how")) {
    case "inhibit":
      return { kind: "inhibit", zone };
    case "isolate":
      return { kind: "isolate", zone, forMs: null };
    case "isolate-for":
      return { kind: "isolate", zone, forMs };
    default:
      return { kind: "take-out-for-repair", zone, guard: value("guard"), forMs };
  }
}

function askTakeOut(context: Context, zone: ZoneView): void {
  const options = waysOut(context, zone);
  const question = {
    title: say("takeOutTitle", { zone: named(zone.name) }),
    body: say("takeOutBody"),
    confirm: say("takeOut"),
    danger: true,
    reason: "",
    fields: [
      { name: "how", label: say("how"), options, value: options[0]?.value ?? "" },
      {
        name: "hours",
        label: say("hours"),
        value: "8",
        number: hours,
        only: { of: "how", values: ["isolate-for", "repair"] },
      },
      { name: "guard", label: say("substitute"), only: { of: "how", values: ["repair"] } },
    ],
  };
  void askAndOrder(context, zone, question, (answer) => actOf(zone.id, answer));
}

function zoneButton(context: Context, zone: ZoneView): HTMLElement | null {
  const name = named(zone.name);
  if (zone.out !== null) {
    const reinstate = () => order(context, zone, { kind: "reinstate", zone: zone.id });
    return smallButton(say("reinstate"), reinstate, say("reinstateNamed", { zone: name }));
  }
  if (waysOut(context, zone).length === 0) return null;
  return smallButton(say("takeOut"), () => askTakeOut(context, zone), say("takeOutNamed", { zone: name }));
}

function outLine({ out }: ZoneView): Child {
  if (out === null) return null;
  const by = out.by.join(", ");
  const facts = [
    say("outBy", { how: word(zoneOutTexts, out.how), by, reason: out.reason }),
    out.until !== null && say("outUntil", { time: when(out.until) }),
    out.guard !== null && say("guardedBy", { guard: out.guard }),
  ];
  return h("p", { class: "because" }, facts.filter((fact) => fact !== false).join(" · "));
}

function zoneRow(context: Context, zone: ZoneView): HTMLElement {
  const { id, name, kind, state, camera, alwaysOn, armed, preAlarm, exercise, supervised } = zone;
  const guard = alwaysOn ? say("alwaysOn") : armed ? say("armed") : say("disarmed");
  const mark = exercise && state !== "normal" ? h("span", { class: "tag exercise" }, say("exercise")) : false;
  return row(
    id,
    named(name),
    h("span", { class: "marks" }, mark, zoneMark(state)),
    preAlarm !== null && h("p", { class: "because" }, say("preAlarm", { cause: word(causeTexts, preAlarm) })),
    outLine(zone),
    minor(
      word(zoneKindTexts, kind),
      guard,
      camera !== null && say("camera", { id: camera }),
      !supervised && say("unsupervised"),
    ),
    testLine(zone),
    zoneButton(context, zone),
  );
}

/** How long its last walk test took. */
function testLine({ tested }: ZoneView): Child {
  if (tested === null) return null;
  const { at, latencyMs, heardMs } = tested;
  return minor(
    say("zoneTested", { time: when(at), judged: seconds(latencyMs, 2) }),
    heardMs !== null && say("zoneHeard", { heard: seconds(heardMs, 2) }),
  );
}

/** What runs in the area or went wrong there. */
function areaNews({ arming, entry, failed }: AreaView): readonly Child[] {
  const runs = entry !== null && Date.parse(entry.until) > hubNow();
  return [
    arming !== null && h("p", { class: "because" }, say("armingUntil", { time: when(arming.until) })),
    runs && h("p", { class: "because" }, say("entryUntil", { time: when(entry.until) })),
    failed !== null &&
      h(
        "div",
        { class: "because" },
        say("armFailed", { by: failed.by }),
        h("ul", { class: "obstacles" }, ...failed.obstacles.map((obstacle) => h("li", {}, obstacleText(obstacle)))),
      ),
  ];
}

export function areaPart(context: Context, box: EdgeView, area: AreaView): HTMLElement {
  const inArea = (zone: ZoneView) => edgeKey(zone) === edgeKey(box) && zone.area === area.id;
  const zones = [...context.known.zones.values()].filter(inArea);
  return h(
    "div",
    { "data-key": `${edgeKey(box)}/${area.id}`, class: "area" },
    h(
      "div",
      { class: "area-head" },
      h("h3", {}, named(area.name), h("small", {}, word(areaKindTexts, area.kind))),
      toned(area.armed ? "good" : "idle", area.armed ? say("armed") : say("disarmed")),
      h(
        "button",
        { type: "button", class: "small", onclick: () => askArming(context, box, area) },
        area.armed ? say("disarm") : say("arm"),
      ),
    ),
    ...areaNews(area),
    h("ul", { class: "rows" }, ...zones.map((zone) => zoneRow(context, zone))),
  );
}
