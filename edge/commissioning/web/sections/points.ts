// Points 点位: every point as the box sees it at this moment.

import type { Quality } from "../../../model/point.js";
import { type Child, h } from "../../../page/dom.js";
import { named, sayFrom } from "../../../page/language.js";
import { type Tone, toned } from "../../../page/tone.js";
import type { SeenValue } from "../../questions/points.js";
import type { Context } from "../context.js";
import type { KnownPoint } from "../feed.js";
import type { Section } from "../sections.js";

export const pointTexts = {
  point: { zh: "点位", en: "Point" },
  value: { zh: "值", en: "Value" },
  quality: { zh: "质量", en: "Quality" },
  age: { zh: "时间", en: "Age" },
  usedBy: { zh: "用于", en: "Used by" },
  input: { zh: "输入", en: "input" },
  output: { zh: "输出", en: "output" },
  driverDown: { zh: "设备断开", en: "device away" },
  never: { zh: "尚未收到", en: "not heard of" },
  good: { zh: "良好", en: "good" },
  stale: { zh: "陈旧", en: "stale" },
  lost: { zh: "丢失", en: "lost" },
  tampered: { zh: "被破坏", en: "tampered" },
  "out-of-range": { zh: "超出范围", en: "out of range" },
  seconds: { zh: "{n} 秒前", en: "{n} s ago" },
  block: { zh: "{count} 个值，{least} 至 {greatest}", en: "{count} values, {least} to {greatest}" },
  on: { zh: "通", en: "on" },
  off: { zh: "断", en: "off" },
} as const;
const say = sayFrom(pointTexts);

const tones: Readonly<Record<Quality, Tone>> = {
  good: "good",
  stale: "warn",
  lost: "alert",
  tampered: "alert",
  "out-of-range": "alert",
};

export function valueText(value: SeenValue): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return `${value} (${say(value ? "on" : "off")})`;
  if (typeof value !== "object") return String(value);
  const { count, least, greatest } = value;
  return say("block", { count, least: least.toPrecision(4), greatest: greatest.toPrecision(4) });
}

function usersOf({ zones, barriers }: KnownPoint, { site }: Context): string {
  const nameOf = (things: Context["site"]["zones"] | Context["site"]["barriers"], id: string) => {
    const name = things.find((thing) => thing.id === id)?.name;
    return name === undefined ? id : named(name);
  };
  const names = [...zones.map((id) => nameOf(site.zones, id)), ...barriers.map((id) => nameOf(site.barriers, id))];
  return names.join(", ") || "–";
}

function row(point: KnownPoint, context: Context): HTMLElement {
  const { quality, value, direction, driver, driverUp, heardAt, ageMs } = point;
  const age = ageMs === null ? "–" : say("seconds", { n: Math.round((performance.now() - heardAt) / 100) / 10 });
  const cell = (label: "value" | "quality" | "age" | "usedBy", ...children: readonly Child[]) =>
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
    cell("quality", quality === null ? toned("warn", say("never")) : toned(tones[quality], say(quality))),
    cell("age", age),
    cell("usedBy", usersOf(point, context)),
  );
}

function view(context: Context): readonly HTMLElement[] {
  const columns = (["point", "value", "quality", "age", "usedBy"] as const).map((key) =>
    h("th", { scope: "col" }, say(key)),
  );
  const rows = [...context.points.values()].map((point) => row(point, context));
  return [
    h(
      "section",
      { "data-key": "points", class: "card" },
      h("table", { class: "wide" }, h("thead", {}, h("tr", {}, ...columns)), h("tbody", {}, ...rows)),
    ),
  ];
}

export const points: Section = {
  id: "points",
  part: "commissioning",
  title: { zh: "点位", en: "Points" },
  view,
};
