// Blows in a recording: where they are, how strong the softest is, how fast they follow each other and how long they ring. Pure;
// for suggest.ts.
import type { FrameTrace } from "../../detection/fibre-trace.js";

/** What is closer together is one blow and its rebound. */
const apartMs = 400;

export interface Peak {
  readonly at: number;
  readonly strength: number;
  /** The blow's frames up to the next one, for its ringing. */
  readonly frames: readonly FrameTrace[];
}

/**
 * The loudest of a background as a multiple of the baseline, at least 1: in wind what came as a blow, for gusts that swell are
 * none; in quiet whatever there is, because so little of a place's quiet is ever recorded.
 */
export function loudestOf({ quiet, wind }: Readonly<Record<"quiet" | "wind", readonly FrameTrace[]>>): number {
  const loudest = quiet.reduce((most, { multiple }) => Math.max(most, multiple), 1);
  return wind.reduce((most, { strength }) => Math.max(most, strength), loudest);
}

/** What rises above the baseline like a blow, in order of time; the strongest of those that are close together. */
export function peaksIn(frames: readonly FrameTrace[]): readonly Peak[] {
  const rising = frames.filter(({ strength }) => strength > 1).sort((a, b) => b.strength - a.strength);
  const peaks: FrameTrace[] = [];
  for (const frame of rising) if (peaks.every(({ at }) => Math.abs(at - frame.at) > apartMs)) peaks.push(frame);
  const ordered = peaks.sort((a, b) => a.at - b.at);
  return ordered.map(({ at, strength }, index) => {
    const next = ordered[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return { at, strength, frames: frames.filter((frame) => frame.at >= at && frame.at < next - apartMs / 2) };
  });
}

export interface Tapped {
  /** How many the person has counted; null: he has not. */
  readonly counted: number | null;
  readonly peaks: readonly Peak[];
}

export interface Split {
  /** Blows of each recording, in order of time. */
  readonly blows: readonly (readonly Peak[])[];
  readonly softest: number;
  /** The strongest that is no blow. */
  readonly lower: number;
}

/**
 * Parts blows from what is none. Where they were counted the strongest are taken; else as many as stand out from the rest and
 * from the background. Null when they do not.
 */
export function blowsAbove(
  tapped: readonly Tapped[],
  loudest: number,
  { blowsMin, separationMin }: { readonly blowsMin: number; readonly separationMin: number },
): Split | null {
  const counted = tapped.flatMap(({ counted: many, peaks }) => (many === null ? [] : [strongest(peaks, many)]));
  const isShort = tapped.some(({ counted: many, peaks }) => many !== null && peaks.length < many);
  if (isShort) return null;
  const softestCounted = Math.min(...counted.flat().map(({ strength }) => strength));
  const open = tapped.filter(({ counted: many }) => many === null).flatMap(({ peaks }) => peaks);
  const limits = [...open.map(({ strength }) => strength), softestCounted]
    .filter((strength) => strength > loudest && strength <= softestCounted && Number.isFinite(strength))
    .sort((a, b) => a - b);
  for (const softest of limits) {
    const below = open.map(({ strength }) => strength).filter((strength) => strength < softest);
    const lower = Math.max(loudest, ...below);
    const blows = tapped
      .map(({ counted: many, peaks }) =>
        many === null ? peaks.filter(({ strength }) => strength >= softest) : strongest(peaks, many),
      )
      .filter((each) => each.length > 0);
    const count = blows.reduce((sum, each) => sum + each.length, 0);
    if (softest / lower >= separationMin && count >= blowsMin) return { blows, softest, lower };
  }
  return null;
}

function strongest(peaks: readonly Peak[], count: number): readonly Peak[] {
  const limit = peaks.map(({ strength }) => strength).sort((a, b) => b - a)[count - 1] ?? 0;
  return peaks.filter(({ strength }) => strength >= limit);
}

export interface Rhythm {
  readonly count: number;
  /** Longest and shortest time between two blows; 0 and infinity where there is one. */
  readonly slowestMs: number;
  readonly quickestMs: number;
  /** After the blow something still came above the threshold as if it were another. */
  readonly ringMs: number;
}

export function rhythmOf(blows: readonly Peak[], threshold: number): Rhythm {
  const gaps = blows.slice(1).map(({ at }, index) => at - (blows[index]?.at ?? at));
  const rings = blows.map(({ at, frames }) => {
    const last = frames.findLast(({ strength }) => strength > threshold);
    return last === undefined ? 0 : last.at - at + last.lengthMs;
  });
  return {
    count: blows.length,
    slowestMs: Math.max(0, ...gaps),
    quickestMs: Math.min(Number.POSITIVE_INFINITY, ...gaps),
    ringMs: Math.max(0, ...rings),
  };
}
