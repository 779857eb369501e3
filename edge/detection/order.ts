// Two loops or beams in order within a short time: a rush 冲卡 through a barred lane, or the direction of a passage. One point
// alone, or one that is not good, never counts.
import type { Sample } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import type { BeamPairConfig, RushConfig } from "../model/zone.js";
import type { Look, Moment } from "./look.js";

export interface OrderState {
  readonly firstOn: boolean;
  readonly secondOn: boolean;
  /** When each became active under good watch and no order has used it up. */
  readonly firstAt: MonoMs | null;
  readonly secondAt: MonoMs | null;
}

/** Both count as active until they were seen at rest, so that no edge is invented at the start. */
export const initialOrder: OrderState = { firstOn: true, secondOn: true, firstAt: null, secondAt: null };

export interface OrderSeen {
  readonly state: OrderState;
  readonly moment: Moment | null;
  readonly look: Look | null;
}

/** A sample of one of the two points; `laneBarred`: the lane is closed or its signal is red at this moment. */
export function observeOrder(
  state: OrderState,
  zone: RushConfig | BeamPairConfig,
  sample: Sample,
  laneBarred: boolean,
): OrderSeen {
  if (sample.quality !== "good" || typeof sample.value !== "boolean")
    return seen(initialOrder, { verdict: "quality-not-good", seen: sample.quality, limit: null });
  const isFirst = sample.point === zone.first;
  const entered = sample.value && !(isFirst ? state.firstOn : state.secondOn);
  const at = sample.occurredAt;
  const next: OrderState = isFirst
    ? { ...state, firstOn: sample.value, firstAt: entered ? at : state.firstAt }
    : { ...state, secondOn: sample.value, secondAt: entered ? at : state.secondAt };
  if (!entered) return seen(next, { verdict: "nothing-seen", seen: sample.value, limit: null });
  const beganAt = isFirst ? state.secondAt : state.firstAt;
  if (beganAt === null) return seen(next, { verdict: "too-few-events", seen: 1, limit: 2 });
  return zone.kind === "beam-pair"
    ? judgePassage(next, zone, { beganAt, at, isInward: !isFirst })
    : judgeRush(next, zone, { beganAt, at, isInward: !isFirst }, laneBarred);
}

/** The second of two activations. */
interface Pair {
  readonly beganAt: MonoMs;
  readonly at: MonoMs;
  readonly isInward: boolean;
}

function judgeRush(state: OrderState, zone: RushConfig, pair: Pair, laneBarred: boolean): OrderSeen {
  const held = untimely(pair, zone.rushMs);
  if (held !== null) return seen(state, held);
  if (!pair.isInward) return seen(state, { verdict: "wrong-order", seen: "outward", limit: null });
  const used = { ...state, firstAt: null, secondAt: null };
  if (!laneBarred) return seen(used, { verdict: "lane-not-barred", seen: took(pair), limit: zone.rushMs });
  return found(used, { cause: zone.kind, firstActivityAt: pair.beganAt, occurredAt: pair.at });
}

function judgePassage(state: OrderState, zone: BeamPairConfig, pair: Pair): OrderSeen {
  const held = untimely(pair, zone.withinMs);
  if (held !== null) return seen(state, held);
  const direction = pair.isInward ? "inward" : "outward";
  const used = { ...state, firstAt: null, secondAt: null };
  if (zone.counts !== "both" && zone.counts !== direction)
    return seen(used, { verdict: "wrong-order", seen: direction, limit: null });
  return found(used, { cause: `passed-${direction}`, firstActivityAt: pair.beganAt, occurredAt: pair.at });
}

/** Both at once is one cause for both (a lorry, a power dip), no order; too slow is none either. */
function untimely(pair: Pair, withinMs: number): Look | null {
  const tookMs = took(pair);
  return tookMs > 0 && tookMs <= withinMs ? null : { verdict: "wrong-order", seen: tookMs, limit: withinMs };
}

function took({ beganAt, at }: Pair): number {
  return at - beganAt;
}

function seen(state: OrderState, look: Look): OrderSeen {
  return { state, moment: null, look };
}

function found(state: OrderState, moment: Moment): OrderSeen {
  return { state, moment, look: null };
}
