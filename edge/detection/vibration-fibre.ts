// Vibration fibre 振动光纤 from a level signal: frames that stand out from the baseline become events; enough events are a
// cut, activity that does not stop is a climb. Stands between the driver's blocks and the incident.
import type { LevelBlock } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import type { FibreSettings } from "../model/zone.js";
import { type Baseline, hear, isLearning, thresholdOf, unknownBaseline } from "./baseline.js";
import { cutFrames, emptyFrame, type Frame, type PartialFrame } from "./fibre-frames.js";
import type { Look, Moment } from "./look.js";

/** A blow rises by at least this factor within two frames; a gust takes longer. */
const onset = Math.log(2.5);
/** Half the threshold: above it a blow still rings and a saw still runs. */
const release = Math.log(2);
/** A fence rings for longer than a frame, a raindrop does not. Frames at least this long have seen the ringing themselves. */
const ringMsMin = 150;
/** The breath between two strokes of a saw is no end of the activity. */
const pauseMsMax = 250;
/** Silence of the source for longer than this is a gap: the activity before it is over. */
const gapMsMax = 2000;

interface Activity {
  /** How long it has lasted, pauses included; 0 = none. */
  readonly activeMs: number;
  readonly pausedMs: number;
  /** It holds an event: it came abruptly, so it is no wind and the baseline does not follow it. */
  readonly isStruck: boolean;
}

const calm: Activity = { activeMs: 0, pausedMs: 0, isStruck: false };

/** Transient: rebuilt from live samples after a start. */
export interface FibreState extends Activity {
  readonly partial: PartialFrame;
  readonly baseline: Baseline;
  /** Box time of the end of the last block. */
  readonly at: MonoMs;
  /** Logarithmic levels of the last three frames, newest first. */
  readonly levels: readonly [number, number, number];
  /** Dead time left after the last event. */
  readonly maskedMs: number;
  /** Events that still count, fewer than `eventCount`, oldest first. */
  readonly events: readonly MonoMs[];
}

/** `occurredAt`: the event that completes the count of a cut, or the moment at which a climb has lasted long enough. */
export interface FibreDetection extends Moment {
  readonly cause: "fibre-cut" | "fibre-climb";
}

export interface FibreObservation {
  readonly state: FibreState;
  readonly detection?: FibreDetection;
  /** Events have been seen that count, but not enough of them: a pre-alarm. */
  readonly activity: boolean;
  /** Too little has been heard to judge: the zone is not guarded yet. */
  readonly learning: boolean;
  /** The loudest frame of the block (0: it completed none), and what an event must exceed now; unit of the source. */
  readonly level: number;
  readonly threshold: number;
  /** What held the block back; null with a detection. */
  readonly look: Look | null;
}

export function initialFibre(): FibreState {
  return {
    ...calm,
    partial: emptyFrame,
    baseline: unknownBaseline,
    at: Number.NEGATIVE_INFINITY,
    levels: [0, 0, 0],
    maskedMs: 0,
    events: [],
  };
}

/**
 * One block of 10 to 1000 Hz samples or band energies, of any length, scale and offset. `at` is the box time of the
 * block's end. Spans are counted in samples, so jitter of arrival neither stretches nor masks an event. A detection
 * starts the count anew: activity that goes on is told again.
 */
export function observeFibre(
  before: FibreState,
  settings: FibreSettings,
  block: LevelBlock,
  at: MonoMs,
): FibreObservation {
  const { frames, ...begun } = beginBlock(before, block, at);
  let { state } = begun;
  let detection: FibreDetection | undefined;
  let loudest = 0;
  let rank: Rank = "below-threshold";
  for (const frame of frames) {
    const next = observeFrame(state, settings, frame);
    state = next.state;
    detection ??= next.detection;
    loudest = Math.max(loudest, frame.level);
    rank = strongerOf(rank, next.rank);
  }
  const threshold = Math.exp(limitOf(state.baseline, settings, settings.threshold));
  return {
    state,
    ...(detection ? { detection } : {}),
    activity: state.events.length > 0,
    learning: isLearning(state.baseline),
    level: loudest,
    threshold,
    look: detection ? null : lookOf(rank, state, settings, { loudest, threshold }),
  };
}

/** The frames that a block completes, and the state before the first of them. */
export function beginBlock(
  before: FibreState,
  block: LevelBlock,
  at: MonoMs,
): { readonly state: FibreState; readonly frames: readonly Frame[] } {
  const blockMs = (block.values.length * block.periodUs) / 1000;
  const isGap = at - before.at > blockMs + gapMsMax;
  const { frames, partial } = cutFrames(isGap ? emptyFrame : before.partial, block);
  return { state: { ...before, ...(isGap ? calm : {}), at, partial }, frames };
}

/** What held a frame back, weakest first: a block is told by its strongest frame. */
const ranks = ["below-threshold", "learning", "filter-not-passed", "dead-time", "too-few-events"] as const;
type Rank = (typeof ranks)[number];

