// The inner view of the vibration fibre: what each frame was measured against and what was made of it. For whoever tunes a
// zone; beside the path, so that judging costs the reaction thread nothing more.
import type { LevelBlock } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import type { FibreSettings } from "../model/zone.js";
import { type Baseline, isLearning, restlessLimitOf } from "./baseline.js";
import type { Frame } from "./fibre-frames.js";
import {
  beginBlock,
  blowHeight,
  type FibreObservation,
  type FibreState,
  limitOf,
  observeFibre,
  observeFrame,
} from "./vibration-fibre.js";

/** Levels in the unit of the source. */
export interface FrameTrace {
  /** Box time of the frame's end. */
  readonly at: MonoMs;
  readonly lengthMs: number;
  readonly level: number;
  /** The adaptive baseline 基线, and the background of the moment that the wind gate follows. */
  readonly baseline: number;
  readonly background: number;
  /** What an event must exceed at this frame. */
  readonly threshold: number;
  readonly isLearning: boolean;
  /** In the dead time after an event. */
  readonly isMasked: boolean;
  readonly isEvent: boolean;
  /** Events that count after this frame. */
  readonly events: number;
  /** How long the present activity has lasted. */
  readonly activeMs: number;
  /** Multiple of the baseline up to which a threshold would make a blow of this frame; 0: it does not come as a blow. */
  readonly strength: number;
  /** Multiple of the baseline of the frame itself, wind gate included. */
  readonly multiple: number;
  /** Multiple that restless weather demands, whatever the threshold. */
  readonly restless: number;
}

export interface BlockTrace {
  readonly observation: FibreObservation;
  readonly frames: readonly FrameTrace[];
}

/** The same judgement as `observeFibre`, with every frame laid open. */
export function traceFibre(before: FibreState, settings: FibreSettings, block: LevelBlock, at: MonoMs): BlockTrace {
  const begun = beginBlock(before, block, at);
  let { state } = begun;
  const frames = begun.frames.map((frame) => {
    const outcome = observeFrame(state, settings, frame);
    const trace = traceOf(state, settings, frame, outcome);
    state = outcome.state;
    return trace;
  });
  return { observation: observeFibre(before, settings, block, at), frames };
}

function traceOf(
  before: FibreState,
  settings: FibreSettings,
  frame: Frame,
  after: { readonly state: FibreState; readonly isEvent: boolean },
): FrameTrace {
  const { baseline, levels } = before;
  const level = Math.log(frame.level);
  const gate = gateOf(baseline, settings);
  return {
    at: before.at - frame.leftMs,
    lengthMs: frame.lengthMs,
    level: frame.level,
    baseline: Math.exp(baseline.quiet),
    background: Math.exp(baseline.wind),
    threshold: Math.exp(limitOf(baseline, settings, settings.threshold)),
    isLearning: isLearning(baseline),
    isMasked: before.maskedMs > 0,
    isEvent: after.isEvent,
    events: after.state.events.length,
    activeMs: after.state.activeMs,
    strength: Math.exp(blowHeight(level, levels, frame.lengthMs) - gate),
    multiple: Math.exp(level - gate),
    restless: Math.exp(restlessLimitOf(baseline)),
  };
}

/** The baseline as the wind gate lifts it: what the threshold is a multiple of. */
function gateOf(baseline: Baseline, { windReject }: FibreSettings): number {
  return limitOf({ ...baseline, restless: 0 }, { windReject, levelFloor: 0 }, 1);
}
