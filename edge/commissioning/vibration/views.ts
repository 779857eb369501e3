// What the box's HTTP tells of vibration fibres, short enough for a phone. Pure.
import type { Trouble } from "../../model/error.js";
import type { MonoMs } from "../../model/time.js";
import type { FibreSettings } from "../../model/zone.js";
import type { VibrationReply } from "../questions/vibration.js";
import type { Running } from "./job.js";
import type { Recording, RecordingHead, StoredRecording } from "./recording.js";
import { type BlockView, type Replay, replay, viewBlocks } from "./replay.js";
import type { Suggestion } from "./suggest.js";

export const viewLimits = {
  /** Blocks in one drawing; of more, neighbours are told as one. */
  blocks: 1_200,
} as const;

export interface VibrationView extends Omit<VibrationReply, "run"> {
  /** Those that ended since what was asked for, oldest first. */
  readonly blocks: readonly BlockView[];
}

export interface RecordingsView {
  readonly recordings: readonly StoredRecording[];
  readonly running: Running | null;
  /** Why the last one was not kept; null: it was. */
  readonly lost: Trouble | null;
}

export interface SuggestionView extends Suggestion {
  readonly zone: string;
  /** On which it rests. */
  readonly recordings: readonly string[];
  readonly present: FibreSettings;
}

/** One side of a comparison. */
export interface ReplayView extends Replay {
  readonly settings: FibreSettings;
}

export interface WhatIfView {
  readonly recording: RecordingHead;
  readonly before: ReplayView;
  readonly after: ReplayView;
}

export function vibrationView({ run, ...told }: VibrationReply): VibrationView {
  return { ...told, blocks: run === null ? [] : thinned(viewBlocks(run)) };
}

/** `before`: as it was set when it was recorded. */
export function whatIfView(recording: Recording, settings: FibreSettings): WhatIfView {
  const side = (each: FibreSettings): ReplayView => {
    const { blocks, ...told } = replay(recording, each);
    return { settings: each, ...told, blocks: thinned(blocks) };
  };
  return { recording: recording.head, before: side(recording.head.settings), after: side(settings) };
}

/** Neighbours joined until there are no more than may be, and numbers as exact as a drawing needs. */
export function thinned(blocks: readonly BlockView[], max: number = viewLimits.blocks): readonly BlockView[] {
  const size = Math.ceil(blocks.length / max);
  const groups = Array.from({ length: Math.ceil(blocks.length / Math.max(1, size)) }, (_, index) =>
    blocks.slice(index * size, (index + 1) * size),
  );
  return groups.flatMap((group) => {
    const last = group.at(-1);
    return last === undefined ? [] : [short(group.reduce(joined), last.at)];
  });
}

function joined(one: BlockView, other: BlockView): BlockView {
  const loud = other.level > one.level ? other : one;
  return {
    ...loud,
    events: [...one.events, ...other.events],
    counted: other.counted,
    activeMs: Math.max(one.activeMs, other.activeMs),
    isMasked: one.isMasked || other.isMasked,
    isLearning: one.isLearning || other.isLearning,
    alarm: one.alarm ?? other.alarm,
  };
}

const digits = 5;

function short(block: BlockView, at: MonoMs): BlockView {
  const exact = (value: number) => Number(value.toPrecision(digits));
  const { level, baseline, background, threshold } = block;
  return {
    ...block,
    at,
    level: exact(level),
    baseline: exact(baseline),
    background: exact(background),
    threshold: exact(threshold),
    activeMs: Math.round(block.activeMs),
  };
}
