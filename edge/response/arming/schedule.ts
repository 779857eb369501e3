// Areas that arm and disarm by the clock on the wall. A clock that was never set changes nothing: the state holds.
import type { Fact } from "../../model/fact.js";
import type { AreaConfig, ScheduleConfig } from "../../model/site.js";
import type { Clockwork, Ward } from "../../model/state.js";
import type { Stamp } from "../../model/time.js";
import { dayMs, localOf, minuteMs, wallOf, weekdayOf } from "./local-time.js";
import { armObstacles } from "./obstacles.js";
import { armFailedFacts, armingFacts, disarmedFacts, isHeldArmed } from "./period.js";

/** Looked at with each minute of the wall clock: no boundary lies between two, and what prevented arming may be gone. */
export const scheduleClock: Clockwork = {
  facts(ward) {
    if (ward.now.clock === "never-set" || !ward.settled) return [];
    return ward.config.areas.flatMap((area) => scheduledFacts(area, ward));
  },
  dueAt({ config, now }) {
    const isScheduled = config.areas.some(({ schedule }) => schedule !== undefined);
    return isScheduled ? now.mono + minuteMs - (now.wall % minuteMs) : Number.POSITIVE_INFINITY;
  },
};

interface Boundary {
  readonly arms: boolean;
  /** Milliseconds since 1970, UTC. */
  readonly wall: number;
}

/** The last boundary counts, unless somebody armed or disarmed after it. */
function scheduledFacts(area: AreaConfig, ward: Ward): readonly Fact[] {
  const { durable, now } = ward;
  const boundary = lastBoundary(area.schedule ?? [], ward.config.timeZone ?? "UTC", now.wall);
  if (boundary === null || !isAfter(boundary, durable.armedSince[area.id], now)) return [];
  const isArmed = durable.armed[area.id] === true;
  const isArming = durable.arming[area.id] !== undefined;
  if (!boundary.arms) {
    return (isArmed || isArming) && !isHeldArmed(area, ward) ? disarmedFacts(area, "schedule", ward) : [];
  }
  if (isArmed || isArming) return [];
  const obstacles = armObstacles(area, ward, false);
  if (obstacles.length === 0) return armingFacts(area, "schedule", ward);
  const told = durable.armFailed[area.id];
  const wasTold = told !== undefined && !isAfter(boundary, told, now);
  return wasTold ? [] : armFailedFacts(area, "schedule", ward, obstacles);
}

/** The latest boundary that has come, at most a week back; at the same minute arming wins. */
function lastBoundary(schedule: readonly ScheduleConfig[], timeZone: string, wall: number): Boundary | null {
  const local = localOf(wall, timeZone);
  const today = Math.floor(local / dayMs);
  const days = Array.from({ length: 8 }, (_, back) => today - back);
  const boundaries = days.flatMap((day) =>
    schedule.filter((row) => row.days.includes(weekdayOf(day))).flatMap((row) => boundariesOf(row, day)),
  );
  const come = boundaries.filter(({ at }) => at <= local);
  const at = Math.max(...come.map((boundary) => boundary.at));
  if (come.length === 0) return null;
  return { arms: come.some((boundary) => boundary.at === at && boundary.arms), wall: wallOf(at, timeZone) };
}

function boundariesOf({ armAt, disarmAt }: ScheduleConfig, day: number) {
  const at = (time: string) => day * dayMs + msOf(time);
  return [
    ...(armAt === undefined ? [] : [{ arms: true, at: at(armAt) }]),
    ...(disarmAt === undefined ? [] : [{ arms: false, at: at(disarmAt) }]),
  ];
}

/** `HH:MM` as milliseconds of a day. */
function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * minuteMs;
}

/** Whether a boundary came after `since`. Where the clock of another boot cannot tell, only arming counts: it guards. */
function isAfter({ wall, arms }: Boundary, since: Stamp | undefined, now: Stamp): boolean {
  if (since === undefined) return true;
  if (since.boot === now.boot) return wall > now.wall - (now.mono - since.mono);
  return since.clock === "never-set" ? arms : wall > since.wall;
}
