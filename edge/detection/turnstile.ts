// A turnstile 防尾随旋转门: each grant lets one person through; whoever passes without one is a tailgater 尾随.
import type { Sample } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import type { TurnstileConfig } from "../model/zone.js";
import type { Look, Moment } from "./look.js";

export interface TurnstileState {
  readonly isGranted: boolean;
  readonly grantEndedAt: MonoMs;
  /** Grants that nobody has used. */
  readonly left: number;
  /** Counts as passing until it was seen at rest, so that no passage is invented at the start. */
  readonly isPassing: boolean;
}

export const initialTurnstile: TurnstileState = {
  isGranted: false,
  grantEndedAt: Number.NEGATIVE_INFINITY,
  left: 0,
  isPassing: true,
};

export interface TurnstileSeen {
  readonly state: TurnstileState;
  readonly moment: Moment | null;
  readonly look: Look | null;
}

/** A sample of the turnstile; `isGrantSeen`: the grant can be seen, so that its absence means something. */
export function observeTurnstile(
  state: TurnstileState,
  zone: TurnstileConfig,
  sample: Sample,
  isGrantSeen: boolean,
): TurnstileSeen {
  const value = sample.quality === "good" && typeof sample.value === "boolean" ? sample.value : null;
  if (sample.point === zone.granted)
    return { state: grant(state, zone, value === true, sample), moment: null, look: null };
  if (sample.point !== zone.passed || value === null) return { state, moment: null, look: null };
  const next = { ...state, isPassing: value };
  if (!value || state.isPassing) return { state: next, moment: null, look: null };
  return passage(next, zone, sample.occurredAt, isGrantSeen);
}

/** After its time a grant that was not used is worth nothing. */
function isOver({ isGranted, grantEndedAt }: TurnstileState, { grantMs }: TurnstileConfig, at: MonoMs): boolean {
  return !isGranted && at - grantEndedAt >= grantMs;
}

function grant(
  state: TurnstileState,
  zone: TurnstileConfig,
  isGranted: boolean,
  { occurredAt }: Sample,
): TurnstileState {
  if (isGranted === state.isGranted) return state;
  if (!isGranted) return { ...state, isGranted, grantEndedAt: occurredAt };
  return { ...state, isGranted, left: isOver(state, zone, occurredAt) ? 1 : state.left + 1 };
}

function passage(state: TurnstileState, zone: TurnstileConfig, at: MonoMs, isGrantSeen: boolean): TurnstileSeen {
  if (state.left > 0 && !isOver(state, zone, at)) {
    return {
      state: { ...state, left: state.left - 1 },
      moment: null,
      look: { verdict: "granted", seen: true, limit: null },
    };
  }
  if (!isGrantSeen) return { state, moment: null, look: { verdict: "quality-not-good", seen: true, limit: null } };
  return { state, moment: { cause: "tailgating", firstActivityAt: at, occurredAt: at }, look: null };
}
