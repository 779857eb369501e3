// Vibration fibre 振动光纤 from a level signal: frames that stand out from the baseline become events, counted events or
// sustained activity become a detection. Stands between the driver's blocks and the incident.
import type { LevelBlock } from "../model/point.js";
import type { FibreSettings } from "../model/site.js";
import type { MonoMs } from "../model/time.js";
import { type Baseline, hear, isLearning, thresholdOf, unknownBaseline } from "./baseline.js";
import { cutFrames, emptyFrame, type Frame, type PartialFrame } from "./fibre-frames.js";

/** A blow rises by at least this factor within two frames; a gust takes longer. */
const onset = Math.log(2.5);
/** Activity goes on until the level has fallen to half the threshold ... */
const release = Math.log(2);
/** ... and stayed there for longer than the breath between two strokes of a saw. */
const pauseMsMax = 250;
/** Silence of the source for longer than this is a gap: what was going on before it is over. */
const gapMsMax = 2000;

/** Transient: rebuilt from live samples after a start. Logarithms of levels, except where the name says otherwise. */
export interface FibreState {
  readonly partial: PartialFrame;
  readonly baseline: Baseline;
  /** Box time of the end of the last block. */
  readonly at: MonoMs;
  readonly level: number;
  readonly levelBefore: number;
  /** Dead time left after the last event. */
  readonly maskedMs: number;
  readonly activeMs: number;
  readonly pausedMs: number;
  /** Events that still count, at most `eventCount`, oldest first. */
  readonly events: readonly MonoMs[];
}

export interface FibreDetection {
  readonly kind: "cut-or-climb";
  readonly firstActivityAt: MonoMs;
  /** The event that completes the count, or the moment at which the activity has lasted long enough. */
  readonly occurredAt: MonoMs;
}

export interface FibreObservation {
  readonly state: FibreState;
  readonly detection?: FibreDetection;
  /** Events that count have been seen: a pre-alarm. */
  readonly activity: boolean;
  /** Nothing is judged yet. */
  readonly learning: boolean;
  /** Of the last frame, and what it had to exceed; unit of the source. */
  readonly level: number;
  readonly threshold: number;
}

export function initialFibre(): FibreState {
  return {
    partial: emptyFrame,
    baseline: unknownBaseline,
    at: Number.NEGATIVE_INFINITY,
    level: 0,
    levelBefore: 0,
    maskedMs: 0,
    activeMs: 0,
    pausedMs: 0,
    events: [],
  };
}

/**
 * One block of 10 to 1000 Hz samples or band energies, any length, any scale, any offset. `at` is the box time of the
 * block's end. Durations are counted in samples, so that the jitter of arrival neither stretches nor masks an event.
 */
export function observeFibre(
  before: FibreState,
  settings: FibreSettings,
  block: LevelBlock,
  at: MonoMs,
): FibreObservation {
  const blockMs = (block.values.length * block.periodUs) / 1000;
  const isGap = at - before.at > blockMs + gapMsMax;
  const { frames, partial } = cutFrames(isGap ? emptyFrame : before.partial, block);
  let state: FibreState = { ...before, at, partial, ...(isGap ? { activeMs: 0, pausedMs: 0 } : {}) };
  let detection: FibreDetection | undefined;
  for (const frame of frames) {
    const next = observeFrame(state, settings, frame);
    state = next.state;
    detection ??= next.detection;
  }
  const events = state.events.filter((event) => at - event <= settings.eventWindowMs);
  return {
    state: { ...state, events },
    ...(detection ? { detection } : {}),
    activity: events.length > 0,
    learning: isLearning(state.baseline),
    level: Math.exp(state.level),
    threshold: Math.exp(limitOf(state.baseline, settings)),
  };
}

function limitOf(baseline: Baseline, { threshold, windReject, levelFloor }: FibreSettings): number {
  return Math.max(thresholdOf(baseline, threshold, windReject), Math.log(levelFloor));
}

function observeFrame(
  state: FibreState,
  settings: FibreSettings,
  frame: Frame,
): { state: FibreState; detection?: FibreDetection } {
  const level = Math.log(frame.level);
  const learning = isLearning(state.baseline);
  const limit = limitOf(state.baseline, settings);
  const isActive = !learning && level > limit;
  const heard = { level, lengthMs: frame.lengthMs, isActive };
  const next: FibreState = {
    ...state,
    // A sensor that stands still says nothing of the quiet around it.
    baseline: frame.isFlat && !learning ? state.baseline : hear(state.baseline, heard, settings.baselineMs),
    level,
    levelBefore: state.level,
    maskedMs: Math.max(0, state.maskedMs - frame.lengthMs),
    ...activityAfter(state, { isActive, isReleased: level < limit - release, lengthMs: frame.lengthMs }),
  };
  const isEvent = isActive && state.maskedMs <= 0 && level - Math.min(state.level, state.levelBefore) >= onset;
  return judge(next, settings, { occurredAt: state.at - frame.leftMs, isEvent });
}

function activityAfter(
  { activeMs, pausedMs }: FibreState,
  frame: { readonly isActive: boolean; readonly isReleased: boolean; readonly lengthMs: number },
): Pick<FibreState, "activeMs" | "pausedMs"> {
  if (activeMs === 0 && !frame.isActive) return { activeMs: 0, pausedMs: 0 };
  const paused = frame.isReleased ? pausedMs + frame.lengthMs : 0;
  return paused > pauseMsMax ? { activeMs: 0, pausedMs: 0 } : { activeMs: activeMs + frame.lengthMs, pausedMs: paused };
}

function judge(
  state: FibreState,
  settings: FibreSettings,
  { occurredAt, isEvent }: { readonly occurredAt: MonoMs; readonly isEvent: boolean },
): { state: FibreState; detection?: FibreDetection } {
  const { eventCount, eventWindowMs, maskMs, sustainedMs } = settings;
  const counted = state.events.filter((event) => occurredAt - event <= eventWindowMs);
  const events = isEvent ? [...counted, occurredAt] : counted;
  const isSustained = state.activeMs >= sustainedMs;
  if (events.length < eventCount && !isSustained) {
    return { state: { ...state, events, maskedMs: isEvent ? maskMs : state.maskedMs } };
  }
  const firstActivityAt = Math.min(events[0] ?? occurredAt, isSustained ? occurredAt - state.activeMs : occurredAt);
  return {
    // Counting starts anew, so that activity that goes on is told again.
    state: { ...state, events: [], activeMs: 0, pausedMs: 0, maskedMs: maskMs },
    detection: { kind: "cut-or-climb", firstActivityAt, occurredAt },
  };
}
