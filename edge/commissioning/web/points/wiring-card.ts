// One point before a technician: what is seen there, the bands of its loop, what is probably wrong, how to test, its address.
import { zoneKindTexts } from "../../../../config/kinds.js";
import type { LoopConfig, ZoneConfig } from "../../../model/zone.js";
import { h } from "../../../page/dom.js";
import { language, named, pair, word } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import { loopClassTexts } from "../../point-words.js";
import type { SeenValue } from "../../questions/points.js";
import type { WiredPoint, WiringReply } from "../../questions/wiring.js";
import type { Offer } from "../../wiring/found.js";
import { howToTest } from "../../wiring/how-to-test.js";
import { ohmsText } from "../../wiring/loop.js";
import { loopWith } from "../../wiring/loop-offers.js";
import { type FoundView, foundAt } from "../../wiring/view.js";
import type { KnownPoint } from "../feed.js";
import { bandsView } from "./bands.js";
import { ageText, qualityMark, traceOf, valueText } from "./live.js";
import { say } from "./texts.js";

/** `take`: a person likes an offered setting. */
export function wiringCard({ zones, points }: WiringReply, live: KnownPoint, take: Take): HTMLElement {
  const wired = points.find(({ config }) => config.id === live.point);
  const found = wired === undefined ? [] : foundAt(wired, zones, live);
  return h(
    "section",
    { "data-key": "wiring", class: "card wiring", "aria-labelledby": "wiring-title" },
    h("h2", { id: "wiring-title" }, `${say("wiring")} · ${live.point}`),
    h(
      "ul",
      { class: "found", "aria-live": "polite" },
      ...found.map((each) => foundRow(each, loopsOf(each, zones, live), take)),
    ),
    ...zones.flatMap((zone) => loopOf(zone, live)),
    facts(live, wired),
    traceOf(live.samples) as unknown as HTMLElement | null,
    ...zones.map(testRow),
  );
}

type Take = (found: FoundView, offer: Offer) => HTMLElement | null;

/** The loop of the zone that was diagnosed, with the present reading; none where it has none. */
function loopsOf(
  { zone: id }: FoundView,
  zones: readonly ZoneConfig[],
  { point, value }: KnownPoint,
): readonly LoopNow[] {
  const zone = zones.find((each) => each.id === id);
  if (zone === undefined || !("loop" in zone) || zone.loop === undefined || zone.point !== point) return [];
  return [{ loop: zone.loop, raw: rawOf(value) }];
}
interface LoopNow {
  readonly loop: LoopConfig;
  readonly raw: number | null;
}

/** An offered resistor is drawn: the bands as they would be, over the live value. */
function offerRow(found: FoundView, offer: Offer, loops: readonly LoopNow[], take: Take): HTMLElement {
  const { as, fromOhms, toOhms } = offer;
  const isResistor = as !== undefined && fromOhms !== undefined && toOhms !== undefined;
  return h(
    "li",
    { "data-key": offer.key, class: "offer" },
    take(found, offer),
    isResistor &&
      h(
        "p",
        { class: "minor" },
        say("offerBounds", { as: named(loopClassTexts[as]), from: ohmsText(fromOhms), to: ohmsText(toOhms) }),
      ),
    ...(isResistor ? loops.map(({ loop, raw }) => bandsView(loopWith(loop, offer), raw, true)) : []),
  );
}

function foundRow(found: FoundView, loops: readonly LoopNow[], take: Take): HTMLElement {
  const { tone, seen, next } = found;
  return h(
    "li",
    { "data-key": `${found.zone}-${found.case}` },
    toned(tone, seen[language()]),
    h("p", {}, next[language()]),
    found.offers.length === 0
      ? null
      : h("ul", { class: "offers" }, ...found.offers.map((offer) => offerRow(found, offer, loops, take))),
  );
}

function loopOf(zone: ZoneConfig, { point, value }: KnownPoint): readonly HTMLElement[] {
  if (!("loop" in zone) || zone.loop === undefined || zone.point !== point) return [];
  return [bandsView(zone.loop, rawOf(value))];
}

const rawOf = (value: SeenValue) => (typeof value === "number" ? value : null);

function testRow({ id, kind, name }: ZoneConfig): HTMLElement {
  const how = pair(`${word(zoneKindTexts, kind)} ${named(name)}`, howToTest[kind][language()]);
  return h("p", { "data-key": `test-${id}` }, say("howToTest", { how }));
}

function facts(live: KnownPoint, wired: WiredPoint | undefined): HTMLElement {
  const rows: readonly (readonly [string, string | HTMLElement])[] = [
    [say("value"), valueText(live.value)],
    [say("quality"), qualityMark(live)],
    [say("heard"), ageText(live)],
    ...(live.sourceTime === null ? [] : [[say("sourceTime"), live.sourceTime] as const]),
    ...(wired === undefined ? [] : [[say("address"), addressText(wired)] as const]),
  ];
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function addressText({ driver, at, config }: WiredPoint): string {
  const base = at === null ? driver : `${driver} (${at})`;
  if ("topic" in config) {
    const states = config.on === undefined ? "" : ` · ${config.on}/${config.off ?? "…"}`;
    return `${base} · ${config.topic}${config.path === undefined ? "" : ` · ${config.path}`}${states}`;
  }
  if ("node" in config) return `${base} · ${config.node}`;
  if ("line" in config) return `${base} · ${config.line}${config.bias === undefined ? "" : ` · ${config.bias}`}`;
  return `${base} · ${config.signal === "analog" ? "A" : "D"}${config.pin}${config.pullUp === true ? " · pull-up" : ""}`;
}