function strongerOf(one: Rank, other: Rank): Rank {
  return ranks.indexOf(other) > ranks.indexOf(one) ? other : one;
}

function lookOf(
  rank: Rank,
  state: FibreState,
  settings: FibreSettings,
  { loudest, threshold }: { readonly loudest: number; readonly threshold: number },
): Look {
  switch (rank) {
    case "too-few-events":
      return { verdict: rank, seen: state.events.length, limit: settings.eventCount };
    case "filter-not-passed":
      return { verdict: rank, seen: state.activeMs, limit: settings.sustainedMs };
    case "below-threshold":
    case "learning":
    case "dead-time":
      return { verdict: rank, seen: loudest, limit: threshold };
  }
}

interface Outcome {
  readonly state: FibreState;
  readonly rank: Rank;
  /** It is a blow that counts. */
  readonly isEvent: boolean;
  readonly detection?: FibreDetection;
}

/** One frame of the block that `state` stands in. */
export function observeFrame(state: FibreState, settings: FibreSettings, frame: Frame): Outcome {
  const { lengthMs } = frame;
  const level = Math.log(frame.level);
  const learning = isLearning(state.baseline);
  const limit = learning ? Number.POSITIVE_INFINITY : limitOf(state.baseline, settings, settings.threshold);
  const climbLimit = learning
    ? limit
    : limitOf(state.baseline, settings, settings.climbThreshold ?? settings.threshold);
  const isMasked = state.maskedMs > 0;
  const isEvent = !isMasked && blowHeight(level, state.levels, lengthMs) > limit;
  const activity = activityAfter(state, {
    isActive: level > climbLimit,
    isOn: level > climbLimit - release,
    isEvent,
    lengthMs,
  });
  const heard = { level, lengthMs, isStruck: activity.isStruck && level > limit };
  const next: FibreState = {
    ...state,
    ...activity,
    // A source that stands still says nothing of the quiet around it.
    baseline: frame.isFlat && !learning ? state.baseline : hear(state.baseline, heard, settings.baselineMs),
    levels: [level, state.levels[0], state.levels[1]],
    maskedMs: isEvent ? settings.maskMs : state.maskedMs - lengthMs,
  };
  return {
    isEvent,
    rank: rankOf({ learning, isEvent, isLoud: level > Math.min(limit, climbLimit), isMasked }),
    ...judge(next, settings, { at: state.at - frame.leftMs, isEvent }),
  };
}

function rankOf(frame: {
  readonly learning: boolean;
  readonly isEvent: boolean;
  readonly isLoud: boolean;
  readonly isMasked: boolean;
}): Rank {
  if (frame.learning) return "learning";
  if (frame.isEvent) return "too-few-events";
  if (!frame.isLoud) return "below-threshold";
  return frame.isMasked ? "dead-time" : "filter-not-passed";
}

/** The logarithmic level that an event must exceed. */
export function limitOf(
  baseline: Baseline,
  { windReject, levelFloor }: Pick<FibreSettings, "windReject" | "levelFloor">,
  threshold: number,
): number {
  return Math.max(thresholdOf(baseline, threshold, windReject), Math.log(levelFloor));
}

/**
 * The logarithmic level up to which a limit makes this frame a blow: the frame before this one (this one, when frames are
 * long) rises at once, and it rings. Minus infinity when it is none.
 */
export function blowHeight(level: number, [last, second, third]: FibreState["levels"], lengthMs: number): number {
  if (lengthMs >= ringMsMin) return level - Math.min(last, second) >= onset ? level : Number.NEGATIVE_INFINITY;
  return last - Math.min(second, third) >= onset ? Math.min(last, level + release) : Number.NEGATIVE_INFINITY;
}

function activityAfter(
  before: Activity,
  frame: { readonly isActive: boolean; readonly isOn: boolean; readonly isEvent: boolean; readonly lengthMs: number },
): Activity {
  if (before.activeMs === 0 && !frame.isActive) return calm;
  const pausedMs = frame.isOn ? 0 : before.pausedMs + frame.lengthMs;
  if (pausedMs > pauseMsMax) return calm;
  return { activeMs: before.activeMs + frame.lengthMs, pausedMs, isStruck: before.isStruck || frame.isEvent };
}

function judge(
  state: FibreState,
  { eventCount, eventWindowMs, maskMs, sustainedMs }: FibreSettings,
  { at, isEvent }: { readonly at: MonoMs; readonly isEvent: boolean },
): Omit<Outcome, "rank" | "isEvent"> {
  const counting = state.events.filter((event) => at - event <= eventWindowMs);
  const events = isEvent ? [...counting, at] : counting;
  const isCut = events.length >= eventCount;
  if (!isCut && state.activeMs < sustainedMs) return { state: { ...state, events } };
  const firstActivityAt = Math.min(events[0] ?? at, at - state.activeMs);
  return {
    state: { ...state, events: [], activeMs: 0, pausedMs: 0, maskedMs: maskMs },
    detection: { cause: isCut ? "fibre-cut" : "fibre-climb", firstActivityAt, occurredAt: at },
  };
}
