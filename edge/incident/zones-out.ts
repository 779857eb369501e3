// Zones that are out, and their way back by time or by posture.
import { type Fact, fact } from "../model/fact.js";
import type { Clockwork, Ward } from "../model/state.js";
import { monoOf, timeLeft } from "../model/time.js";

/** Posture level 1 leaves nothing out but what a guard stands in for; ordered once the posture has changed. */
export function reinstateForLevel1({ durable }: Ward): readonly Fact[] {
  return Object.entries(durable.out)
    .filter(([, { how }]) => how !== "repair")
    .map(([zone]) => fact("zone.reinstated", zone, { zone, by: "level-1" }));
}

/** Another boot whose clock cannot tell counts as expired, for that guards. */
export const outClock: Clockwork = {
  facts({ durable, now }) {
    return Object.entries(durable.out)
      .filter(([, { until }]) => until !== null && timeLeft(until, now).leftMs <= 0)
      .map(([zone]) => fact("zone.reinstated", zone, { zone, by: "time" }));
  },
  dueAt({ durable, now }) {
    const ends = Object.values(durable.out).flatMap(({ until }) =>
      until === null ? [] : [monoOf(until, now) ?? now.mono],
    );
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  },
};
