// The end of an exit time: the area is armed, or it is told why it could not be.
import type { AreaConfig } from "../../model/site.js";
import type { Clockwork, Ward } from "../../model/state.js";
import { waitEndsAt } from "../due.js";
import { armObstacles, isAcceptable } from "./obstacles.js";
import { armedFacts, armFailedFacts } from "./period.js";

/** After a start nothing is judged before it has been read; until then it is looked at again so often. */
const settleMs = 1000;

/** Another boot whose clock cannot tell counts as over: an area that was to be armed is armed rather than left open. */
export const exitClock: Clockwork = {
  facts(ward) {
    if (!ward.settled) return [];
    return ward.config.areas.flatMap((area) => {
      const arming = ward.durable.arming[area.id];
      if (arming === undefined || waitEndsAt(arming.until, area.exitMs ?? 0, ward.now) > ward.now.mono) return [];
      const obstacles = armObstacles(area, ward, false);
      const against = arming.despite === true ? obstacles.filter((each) => !isAcceptable(each)) : obstacles;
      return against.length === 0
        ? armedFacts(area, arming.by, ward, obstacles)
        : armFailedFacts(area, arming.by, ward, against);
    });
  },
  dueAt(ward) {
    const ends = ward.config.areas.flatMap((area) => endOf(ward, area));
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  },
};

function endOf({ durable, settled, now }: Ward, { id, exitMs = 0 }: AreaConfig): readonly number[] {
  const arming = durable.arming[id];
  if (arming === undefined) return [];
  const until = waitEndsAt(arming.until, exitMs, now);
  return [settled ? until : Math.max(until, now.mono + settleMs)];
}
