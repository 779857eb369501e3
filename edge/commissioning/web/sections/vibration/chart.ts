// Draws a fibre's level with baseline, threshold, counted events and alarms; lines differ in dash and marks in shape, not in colour
// alone.
import { h, svg } from "../../../../page/dom.js";
import type { BlockView } from "../../../vibration/replay.js";
import { say } from "./texts.js";

export interface ChartTime {
  /** Box time of the left and the right edge. */
  readonly from: number;
  readonly to: number;
  /** Box time that counts as 0 s. */
  readonly zero: number;
}

const height = 210;
const edge = { left: 38, right: 8, top: 20, bottom: 22 };
const multiples = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const tickPx = 70;

/** As wide as the card that it stands in. */
function chartWidth(): number {
  return Math.max(260, Math.min(1_160, document.documentElement.clientWidth - 68));
}

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (level: number) => number;
  readonly width: number;
}

function scaleOf(blocks: readonly BlockView[], { from, to }: ChartTime): Scale & { readonly most: number } {
  const width = chartWidth();
  const positive = blocks
    .flatMap(({ level, baseline, threshold }) => [level, baseline, threshold])
    .filter((v) => v > 0);
  const least = Math.log(Math.min(...positive) * 0.7);
  const most = Math.log(Math.max(...positive) * 1.4);
  const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };
  return {
    width,
    most: Math.exp(most),
    x: (at) => edge.left + ((at - from) / Math.max(1, to - from)) * inner.width,
    y: (level) => {
      const share = (Math.log(Math.max(level, Number.MIN_VALUE)) - least) / Math.max(1e-9, most - least);
      return edge.top + (1 - Math.max(0, Math.min(1, share))) * inner.height;
    },
  };
}

function lineOf(blocks: readonly BlockView[], { x, y }: Scale, key: "level" | "baseline" | "threshold"): SVGElement {
  const points = blocks.map((block) => `${x(block.at).toFixed(1)},${y(block[key]).toFixed(1)}`);
  return svg("polyline", { "data-key": key, class: `trace ${key}`, points: points.join(" ") });
}

/** Stretches in which nothing counts. */
function shades(blocks: readonly BlockView[], { x }: Scale): readonly SVGElement[] {
  return blocks.flatMap((block, index) => {
    const before = blocks[index - 1]?.at ?? block.at;
    if (!block.isMasked && !block.isLearning) return [];
    const [left, right] = [x(before), x(block.at)];
    const place = { x: left.toFixed(1), y: edge.top, width: Math.max(0.5, right - left).toFixed(1) };
    return [svg("rect", { class: "shade", ...place, height: height - edge.top - edge.bottom })];
  });
}

/** Triangles for events, above the curve; a filled square with a line for an alarm. */
function marks(blocks: readonly BlockView[], scale: Scale, { from }: ChartTime): readonly SVGElement[] {
  const top = edge.top - 4;
  const events = blocks
    .flatMap(({ events: each }) => each)
    .filter((at) => at >= from)
    .map((at) => {
      const middle = scale.x(at);
      return svg("path", { class: "event", d: `M${middle.toFixed(1)} ${top}l-5 -9h10Z` });
    });
  const alarms = blocks
    .flatMap(({ alarm }) => alarm ?? [])
    .map(({ occurredAt }) => {
      const at = scale.x(occurredAt).toFixed(1);
      return svg("path", { class: "alarm-mark", d: `M${at} ${height - edge.bottom}V4m-5 0h10v10h-10Z` });
    });
  return [...events, ...alarms];
}

function grid(blocks: readonly BlockView[], scale: Scale & { readonly most: number }): readonly SVGElement[] {
  const baseline = blocks.at(-1)?.baseline ?? 1;
  let lastY = Number.POSITIVE_INFINITY;
  return multiples.flatMap((multiple) => {
    const at = scale.y(baseline * multiple);
    if (baseline * multiple > scale.most || lastY - at < 16) return [];
    lastY = at;
    const y = at.toFixed(1);
    return [
      svg("line", { class: "grid", x1: edge.left, x2: scale.width - edge.right, y1: y, y2: y }),
      svg("text", { class: "tick", x: edge.left - 4, y: Number(y) + 4, "text-anchor": "end" }, `×${multiple}`),
    ];
  });
}

const steps = [1, 2, 5, 10, 20, 30, 60, 120];

function times({ x, width }: Scale, { from, to, zero }: ChartTime): readonly SVGElement[] {
  const room = Math.max(1, Math.floor((width - edge.left - edge.right) / tickPx));
  const step = steps.find((each) => (to - from) / 1000 / each <= room) ?? 300;
  const first = Math.ceil((from - zero) / 1000 / step);
  const last = Math.floor((to - zero) / 1000 / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const seconds = (first + index) * step;
    const at = x(zero + seconds * 1000);
    const anchor = at > width - 30 ? "end" : "middle";
    return svg(
      "text",
      { class: "tick", x: at.toFixed(1), y: height - 6, "text-anchor": anchor },
      say("seconds", { n: seconds }),
    );
  });
}

export function chart(key: string, blocks: readonly BlockView[], time: ChartTime): HTMLElement {
  const scale = scaleOf(blocks, time);
  const events = blocks.reduce((sum, block) => sum + block.events.length, 0);
  const alarms = blocks.filter(({ alarm }) => alarm !== null).length;
  const label = say("chartSays", { seconds: Math.round((time.to - time.from) / 1000), events, alarms });
  const drawing = svg(
    "svg",
    {
      class: "chart",
      role: "img",
      "aria-label": label,
      viewBox: `0 0 ${scale.width} ${height}`,
      width: scale.width,
      height,
    },
    ...shades(blocks, scale),
    ...grid(blocks, scale),
    ...times(scale, time),
    ...(["baseline", "threshold", "level"] as const).map((each) => lineOf(blocks, scale, each)),
    ...marks(blocks, scale, time),
  );
  return h("figure", { "data-key": key, class: "chart-frame" }, drawing);
}

/** What the lines and marks mean. */
export function legend(): HTMLElement {
  const sample = (...children: readonly SVGElement[]) =>
    svg("svg", { viewBox: "0 0 28 14", width: 28, height: 14, "aria-hidden": "true" }, ...children);
  const line = (key: string) => sample(svg("line", { class: `trace ${key}`, x1: 1, x2: 27, y1: 7, y2: 7 }));
  const entry = (drawn: SVGElement, text: string) => h("li", {}, drawn, text);
  return h(
    "ul",
    { "data-key": "legend", class: "legend" },
    entry(line("level"), say("level")),
    entry(line("threshold"), say("threshold")),
    entry(line("baseline"), say("baseline")),
    entry(sample(svg("path", { class: "event", d: "M14 12l-5 -9h10Z" })), say("event")),
    entry(sample(svg("path", { class: "alarm-mark", d: "M14 14V2m-5 0h10v10h-10Z" })), say("alarm")),
    entry(sample(svg("rect", { class: "shade", x: 1, y: 1, width: 26, height: 12 })), say("maskedSpan")),
  );
}
