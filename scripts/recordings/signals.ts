// The recorded vibration signals and the hard variants made from them (wind, rain, single knocks, other gain), as
// plain arrays at 333 Hz.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

export const rateHz = 333;

/** Root-mean-square of the quiet recordings about their mean, in counts: the unit in which weather is given. */
export const quietCounts = 52;

// The built form lies one folder deeper than the source.
export const root = new URL(import.meta.url.endsWith(".ts") ? "../../" : "../../../", import.meta.url);
const fixtures = new URL("test/fixtures/uverd-mems/", root);
const suffix = ".csv.gz";
/** Joins are faded over this many samples (0.1 s), so that none of them is a knock. */
const fadeSamples = 33;

/** Names of all recordings, for example `mac_far_new_sd_b10`. */
export function recordingNames(): string[] {
  return readdirSync(fixtures)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

/** Where the recording lies on disk. */
export function recordingFile(name: string): string {
  return fileURLToPath(new URL(name + suffix, fixtures));
}

const recordings = new Map<string, readonly number[]>();

/** Magnitude of the acceleration in counts, gravity included. */
export function readRecording(name: string): readonly number[] {
  const known = recordings.get(name) ?? parseRecording(name);
  recordings.set(name, known);
  return known;
}

/** The axes are taken because the file's own magnitude overflows at hard blows. */
function parseRecording(name: string): number[] {
  const [header = "", ...rows] = gunzipSync(readFileSync(recordingFile(name)))
    .toString("utf8")
    .trim()
    .split("\n");
  const axes = ["accel_x", "accel_y", "accel_z"].map((axis) => header.split(",").indexOf(axis));
  return rows.map((row) => {
    const cells = row.split(",");
    return Math.hypot(...axes.map((column) => Number(cells[column])));
  });
}

/** Pieces one after the other, each join faded. */
export function join(...pieces: readonly (readonly number[])[]): number[] {
  const joined: number[] = [];
  for (const piece of pieces) {
    const overlap = Math.min(fadeSamples, joined.length);
    const start = joined.length - overlap;
    for (let i = 0; i < overlap; i += 1) {
      const weight = (i + 1) / (overlap + 1);
      joined[start + i] = (joined[start + i] ?? 0) * (1 - weight) + (piece[i] ?? 0) * weight;
    }
    for (const value of piece.slice(overlap)) joined.push(value);
  }
  return joined;
}

/** Quiet of the wanted length out of the quiet recordings, beginning with the one numbered `first`. */
export function quietFor(seconds: number, first = 0): number[] {
  const files = recordingNames().filter((name) => name.startsWith("non_event"));
  let quiet: number[] = [];
  for (let next = first; quiet.length < seconds * rateHz; next += 1) {
    quiet = join(quiet, readRecording(files[next % files.length] ?? ""));
  }
  return quiet.slice(0, seconds * rateHz);
}

export function scale(signal: readonly number[], gain: number): number[] {
  return signal.map((value) => value * gain);
}

/** `added[i]` on top of the signal from `fromSeconds` on. */
export function add(signal: readonly number[], added: readonly number[], fromSeconds = 0): number[] {
  const from = Math.round(fromSeconds * rateHz);
  return signal.map((value, i) => value + (added[i - from] ?? 0));
}

/** Where recording b16 holds its first blows, each 0.7 s long from quiet to quiet. */
const blowSeconds = [0.4, 1.2, 2.1, 3.05, 4.0];

/** One real blow of a machete without its offset. */
export function knock(index: number): number[] {
  const from = Math.round((blowSeconds[index % blowSeconds.length] ?? 0) * rateHz);
  const piece = readRecording("mac_far_new_sd_b16").slice(from, from + Math.round(0.7 * rateHz));
  const offset = piece.reduce((sum, value) => sum + value, 0) / piece.length;
  return piece.map((value) => value - offset);
}

/** Repeatable numbers, uniform in 0..1. */
function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface Band {
  readonly lowHz: number;
  readonly highHz: number;
}

/** Noise of RMS 1 between two corner frequencies (two poles each). */
export function bandNoise(seconds: number, band: Band, seed: number): number[] {
  const random = randomStream(seed);
  const low = 1 - Math.exp((-2 * Math.PI * band.lowHz) / rateHz);
  const high = 1 - Math.exp((-2 * Math.PI * band.highHz) / rateHz);
  const slow = [0, 0];
  const fast = [0, 0];
  const noise = Array.from({ length: Math.round(seconds * rateHz) }, () => {
    let value = gaussian(random);
    for (const i of [0, 1]) {
      fast[i] = (fast[i] ?? 0) + high * (value - (fast[i] ?? 0));
      value = fast[i] ?? 0;
    }
    for (const i of [0, 1]) {
      slow[i] = (slow[i] ?? 0) + low * (value - (slow[i] ?? 0));
      value -= slow[i] ?? 0;
    }
    return value;
  });
  const rms = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
  return noise.map((value) => value / rms);
}

/** Points of a polygon over time: `[seconds, height]`. */
export type Envelope = readonly (readonly [number, number])[];

export function shape(noise: readonly number[], envelope: Envelope): number[] {
  return noise.map((value, i) => value * heightAt(envelope, i / rateHz));
}

function heightAt(envelope: Envelope, seconds: number): number {
  const after = envelope.findIndex(([time]) => time >= seconds);
  const [t1, h1] = envelope[after < 0 ? envelope.length - 1 : after] ?? [0, 0];
  const [t0, h0] = envelope[Math.max(0, (after < 0 ? envelope.length : after) - 1)] ?? [0, 0];
  return t1 === t0 ? h1 : h0 + ((h1 - h0) * (seconds - t0)) / (t1 - t0);
}

/** Drops that ring for some milliseconds each, `perSecond` of them at random, their height around `height` counts. */
export function rain(seconds: number, drops: { perSecond: number; height: number }, seed: number): number[] {
  const random = randomStream(seed);
  const signal = new Array<number>(Math.round(seconds * rateHz)).fill(0);
  let at = 0;
  while (at < seconds) {
    at += -Math.log(1 - random()) / drops.perSecond;
    const height = -Math.log(1 - random()) * drops.height * (random() < 0.5 ? -1 : 1);
    for (let i = 0; i < 12; i += 1) {
      const index = Math.round(at * rateHz) + i;
      if (index < signal.length) signal[index] = (signal[index] ?? 0) + height * Math.exp(-i / 2) * Math.cos(1.9 * i);
    }
  }
  return signal;
}
