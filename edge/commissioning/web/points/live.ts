// What stands in every place where a point is shown: its value in words, its quality, its age, its trace.
import type { Quality } from "../../../model/point.js";
import { svg } from "../../../page/dom.js";
import { type Tone, toned } from "../../../page/tone.js";
import type { SeenSample, SeenValue } from "../../questions/points.js";
import type { KnownPoint } from "../feed.js";
import { say } from "./texts.js";

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
  return say("block", { count, least: Number(least.toPrecision(4)), greatest: Number(greatest.toPrecision(4)) });
}

export function qualityMark({ quality }: Pick<KnownPoint, "quality">): HTMLElement {
  return quality === null ? toned("warn", say("never")) : toned(tones[quality], say(quality));
}

export function ageText({ ageMs, heardAt }: Pick<KnownPoint, "ageMs" | "heardAt">): string {
  return ageMs === null ? "–" : say("seconds", { n: Math.round((performance.now() - heardAt) / 100) / 10 });
}

const trace = { width: 240, height: 40, samples: 64 } as const;

/** The newest samples as steps over time, the newest at the right; null while there is nothing to draw. */
export function traceOf(samples: readonly SeenSample[]): SVGElement | null {
  const shown = samples.slice(-trace.samples).flatMap(({ at, value }) => {
    const height = heightOf(value);
    return height === null ? [] : [{ at, height }];
  });
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined || shown.length < 2) return null;
  // Two states keep their places, so that a contact at rest is told from an active one.
  const heights = [...shown.map(({ height }) => height), ...(typeof samples.at(-1)?.value === "boolean" ? [0, 1] : [])];
  const [least, greatest] = [Math.min(...heights), Math.max(...heights)];
  const x = (at: number) => ((at - first.at) / Math.max(1, last.at - first.at)) * trace.width;
  const y = (height: number) => 2 + (1 - (height - least) / Math.max(1e-9, greatest - least)) * (trace.height - 4);
  const steps = shown.map(
    ({ at, height }, index) =>
      `${index === 0 ? "M" : "H"}${x(at).toFixed(1)}${index === 0 ? "," : "V"}${y(height).toFixed(1)}`,
  );
  const { width, height } = trace;
  return svg(
    "svg",
    {
      class: "trace",
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": say("trace"),
    },
    svg("path", { d: steps.join("") }),
  );
}

function heightOf(value: SeenValue): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  return typeof value === "object" && value !== null ? value.greatest : null;
}
