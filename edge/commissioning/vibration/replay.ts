// What if: a recording played to the production detector under other settings, with every event, alarm and what held the rest
// back. Pure; for the HTTP's own thread, never the reaction thread.
import { type FrameTrace, traceFibre } from "../../detection/fibre-trace.js";
import type { FibreDetection } from "../../detection/vibration-fibre.js";
import type { Verdict } from "../../model/state.js";
import type { MonoMs } from "../../model/time.js";
import type { FibreSettings } from "../../model/zone.js";
import type { BlockRun } from "./block-book.js";

/** One block as it is drawn. Times are monotonic, levels in the unit of the source. */
export interface BlockView {
  readonly at: MonoMs;
  /** The loudest frame, and what it was measured against. */
  readonly level: number;
  readonly baseline: number;
  readonly background: number;
  readonly threshold: number;
  /** The events that it brought. */
  readonly events: readonly MonoMs[];
  /** Events that count at its end. */
  readonly counted: number;
  readonly activeMs: number;
  readonly isMasked: boolean;
  readonly isLearning: boolean;
  /** What held it back; null with an alarm. */
  readonly verdict: Verdict | null;
  readonly alarm: FibreDetection | null;
}

export interface Replay {
  readonly events: readonly MonoMs[];
  readonly alarms: readonly FibreDetection[];
  /** How many blocks each rule held back. */
  readonly heldBack: Readonly<Partial<Record<Verdict, number>>>;
  readonly blocks: readonly BlockView[];
}

/** A run whose settings were those of `settings`; by the detector that guards. */
export function replay(run: Pick<BlockRun, "start" | "blocks">, settings: FibreSettings): Replay {
  const blocks = viewBlocks({ ...run, settings });
  const heldBack: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of blocks) if (verdict !== null) heldBack[verdict] = (heldBack[verdict] ?? 0) + 1;
  return {
    events: blocks.flatMap(({ events }) => events),
    alarms: blocks.flatMap(({ alarm }) => alarm ?? []),
    heldBack,
    blocks,
  };
}

/** Every frame of a run. */
export function framesOf({ start, settings, blocks }: BlockRun): readonly FrameTrace[] {
  let state = start;
  return blocks.flatMap(({ at, block }) => {
    const { observation, frames } = traceFibre(state, settings, block, at);
    ({ state } = observation);
    return frames;
  });
}

/** Blocks too short for a frame of their own are shown with the next. */
export function viewBlocks({ start, settings, blocks }: BlockRun): readonly BlockView[] {
  let state = start;
  return blocks.flatMap(({ at, block }) => {
    const { observation, frames } = traceFibre(state, settings, block, at);
    ({ state } = observation);
    const [first, ...others] = frames;
    if (first === undefined) return [];
    const loudest = others.reduce((most, frame) => (frame.level > most.level ? frame : most), first);
    return {
      at,
      level: loudest.level,
      // Nothing is usual before the first frame.
      baseline: loudest.isLearning ? Math.exp(state.baseline.quiet) : loudest.baseline,
      background: loudest.isLearning ? Math.exp(state.baseline.wind) : loudest.background,
      threshold: loudest.isLearning ? observation.threshold : loudest.threshold,
      events: frames.filter(({ isEvent }) => isEvent).map((frame) => frame.at),
      counted: state.events.length,
      activeMs: state.activeMs,
      isMasked: frames.some(({ isMasked }) => isMasked),
      isLearning: observation.learning,
      verdict: observation.look?.verdict ?? null,
      alarm: observation.detection ?? null,
    };
  });
}
