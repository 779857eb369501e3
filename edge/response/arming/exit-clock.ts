// The end of an exit time: the area is armed, or it is told why it could not be.
import type { Clockwork, Ward } from "../../model/state.js";
import { monoOf, timeLeft } from "../../model/time.js";
import { armObstacles } from "./obstacles.js";
import { armedFacts, armFailedFacts } from "./period.js";

/** After a start nothing is judged before it has been read; until then it is looked at again so often. */
const settleMs = 1000;

/** Another boot whose clock cannot tell counts as over: an area that was to be armed is armed rather than left open. */
export const exitClock: Clockwork = {
  facts(ward) {
    if (!ward.settled) return [];
    return ward.config.areas.flatMap((area) => {
      const arming = ward.durable.arming[area.id];
      if (arming === undefined || timeLeft(arming.until, ward.now).leftMs > 0) return [];
      const obstacles = armObstacles(area, ward, false);
      return obstacles.length === 0
        ? armedFacts(area, arming.by, ward)
        : armFailedFacts(area, arming.by, ward, obstacles);
    });
  },
  dueAt(ward) {
    const ends = ward.config.areas.flatMap(({ id }) => endOf(ward, id));
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  },
};

function endOf({ durable, settled, now }: Ward, area: string): readonly number[] {
  const arming = durable.arming[area];
  if (arming === undefined) return [];
  const until = monoOf(arming.until, now) ?? now.mono;
  return [settled ? until : Math.max(until, now.mono + settleMs)];
}
