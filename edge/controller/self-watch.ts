// The controller looks after itself: it asks to be called every four seconds, and notices when the call comes late.
import { fact } from "../model/fact.js";
import type { MonoMs } from "../model/time.js";
import { type BoxFault, workOrder } from "../model/work-order.js";
import { failSafeOutputs, isAlarmStanding, isHealthy, type SelfSight } from "../response/fail-safe.js";
import type { Wanted } from "../response/outputs.js";
import { change, emit, placeOf, type State, type Turn } from "./turn.js";

export interface SelfWatch {
  /** When the controller is to be called at the latest. */
  readonly dueAt: MonoMs;
  /** Last moment at which it was called too late. */
  readonly lateAt: MonoMs;
  /** What the agent found to be wrong with the box. */
  readonly troubles: readonly string[];
}

/** Each look is a step of the controller, also on the quietest day. */
const lookEveryMs = 4_000;
/** A call that comes later than this was held up: alarms were, too. */
export const lateMs = 1_000;
/** So long it must be in time again. */
export const provedMs = 5_000;

export function selfWatchAt(now: MonoMs): SelfWatch {
  return { dueAt: now + lookEveryMs, lateAt: Number.NEGATIVE_INFINITY, troubles: [] };
}

/** Without a relay that tells of it nobody asks. */
export function watchSelf(turn: Turn): void {
  if (turn.config.failSafe?.healthy === undefined) return;
  const { self } = turn.transient;
  const now = turn.now.mono;
  if (now < self.dueAt) return;
  const isLate = now > self.dueAt + lateMs;
  change(turn, { self: { ...self, dueAt: now + lookEveryMs, lateAt: isLate ? now : self.lateAt } });
  const detail = `${Math.round(now - self.dueAt)} ms`;
  // A machine that is late again and again has said so once.
  if (isLate && now >= self.lateAt + provedMs)
    emit(turn, [fact("limit.reached", turn.config.id, { limit: "reaction-late", detail })]);
}

const faults: Readonly<Record<string, BoxFault>> = {
  "journal.disk-full": "storage-full",
  "journal.volatile": "storage-lost",
};

/** What the agent finds to be wrong with the box, all of it. */
export function takeTroubles(turn: Turn, troubles: readonly string[]): void {
  change(turn, { self: { ...turn.transient.self, troubles } });
  for (const trouble of troubles) {
    const fault = faults[trouble];
    if (fault !== undefined) emit(turn, workOrder(`box:${turn.config.id}`, fault, placeOf(turn)));
  }
}

/** What the fail-safe relays are to be now. */
export function relaysNow(turn: Turn): Wanted {
  const { config, durable, now } = turn;
  return failSafeOutputs(config, durable, sightOfSelf(turn, now.mono), now.mono);
}

/** What each wired relay says, for people; true is well. */
export function relaysOf(state: State, now: MonoMs): Readonly<Record<string, boolean>> {
  const { config, durable } = state;
  const { alarm, healthy } = config.failSafe ?? {};
  return {
    ...(alarm === undefined ? {} : { alarm: !isAlarmStanding(durable) }),
    ...(healthy === undefined ? {} : { healthy: isHealthy(config, durable, sightOfSelf(state, now)) }),
  };
}

function sightOfSelf({ transient }: Pick<State, "transient">, now: MonoMs): SelfSight {
  const { settled, linksDown, readings, self } = transient;
  return { settled, linksDown, readings, troubles: self.troubles, isLate: now < self.lateAt + provedMs };
}

/** When the controller must be called for its own sake; Infinity when no relay waits for it. */
export function selfWakeAt({ config, transient, now }: Turn): MonoMs {
  if (config.failSafe?.healthy === undefined) return Number.POSITIVE_INFINITY;
  const { pulseMs } = config.failSafe;
  const pulseAt = pulseMs === undefined ? Number.POSITIVE_INFINITY : (Math.floor(now.mono / pulseMs) + 1) * pulseMs;
  const provedAt = transient.self.lateAt + provedMs;
  return Math.min(transient.self.dueAt, pulseAt, provedAt > now.mono ? provedAt : Number.POSITIVE_INFINITY);
}
