// The classes of a loop as bands over the raw value, with the present reading, its resistance and its voltage.
import { loopOhms } from "../../../detection/loop.js";
import type { LoopConfig } from "../../../model/zone.js";
import { h, svg } from "../../../page/dom.js";
import { named } from "../../../page/language.js";
import { loopClassTexts } from "../../point-words.js";
import { type Band, bandsOf, ohmsText, supplyVolts, voltsOf } from "../../wiring/loop.js";
import { say } from "./texts.js";

const chart = { width: 1000, height: 90, bar: 56 } as const;

/** `raw` null: nothing is read at the moment. `brief`: the bands alone, for a comparison. */
export function bandsView(loop: LoopConfig, raw: number | null, brief = false): HTMLElement {
  const bands = bandsOf(loop);
  const x = (value: number) => (Math.min(value, loop.fullScale) / loop.fullScale) * chart.width;
  const bars = bands.map((band) =>
    svg("rect", {
      class: `band ${band.class}`,
      x: x(band.fromRaw),
      width: Math.max(1, x(band.toRaw) - x(band.fromRaw)),
      y: 0,
      height: chart.bar,
    }),
  );
  const needle =
    raw === null
      ? []
      : [
          svg("path", {
            class: "needle",
            d: `M${x(raw)},${chart.bar - 14} l16,${chart.height - chart.bar + 12} h-32 Z`,
          }),
        ];
  return h(
    "div",
    { class: "bands", "data-key": "bands" },
    raw === null || brief ? null : h("p", { class: "value" }, readingText(loop, raw)),
    svg(
      "svg",
      { viewBox: `0 0 ${chart.width} ${chart.height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      ...bars,
      ...needle,
    ),
    brief ? null : h("ul", { class: "legend" }, ...bands.map((band) => legendRow(loop, band, raw))),
  );
}

function readingText(loop: LoopConfig, raw: number): string {
  return say("atTheWire", {
    ohms: ohmsText(loopOhms(loop, raw)),
    volts: voltsOf(loop, raw).toFixed(2),
    supply: supplyVolts,
    raw: Math.round(raw),
    full: loop.fullScale,
  });
}

function legendRow(loop: LoopConfig, { class: found, fromRaw, toRaw }: Band, raw: number | null): HTMLElement {
  const isHere = raw !== null && raw >= fromRaw && (raw < toRaw || toRaw === loop.fullScale);
  const [from, to] = [fromRaw, toRaw].map((each) => ohmsText(loopOhms(loop, each)));
  const volts = [fromRaw, toRaw].map((each) => voltsOf(loop, each).toFixed(2)).join("–");
  return h(
    "li",
    { class: isHere ? "here" : "", "aria-current": isHere ? "true" : false },
    svg(
      "svg",
      { viewBox: "0 0 10 10", class: "swatch", "aria-hidden": "true" },
      svg("rect", { class: `band ${found}`, width: 10, height: 10 }),
    ),
    h("span", {}, named(loopClassTexts[found]), isHere && h("b", {}, ` ◀ ${say("here")}`)),
    h(
      "span",
      { class: "value minor" },
      `${from} – ${to} · ${volts} V · ${say("rawRange")} ${Math.round(fromRaw)}–${Math.round(toRaw)}`,
    ),
  );
}
