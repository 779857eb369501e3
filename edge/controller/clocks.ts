// What time alone brings to the durable state: every clockwork is asked when one is due or when the state has changed.
import { incidentClockworks } from "../incident/clockworks.js";
import { countsOf } from "../incident/watch.js";
import type { Clockwork } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { responseClockworks } from "../response/clockworks.js";
import { soundClockworks } from "../response/sounding.js";
import { judgeLevel } from "./samples.js";
import { change, emit, sceneOf, type Turn, wardOf } from "./turn.js";

const clockworks: readonly Clockwork[] = [...incidentClockworks, ...responseClockworks, ...soundClockworks];

/** One clockwork's facts may make another due; more rounds than this are our own mistake. */
const roundsMax = 8;

/** Everything that has become due, until nothing more follows from it. */
export function runClocks(turn: Turn): void {
  for (let round = 0; round < roundsMax; round += 1) {
    const { clocks } = turn.transient;
    if (clocks.seen === turn.durable && turn.now.mono < clocks.dueAt) return;
    const before = turn.durable;
    const ward = wardOf(turn);
    for (const clock of clockworks) emit(turn, clock.facts({ ...ward, durable: turn.durable }));
    rejudge(turn);
    const { durable } = turn;
    const dueAt = Math.min(Number.POSITIVE_INFINITY, ...clockworks.map((clock) => clock.dueAt({ ...ward, durable })));
    change(turn, {
      clocks: { dueAt, seen: durable, armed: durable.armed, out: durable.out, walkTest: durable.walkTest },
    });
    if (durable === before) return;
  }
}

/** When the earliest clockwork is due; Infinity when none is. */
export function clocksWakeAt(turn: Turn): MonoMs {
  return turn.transient.clocks.dueAt;
}

/** Every clockwork has seen the state as it is now. */
export function areClocksAsked(turn: Turn): boolean {
  return turn.transient.clocks.seen === turn.durable;
}

/** A zone that begins to count speaks at once by what it shows: armed from outside, put back, or its expiry is over. */
function rejudge(turn: Turn): void {
  const { armed, out, walkTest } = turn.durable;
  const { clocks } = turn.transient;
  if (clocks.armed === armed && clocks.out === out && clocks.walkTest === walkTest) return;
  const before = turn.transient.watched;
  const watched: Record<string, ReturnType<typeof countsOf>> = {};
  const joined = turn.config.zones.filter((zone) => {
    const counts = countsOf(zone, sceneOf(turn, zone));
    watched[zone.id] = counts;
    return counts.some((kind) => before[zone.id]?.includes(kind) === false);
  });
  change(turn, { watched });
  for (const zone of joined) judgeLevel(turn, zone);
}
