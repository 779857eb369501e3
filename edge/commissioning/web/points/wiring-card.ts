// One point before a technician: what is seen there, the bands of its loop, what is probably wrong, how to test, its address.
import { zoneKindTexts } from "../../../../config/kinds.js";
import type { ZoneConfig } from "../../../model/zone.js";
import { h } from "../../../page/dom.js";
import { language, named, pair, word } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import type { SeenValue } from "../../questions/points.js";
import type { WiredPoint, WiringReply } from "../../questions/wiring.js";
import { howToTest } from "../../wiring/how-to-test.js";
import { type FoundView, foundAt } from "../../wiring/view.js";
import type { KnownPoint } from "../feed.js";
import { bandsView } from "./bands.js";
import { ageText, qualityMark, traceOf, valueText } from "./live.js";
import { say } from "./texts.js";

/** `take`: a person likes the offered setting. */
export function wiringCard(
  { zones, points }: WiringReply,
  live: KnownPoint,
  take: (found: FoundView) => HTMLElement | null,
): HTMLElement {
  const wired = points.find(({ config }) => config.id === live.point);
  const found = wired === undefined ? [] : foundAt(wired, zones, live);
  return h(
    "section",
    { "data-key": "wiring", class: "card wiring", "aria-labelledby": "wiring-title" },
    h("h2", { id: "wiring-title" }, `${say("wiring")} · ${live.point}`),
    h("ul", { class: "found", "aria-live": "polite" }, ...found.map((each) => foundRow(each, take))),
    ...zones.flatMap((zone) => loopOf(zone, live)),
    facts(live, wired),
    traceOf(live.samples) as unknown as HTMLElement | null,
    ...zones.map(testRow),
  );
}

function foundRow(found: FoundView, take: (found: FoundView) => HTMLElement | null): HTMLElement {
  const { tone, seen, next } = found;
  return h(
    "li",
    { "data-key": `${found.zone}-${found.case}` },
    toned(tone, seen[language()]),
    h("p", {}, next[language()]),
    found.offer === null ? null : take(found),
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
