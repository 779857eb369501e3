// Opening a barrier by a person's wish, and letting an emergency vehicle pass a lane that a lock-down holds.
import type { Command } from "../../model/command.js";
import type { LockDown } from "../../model/durable.js";
import { type Fact, fact } from "../../model/fact.js";
import type { Clockwork, Ward } from "../../model/state.js";
import { later } from "../../model/time.js";
import { nextNumber } from "../../model/work-order.js";
import { decidedAnew } from "../decide.js";
import { waitEndsAt } from "../due.js";
import { isOutOfReach, lookAt } from "../sight.js";
import { type Carry, done, issuerOf, personsOf, refused } from "./verdict.js";

/** Longest time for which one lane may stand open. */
export const passMsMax = 600_000;

function holding(barrier: string, { durable }: Pick<Ward, "durable">): LockDown | undefined {
  return Object.values(durable.lockDowns).find(({ barriers }) => barriers.includes(barrier));
}

const passKey = (incident: string, barrier: string) => `${incident}/${barrier}/pass`;

/** One guard, one lane at a time, with a reason; an alarm while it stands open and a review afterwards. */
export const letPass: Carry<"let-pass"> = ({ barrier, forMs }, command, desk) => {
  const { config, durable, now } = desk;
  if (!config.barriers.some(({ id }) => id === barrier)) return refused("command.unknown-target");
  const lockDown = holding(barrier, desk);
  const isFree = Object.keys(durable.passes).length === 0;
  const isTimed = forMs > 0 && forMs <= passMsMax;
  if (lockDown === undefined || !isFree || !isTimed || command.reason.trim() === "")
    return refused("command.not-possible");
  const { incident } = lockDown;
  const opened = fact("lane.opened", barrier, {
    alarm: { key: passKey(incident, barrier), priority: 2 },
    barrier,
    by: issuerOf(command),
    reason: command.reason,
    incident,
    until: later(now, forMs),
  });
  return done([opened, reviewOf(barrier, command, desk)]);
};

/** Each pass has its own: somebody else must look at who, why and how long. */
function reviewOf(barrier: string, command: Command, { config, durable, now }: Ward): Fact {
  const device = `lane:${barrier}`;
  const number = nextNumber({ edge: config.id, durable });
  const pass = { barrier, by: issuerOf(command), reason: command.reason, openedAt: now, closedAt: null };
  return fact("workorder.opened", device, { number, device, cause: "review", at: now, pass });
}

/** Two persons in posture level 1 and where the barrier asks for them. */
export const open: Carry<"open"> = (act, command, desk) => {
  const barrier = desk.config.barriers.find(({ id }) => id === act.barrier);
  if (barrier === undefined) return refused("command.unknown-target");
  const lockDown = holding(barrier.id, desk);
  if (lockDown !== undefined)
    return refused("command.not-possible", [{ subject: lockDown.group, why: "lock-down-stands" }]);
  const sight = lookAt(barrier, desk.readings, desk.durable.lockOuts);
  if (sight.hold !== null && isOutOfReach(sight))
    return refused("command.not-possible", [{ subject: barrier.id, why: sight.hold }]);
  const isDual = barrier.dualOpen === true || desk.durable.posture.level === "level-1";
  if (isDual && personsOf(command).length < 2) return refused("command.needs-two-persons");
  return done([], { openWishes: [barrier.id] });
};

/** A lane closes again when its time is over, or when no lock-down holds it any more. What cannot be told is over. */
export const passClock: Clockwork = {
  facts: (ward) => Object.keys(ward.durable.passes).flatMap((barrier) => closedAgain(barrier, ward)),
  dueAt: ({ durable, now }) =>
    Math.min(
      Number.POSITIVE_INFINITY,
      ...Object.values(durable.passes).map(({ until }) => waitEndsAt(until, passMsMax, now)),
    ),
};

function closedAgain(barrier: string, ward: Ward): readonly Fact[] {
  const pass = ward.durable.passes[barrier];
  const isHeld = holding(barrier, ward) !== undefined;
  if (pass === undefined || (isHeld && waitEndsAt(pass.until, passMsMax, ward.now) > ward.now.mono)) return [];
  const alarms = [passKey(pass.incident, barrier)];
  return [
    fact("lane.closed", barrier, { barrier, by: isHeld ? "time" : "stand-down", alarms, at: ward.now }),
    ...(isHeld ? closeAgain(barrier, ward) : []),
  ];
}

/** The lane was closed once and is to be closed anew within the same time, in normal mode: what hinders it must be told again. */
function closeAgain(barrier: string, { config, durable, now }: Ward): readonly Fact[] {
  const group = holding(barrier, { durable })?.group;
  const closes = Object.values(durable.steps).filter(
    ({ action }) => action.kind === "close" && action.barrier === barrier && action.group === group,
  );
  const last = closes.at(-1);
  const response = config.responses.find(({ id }) => id === last?.response);
  const withinMs = response?.steps.find(({ id }) => id === last?.step)?.withinMs;
  const isUnderWay = closes.some(({ outcome, confirmedAt }) => outcome !== "inhibited" && confirmedAt === null);
  if (last?.action.kind !== "close" || withinMs === undefined || isUnderWay) return [];
  const action = { ...last.action, mode: "normal" as const };
  return [decidedAnew({ ...last, action }, now, later(now, withinMs), now)];
}
