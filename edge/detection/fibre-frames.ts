// Cuts the blocks of a vibration level into short frames of one length, whatever the block length, and measures how
// strongly each moves. First stage of the vibration fibre, before baseline.ts.
import type { LevelBlock } from "../model/point.js";

/** Short enough to part two blows, long enough that the quiet of a fence looks steady. */
const frameMs = 80;
/** A slow source (band energies at 10 Hz) gets longer frames: the scatter of fewer samples says nothing. */
const frameSamplesMin = 4;
/** Scatter below this part of the mean is rounding of the source's numbers, not vibration. */
const resolution = 1e-7;

/** The samples since the last whole frame: count, mean and sum of squared deviations from it (Welford). */
export interface PartialFrame {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

export const emptyFrame: PartialFrame = { count: 0, mean: 0, squares: 0 };

/** `level` is the standard deviation in the unit of the source; `leftMs` lies between the frame's and the block's end. */
export interface Frame {
  readonly level: number;
  readonly isFlat: boolean;
  readonly lengthMs: number;
  readonly leftMs: number;
}

/**
 * The frames that `block` completes, and the rest for the next one. Each frame is measured about its own mean, so what
 * is slower (gravity, tilt, drift of the fibre's phase, the sway of a fence) drops out and no scale is assumed.
 */
export function cutFrames(partial: PartialFrame, block: LevelBlock): { frames: Frame[]; partial: PartialFrame } {
  const periodMs = block.periodUs / 1000;
  const samples = Math.max(frameSamplesMin, Math.round(frameMs / periodMs));
  const frames: Frame[] = [];
  let { count, mean, squares } = partial;
  for (const [index, value] of block.values.entries()) {
    // One infinite number would make the baseline unknown for ever.
    if (!Number.isFinite(value)) continue;
    count += 1;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
    if (count < samples) continue;
    const scatter = Math.sqrt(squares / count);
    const least = Math.max(Number.MIN_VALUE, Math.abs(mean) * resolution);
    frames.push({
      level: Math.max(scatter, least),
      isFlat: scatter <= least,
      lengthMs: count * periodMs,
      leftMs: (block.values.length - 1 - index) * periodMs,
    });
    count = 0;
    mean = 0;
    squares = 0;
  }
  return { frames, partial: { count, mean, squares } };
}
