// A vibration fibre's level signal: seeded quiet noise with what happens at the fence laid over it, or a recording in its place.
import { type RandomStream, randomStream } from "./random.js";

/** cut and climb are intruders; wind, rain and knocks are what must not alarm. */
export const disturbances = ["cut", "climb", "wind", "rain", "knocks"] as const;
export type Disturbance = (typeof disturbances)[number];

/** What goes on at the fence since `from` (plant time, ms). */
export interface Activity {
  readonly kind: Disturbance;
  readonly from: number;
}

export interface Fibre {
  /** The processor sees the fibre's end gone: it says so and has no signal to send. */
  readonly broken: boolean;
  /** The processor has hung: it stays connected and says nothing. */
  readonly silent: boolean;
  /** Factor on the whole signal, 1 = as recorded. */
  readonly gain: number;
  readonly activities: readonly Activity[];
  /** Played sample by sample in place of the synthetic signal from `from` on. */
  readonly recording: { readonly values: readonly number[]; readonly from: number } | null;
}

export const restingFibre: Fibre = { broken: false, silent: false, gain: 1, activities: [], recording: null };

/** A stretch of samples: `values[i]` was taken at `t0 + i * periodUs / 1000` (ms). */
export interface LevelBlock {
  readonly t0: number;
  readonly periodUs: number;
  readonly values: readonly number[];
}

/** Where sampling stands: the plant time of the next sample and the state of the noise. */
export interface Sampler {
  readonly nextAt: number;
  readonly seed: number;
}

/** Quiet of the uverd-mems recordings (accel_mag of the non_event files): white, this mean and deviation. */
export const quietMean = 17_117;
export const quietDeviation = 53;

const strokeAts = [0, 700, 1_450, 2_200, 3_000, 3_700, 4_500];
const strokeAmplitude = 6_000;
const strokeDecayMs = 40;
const knockAts = [3_000, 23_000, 43_000];
const knockDecayMs = 20;
const climbMs = 6_000;
const climbAmplitude = 900;
const windRampMs = 6_000;
const windMs = 40_000;
const windAmplitude = 160;
const rainRampMs = 4_000;
const rainMs = 60_000;
const rainAmplitude = 300;
const rainDropsPerSample = 0.06;

/** How long each kind goes on, ms. */
export const disturbanceMs: Record<Disturbance, number> = {
  cut: 5_000,
  climb: climbMs,
  wind: windMs,
  rain: rainMs,
  knocks: 44_000,
};

function blow(ages: readonly number[], atMs: number, decayMs: number): number {
  const last = ages.findLast((strokeAt) => strokeAt <= atMs);
  return last === undefined ? 0 : Math.exp(-(atMs - last) / decayMs);
}

function ramp(atMs: number, rampMs: number, lastsMs: number): number {
  return Math.max(0, Math.min(1, atMs / rampMs, (lastsMs - atMs) / rampMs));
}

/** What `kind` adds to the level `atMs` after it began. */
function disturbance(kind: Disturbance, atMs: number, random: RandomStream): number {
  switch (kind) {
    case "cut":
      return strokeAmplitude * blow(strokeAts, atMs, strokeDecayMs) * random.gauss();
    case "climb":
      return climbAmplitude * (1 + 0.4 * Math.sin(atMs / 80)) * random.gauss();
    case "wind":
      return windAmplitude * ramp(atMs, windRampMs, windMs) * (1 + 0.3 * Math.sin(atMs / 900)) * random.gauss();
    case "rain":
      return random.next() < rainDropsPerSample ? rainAmplitude * ramp(atMs, rainRampMs, rainMs) * random.gauss() : 0;
    case "knocks":
      return strokeAmplitude * blow(knockAts, atMs, knockDecayMs) * random.gauss();
  }
}

interface Taking {
  readonly at: number;
  /** Index into the recording, negative before it begins. */
  readonly played: number;
}

function sampleOf(fibre: Fibre, taking: Taking, random: RandomStream): number {
  const recorded = fibre.recording?.values[taking.played];
  const base = recorded ?? quietMean + quietDeviation * random.gauss();
  const added = fibre.activities
    .filter((activity) => taking.at >= activity.from && taking.at - activity.from < disturbanceMs[activity.kind])
    .reduce((sum, activity) => sum + disturbance(activity.kind, taking.at - activity.from, random), 0);
  return Math.round((base + added) * fibre.gain * 100) / 100;
}

/** The samples from where `sampler` stands up to `until` (plant time, ms), and the sampler that goes on behind them. */
export function takeLevel(
  fibre: Fibre,
  sampler: Sampler,
  periodUs: number,
  until: number,
): { readonly block: LevelBlock; readonly sampler: Sampler } {
  const periodMs = periodUs / 1_000;
  const count = Math.max(0, Math.floor((until - sampler.nextAt) / periodMs));
  const random = randomStream(sampler.seed);
  const from = fibre.recording?.from ?? 0;
  const values = Array.from({ length: count }, (_, index) => {
    const at = sampler.nextAt + index * periodMs;
    return sampleOf(fibre, { at, played: Math.round((at - from) / periodMs) }, random);
  });
  return {
    block: { t0: sampler.nextAt, periodUs, values },
    sampler: { nextAt: sampler.nextAt + count * periodMs, seed: random.state() },
  };
}

/** Forgets what is over, so that a long-lived plant does not grow. */
export function settleFibre(fibre: Fibre, periodUs: number, now: number): Fibre {
  const activities = fibre.activities.filter((activity) => now - activity.from < disturbanceMs[activity.kind]);
  const { recording } = fibre;
  const playing = recording !== null && now - recording.from < (recording.values.length * periodUs) / 1_000 + 1_000;
  if (activities.length === fibre.activities.length && playing === (recording !== null)) return fibre;
  return { ...fibre, activities, recording: playing ? recording : null };
}
