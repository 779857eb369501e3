// What is usual on a fibre, learnt from its frames: the quiet of the place, the wind of the moment, how much both
// scatter. Everything is a natural logarithm of a level, so gain and unit do not matter. Between fibre-frames.ts and
// vibration-fibre.ts.

/** Until so much has been heard nothing is judged. */
const learnMs = 3000;
/** The wind follower: faster than a gust (seconds), slower than a blow or the start of a saw (tenths of a second). */
const windMs = 1000;
/** Scatter is a matter of the weather, so it is followed over several gusts. */
const scatterMs = 5000;
/** One frame counts as at most twice the usual, so blows do not pass for background (Huber's estimate). */
const stepMax = Math.log(2);
/** During activity the followers nearly stop; they do not stop altogether, or a raised gain would be an alarm for ever. */
const activeSlowdown = 4;
/** Where quiet itself jumps about, an event must exceed its mean deviation by this factor. */
const scatterFactor = 3;

export interface Baseline {
  readonly heardMs: number;
  /** Quiet of the place: follows over `baselineMs`. */
  readonly quiet: number;
  /** The present background: follows within about a second. */
  readonly wind: number;
  /** Mean absolute deviation from `wind`. */
  readonly scatter: number;
}

export const unknownBaseline: Baseline = { heardMs: 0, quiet: 0, wind: 0, scatter: 0 };

export function isLearning(baseline: Baseline): boolean {
  return baseline.heardMs < learnMs;
}

/** One frame of `lengthMs` with the logarithmic `level` heard; `isActive` says that it stands out. */
export function hear(
  baseline: Baseline,
  frame: { readonly level: number; readonly lengthMs: number; readonly isActive: boolean },
  baselineMs: number,
): Baseline {
  const heardMs = baseline.heardMs + frame.lengthMs;
  if (baseline.heardMs === 0) return { heardMs, quiet: frame.level, wind: frame.level, scatter: 0 };
  const slowdown = frame.isActive ? activeSlowdown : 1;
  // Until a follower has heard its whole span it takes the plain average, which learns fastest.
  const gain = (spanMs: number) => frame.lengthMs / Math.min(spanMs, heardMs) / slowdown;
  const towards = (value: number, spanMs: number) =>
    value + clamp(frame.level - value, stepMax) * gain(Math.max(spanMs, frame.lengthMs));
  const wind = towards(baseline.wind, windMs);
  const deviation = clamp(Math.abs(frame.level - baseline.wind), 2 * stepMax);
  return {
    heardMs,
    wind,
    // Quick to fall: when the background is less than half, the place is quieter than was thought.
    quiet: Math.min(towards(baseline.quiet, baselineMs), wind + stepMax),
    scatter: baseline.scatter + (deviation - baseline.scatter) * gain(scatterMs),
  };
}

/** The logarithmic level that an event must exceed, from the multiple `threshold` and the share of wind to reject. */
export function thresholdOf(baseline: Baseline, threshold: number, windReject: number): number {
  const wind = Math.max(0, baseline.wind - baseline.quiet) * windReject;
  return baseline.quiet + wind + Math.max(Math.log(threshold), scatterFactor * baseline.scatter);
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
