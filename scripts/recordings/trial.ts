// Plays the recordings and the hard variants made from them through the pure core of the live path, block by block on
// a virtual clock, always with the settings of config/office.yaml. Gives the outcomes to recordings.ts and the tests.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Moment } from "../../edge/detection/look.js";
import { type FibreDetection, initialFibre, observeFibre } from "../../edge/detection/vibration-fibre.js";
import type { Cause } from "../../edge/model/incident.js";
import type { Site } from "../../edge/model/site.js";
import type { FibreSettings } from "../../edge/model/zone.js";
import {
  add,
  type Band,
  bandNoise,
  type Envelope,
  join,
  knock,
  quietCounts,
  quietFor,
  rain,
  rateHz,
  readRecording,
  root,
  scale,
  shape,
} from "./signals.js";

/** The join lets the recording begin a little inside the quiet. */
const fadeMs = 100;
/** Each recording is played after so much quiet. */
export const quietSeconds = 60;
/** Where the recording begins in what `recorded` gives. */
export const recordingAtMs = quietSeconds * 1000 - fadeMs;
/** No cut that a signal shows: whatever these give is reported, nothing is tuned to them. */
export const unclear: readonly string[] = ["chain_far_new_sd_c33", "chain_far_new_sd_c34", "mac_far_new_sd_b9"];

export interface Trial {
  readonly detections: readonly FibreDetection[];
  /** How often first events were seen. */
  readonly preAlarms: number;
}

/** How a source cuts the signal into blocks. `skipped`: samples before the first that is heard; shifts all frames. */
export interface Blocks {
  readonly samples: number;
  readonly skipped?: number;
}

/** Samples in a frame of the detector: where its frames fall in the signal is chance, one of so many. */
const framePhases = 27;

const liveBlocks: Blocks = { samples: 83 };

export function officeSite(): Site {
  return parse(readFileSync(new URL("config/office.yaml", root), "utf8")) as Site;
}

export function officeSettings(): FibreSettings {
  for (const zone of officeSite().edges.flatMap((edge) => edge.zones)) {
    if (zone.kind === "vibration-fibre") return zone.settings;
  }
  throw new Error("config/office.yaml has no vibration fibre");
}

/** What the detector makes of a signal of 333 Hz that begins at box time 0. */
export function play(signal: readonly number[], settings: FibreSettings, blocks: Blocks = liveBlocks): Trial {
  const detections: FibreDetection[] = [];
  let preAlarms = 0;
  let wasActive = false;
  let state = initialFibre();
  for (let start = blocks.skipped ?? 0; start < signal.length; ) {
    const values = signal.slice(start, start + blocks.samples);
    const block = { t0: (start * 1000) / rateHz, periodUs: 1e6 / rateHz, values };
    start += values.length;
    const seen = observeFibre(state, settings, block, (start * 1000) / rateHz);
    if (seen.detection) detections.push(seen.detection);
    if (seen.activity && !wasActive) preAlarms += 1;
    wasActive = seen.activity;
    state = seen.state;
  }
  return { detections, preAlarms };
}

/** The same with the detector's frames in every place that chance may give them. */
export function playPhases(signal: readonly number[], settings: FibreSettings): Trial[] {
  return Array.from({ length: framePhases }, (_, skipped) => play(signal, settings, { ...liveBlocks, skipped }));
}

export interface Verdict {
  /** What the first detection after the quiet is told as; null when there is none. */
  readonly cause: Cause | null;
  /** Box time of the first detection after the quiet, in ms from the recording's start; null when there is none. */
  readonly detectedMs: number | null;
  /** From the first activity to that detection. */
  readonly tookMs: number;
  /** Alarms in the quiet before. */
  readonly falseAlarms: number;
}

/** Judges the detections on a recording that was played after so much quiet. */
export function verdictOf(
  { detections }: { readonly detections: readonly Moment[] },
  quietMs = recordingAtMs,
): Verdict {
  const falseAlarms = detections.filter((each) => each.occurredAt < quietMs).length;
  const first = detections.find((each) => each.occurredAt >= quietMs);
  return {
    cause: first?.cause ?? null,
    detectedMs: first ? first.occurredAt - quietMs : null,
    tookMs: first ? first.occurredAt - first.firstActivityAt : 0,
    falseAlarms,
  };
}

/** What is done to a recording with its quiet. */
export type Weather = "plain" | "gain x0.1" | "wind" | "rain" | "knocks";
export const weathers: readonly Weather[] = ["plain", "gain x0.1", "wind", "rain", "knocks"];

/** A recording after its quiet: in weather that sets in 40 s before it, or after single knocks. */
export function recorded(name: string, weather: Weather, seed = 1): number[] {
  const signal = join(quietFor(quietSeconds), readRecording(name));
  const seconds = signal.length / rateHz;
  switch (weather) {
    case "plain":
      return signal;
    case "gain x0.1":
      return scale(signal, 0.1);
    case "wind":
      return add(signal, wind(seconds, gustyWind, seed));
    case "rain":
      return add(signal, shape(rain(seconds, { perSecond: 40, height: 5 * quietCounts }, seed), settingIn));
    case "knocks":
      return add(add(signal, knock(seed), 20), knock(seed + 1), 40);
  }
}

