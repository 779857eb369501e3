// What is usual on a fibre, learnt from its frames: the quiet of the place, the wind of the moment, and how restless
// both are. All in natural logarithms, so gain and unit do not matter. Between fibre-frames.ts and vibration-fibre.ts.

/** Until so much has been heard nothing is judged. */
const learnMs = 3000;
/** The wind follower: faster than a gust (seconds), slower than a blow or the start of a saw (tenths of a second). */
const windMs = 1000;
/** How restless the weather is shows over several gusts or drops. */
const restlessMs = 5000;
/** One frame counts as at most twice (or half) the usual, so blows do not pass for background (Huber's estimate). */
const stepMax = Math.log(2);
/** One change from frame to frame counts as at most a factor of four. */
const changeMax = Math.log(4);
/** While somebody is at it the followers nearly stop; not altogether, or a raised gain would be an alarm for ever. */
const struckSlowdown = 4;
/** Where the background itself jumps (rain, buffeting wind), an event must exceed it by so many mean changes. */
const restlessFactor = 3;

export interface Baseline {
  readonly heardMs: number;
  /** The quiet of the place, followed over `baselineMs`. */
  readonly quiet: number;
  /** The present background, followed over `windMs`. */
  readonly wind: number;
  /** Mean absolute change from frame to frame. */
  readonly restless: number;
  /** The last frame. */
  readonly level: number;
}

export const unknownBaseline: Baseline = { heardMs: 0, quiet: 0, wind: 0, restless: 0, level: 0 };

export function isLearning(baseline: Baseline): boolean {
  return baseline.heardMs < learnMs;
}

/** After one more frame of `lengthMs` with the logarithmic `level`; `isStruck`: it belongs to an attack. */
export function hear(
  before: Baseline,
  { level, lengthMs, isStruck }: { readonly level: number; readonly lengthMs: number; readonly isStruck: boolean },
  baselineMs: number,
): Baseline {
  const heardMs = before.heardMs + lengthMs;
  if (before.heardMs === 0) return { heardMs, quiet: level, wind: level, restless: 0, level };
  // Until a follower has heard its whole span it takes the plain average, which learns fastest.
  const share = (spanMs: number) => lengthMs / Math.max(lengthMs, Math.min(spanMs, heardMs));
  const pace = isStruck ? 1 / struckSlowdown : 1;
  const follow = (value: number, spanMs: number) => value + clamp(level - value, stepMax) * share(spanMs) * pace;
  const wind = follow(before.wind, windMs);
  const change = Math.min(Math.abs(level - before.level), changeMax);
  return {
    heardMs,
    wind,
    // Quick to fall: a background below half of it shows that the place is quieter than was thought.
    quiet: Math.min(follow(before.quiet, baselineMs), wind + stepMax),
    restless: before.restless + (change - before.restless) * share(restlessMs),
    level,
  };
}

/**
 * The logarithmic level that an event must exceed: `threshold` times quiet, raised by the wind by at most the factor
 * `windReject`, so that nobody who saws slowly passes for weather.
 */
export function thresholdOf(baseline: Baseline, threshold: number, windReject: number): number {
  const wind = Math.min(Math.max(0, baseline.wind - baseline.quiet), Math.log(Math.max(1, windReject)));
  return baseline.quiet + wind + Math.max(Math.log(threshold), restlessLimitOf(baseline));
}

/** How far above the background, in logarithms, an event must be because of restless weather alone. */
export function restlessLimitOf({ restless }: Baseline): number {
  return restlessFactor * restless;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
