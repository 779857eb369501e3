// Vehicle rush 冲卡: two loops in order within a short time. One loop alone, or a loop that is not good, never counts.
import type { Sample } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import type { RushConfig } from "../model/zone.js";

export interface RushState {
  readonly firstOn: boolean;
  readonly secondOn: boolean;
  /** When the first loop became occupied, if it did so under good watch. */
  readonly firstAt: MonoMs | null;
}

/** Both count as occupied until they were seen free, so that no edge is invented at the start. */
export const initialRush: RushState = { firstOn: true, secondOn: true, firstAt: null };

export interface RushSeen {
  readonly state: RushState;
  readonly rush: { readonly firstActivityAt: MonoMs; readonly occurredAt: MonoMs } | null;
}

/** `laneBarred`: the lane is closed or its signal is red at this moment. */
export function observeRush(state: RushState, zone: RushConfig, sample: Sample, laneBarred: boolean): RushSeen {
  if (sample.quality !== "good" || typeof sample.value !== "boolean") return { state: initialRush, rush: null };
  const at = sample.occurredAt;
  if (sample.point === zone.first) {
    const entered = sample.value && !state.firstOn;
    return { state: { ...state, firstOn: sample.value, firstAt: entered ? at : state.firstAt }, rush: null };
  }
  const entered = sample.value && !state.secondOn;
  const next = { ...state, secondOn: sample.value };
  const inOrder = entered && state.firstAt !== null && at > state.firstAt && at - state.firstAt <= zone.rushMs;
  if (!inOrder) return { state: next, rush: null };
  return {
    state: { ...next, firstAt: null },
    rush: laneBarred ? { firstActivityAt: state.firstAt, occurredAt: at } : null,
  };
}