const settingIn: Envelope = [
  [20, 0],
  [30, 1],
];
/** Multiples of the quiet over seconds. */
const gustyWind: Envelope = [
  [20, 0],
  [40, 5],
  [50, 2],
  [51.5, 6],
  [54, 3],
  [60, 5],
  [61.5, 2],
  [63.5, 6],
  [72, 4],
];

const swaying: Band = { lowHz: 1, highHz: 15 };

function wind(seconds: number, timesQuiet: Envelope, seed: number, band = swaying): number[] {
  return scale(shape(bandNoise(seconds, band, seed), timesQuiet), quietCounts);
}

/** 120 s without an attack. `beyond`: harder than the detector promises to bear; reported, not asserted. */
export interface Quiet {
  readonly name: string;
  readonly beyond?: true;
  signal(seed: number): number[];
}

const longSeconds = 120;
const quiet = (seed = 0) => quietFor(longSeconds, seed);
const inWind = (seed: number, timesQuiet: Envelope, band?: Band) =>
  add(quiet(seed), wind(longSeconds, timesQuiet, seed, band));
const inRain = (seed: number, perSecond: number, timesQuiet: number) =>
  add(quiet(seed), shape(rain(longSeconds, { perSecond, height: timesQuiet * quietCounts }, seed), settingIn));
const knocked = (signal: readonly number[], seed: number) => add(add(signal, knock(seed), 50), knock(seed + 1), 70);

/** Gusts that rise within a second and die within two, at irregular times. */
function gusts(timesQuiet: number): Envelope {
  const starts = [20, 24, 28, 40, 43, 46, 49, 60, 70, 73];
  return starts.flatMap(
    (at): Envelope => [
      [at, 0],
      [at + 1, timesQuiet],
      [at + 3, 0],
    ],
  );
}

const rise = (from: number, to: number, timesQuiet: number): Envelope => [
  [from, 0],
  [to, timesQuiet],
  [100, timesQuiet],
  [110, 0],
];

/** The quiet signal about its mean, made louder by a factor over time. */
function louder(signal: readonly number[], factors: Envelope): number[] {
  const mean = signal.reduce((sum, value) => sum + value, 0) / signal.length;
  const waves = shape(
    signal.map((value) => value - mean),
    factors,
  );
  return waves.map((value) => value + mean);
}

const swells: Envelope = [
  [20, 1],
  [40, 4],
  [60, 4],
  [62, 1],
  [64, 4],
  [70, 1],
  [71, 4],
  [73, 1],
];

const jump = (factor: number): Envelope => [
  [40, 1],
  [40.01, factor],
];

export const quiets: readonly Quiet[] = [
  { name: "quiet", signal: quiet },
  { name: "wind that rises over 20 s to 6 x quiet", signal: (seed) => inWind(seed, rise(20, 40, 6)) },
  { name: "wind that rises over 20 s to 10 x quiet", signal: (seed) => inWind(seed, rise(20, 40, 10)) },
  { name: "wind that rises over 5 s to 6 x quiet", signal: (seed) => inWind(seed, rise(20, 25, 6)) },
  { name: "gusts of a second to 6 x quiet", signal: (seed) => inWind(seed, gusts(6)) },
  {
    name: "gusts of a second to 6 x quiet, broadband",
    signal: (seed) => inWind(seed, gusts(6), { lowHz: 5, highHz: 80 }),
  },
  { name: "the whole level swells to 4 x quiet", signal: (seed) => louder(quiet(seed), swells) },
  { name: "drizzle, 100 drops a second of 3 x quiet", signal: (seed) => inRain(seed, 100, 3) },
  { name: "rain, 40 drops a second of 5 x quiet", signal: (seed) => inRain(seed, 40, 5) },
  { name: "dripping, 5 drops a second of 5 x quiet", signal: (seed) => inRain(seed, 5, 5) },
  { name: "a single knock", signal: (seed) => add(quiet(seed), knock(seed), 50) },
  { name: "two single knocks 20 s apart", signal: (seed) => knocked(quiet(seed), seed) },
  { name: "two single knocks in wind", signal: (seed) => knocked(inWind(seed, rise(20, 40, 6)), seed) },
  { name: "two single knocks in rain", signal: (seed) => knocked(inRain(seed, 40, 5), seed) },
  {
    name: "the sensor tilts",
    signal: (seed) => quiet(seed).map((value, i) => (i < 40 * rateHz ? value : value + 3000)),
  },
  { name: "the gain jumps to 3 x", signal: (seed) => louder(quiet(seed), jump(3)) },
  { name: "gusts of a second to 12 x quiet", beyond: true, signal: (seed) => inWind(seed, gusts(12)) },
  { name: "heavy drops, 5 a second of 20 x quiet", beyond: true, signal: (seed) => inRain(seed, 5, 20) },
  { name: "the gain jumps to 10 x", beyond: true, signal: (seed) => louder(quiet(seed), jump(10)) },
];
