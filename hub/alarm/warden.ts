// What time alone does to alarms: unacknowledged ones escalate, what was set aside comes back. Pure; asked again and again.
import type { OwnFact } from "../ledger/ledger.js";
import { type AlarmActKind, types } from "./acts.js";
import { escalatedType, type StandingAside } from "./alarms.js";
import type { AlarmRecord } from "./record.js";
import { isAside } from "./rules.js";

export const escalateAfterSecondsDefault: readonly number[] = [30, 60, 180];
/** Facts of one look; what is left over comes with the next. */
export const factsPerLookMax = 500;

export interface Watched {
  readonly open: () => Iterable<AlarmRecord>;
  readonly asides: () => Iterable<StandingAside>;
}

/** What is to be recorded at `now`, ms since 1970 by the hub's clock. `afterSeconds`: rising, one per level. */
export function lookAfter({ open, asides }: Watched, afterSeconds: readonly number[], now: number): readonly OwnFact[] {
  const facts: OwnFact[] = [];
  for (const alarm of open()) facts.push(...escalations(alarm, afterSeconds, now));
  for (const standing of asides()) facts.push(...returns(standing, now));
  return facts.slice(0, factsPerLookMax);
}

/** Counted on from the last level, so that each is a record of its own however late the look is. */
function escalations(alarm: AlarmRecord, afterSeconds: readonly number[], now: number): readonly OwnFact[] {
  const { id, unacknowledgedAt, escalation, site, edge, incident, priority, exercise, key } = alarm;
  if (unacknowledgedAt === null || isAside(alarm)) return [];
  const waitedMs = now - Date.parse(unacknowledgedAt);
  return afterSeconds.flatMap((seconds, index): readonly OwnFact[] => {
    if (index < escalation || waitedMs < seconds * 1000) return [];
    const place = { site, edge, ...(incident !== null && { incident }) };
    const data = { target: id, key, ...place, priority, exercise, level: index + 1, afterMs: seconds * 1000 };
    return [{ type: escalatedType, lane: "alarm", subject: edge || "hub", data }];
  });
}

const backBy: Readonly<Partial<Record<StandingAside["how"], AlarmActKind>>> = {
  shelved: "unshelve",
  outOfService: "return-to-service",
};

/** A zone that is out comes back by its box's word. */
function returns({ how, site, edge, origin, of, aside: { until } }: StandingAside, now: number): readonly OwnFact[] {
  const back = backBy[how];
  if (of === null || back === undefined || until === null || Date.parse(until) > now) return [];
  const data = { site, edge, origin, of, by: "hub", outlet: "hub" };
  return [{ type: types[back], lane: "alarm", subject: edge || "hub", data }];
}
