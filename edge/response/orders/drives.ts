// Work on a drive by order of those who stand before it: lock-out and its end, measured runs, hold-to-run.
import type { Command, Obstacle, ObstacleReason, Role } from "../../model/command.js";
import type { DriveDirection, DriveMode } from "../../model/drive-run.js";
import { fact } from "../../model/fact.js";
import type { BarrierConfig } from "../../model/site.js";
import type { Ward } from "../../model/state.js";
import { goalOf } from "../drive-run.js";
import { demandPointOf, outputsOf } from "../outputs.js";
import { lookAt, pointsOfBarrier } from "../sight.js";
import { type Carry, done, issuerOf, personsOf, refused, type Verdict } from "./verdict.js";

const technicians: readonly Role[] = ["technician", "administrator"];
const supervisors: readonly Role[] = ["supervisor", "administrator"];
const isOneOf = (wanted: readonly Role[], { roles = [] }: Command) => roles.some((role) => wanted.includes(role));

/** At any time, also while the drive runs: it is stopped at once. */
export const lockOut: Carry<"lock-out"> = ({ barrier, note }, command, { config, durable, now }) => {
  if (!config.barriers.some(({ id }) => id === barrier)) return refused("command.unknown-target");
  if (!isOneOf(technicians, command)) return refused("command.not-allowed");
  if (durable.lockOuts[barrier] !== undefined || note.trim() === "")
    return refused("command.not-possible", [{ subject: barrier, why: "locked-out" }]);
  return done([fact("barrier.locked-out", barrier, { barrier, by: issuerOf(command), note, at: now })]);
};

/** Whoever set it; when he is away, a supervisor together with another person, both on site. */
export const clearLockOut: Carry<"clear-lock-out"> = ({ barrier }, command, { config, durable, now }) => {
  const known = durable.lockOuts[barrier];
  if (known === undefined)
    return refused(
      config.barriers.some(({ id }) => id === barrier) ? "command.not-possible" : "command.unknown-target",
    );
  const by = personsOf(command);
  const forAbsent = !by.includes(known.by);
  if (forAbsent && by.length < 2) return refused("command.needs-two-persons");
  if (forAbsent && !isOneOf(supervisors, command)) return refused("command.not-allowed");
  const { reason } = command;
  return done([
    fact("barrier.lock-out-cleared", barrier, { barrier, by, setBy: known.by, forAbsent, reason, at: now }),
  ]);
};

export const testRun: Carry<"test-run"> = ({ barrier, direction, mode }, command, desk) =>
  tryOut({ barrier, direction, mode, kind: "run" }, command, desk);

export const holdRun: Carry<"hold-run"> = ({ barrier, direction }, command, desk) =>
  tryOut({ barrier, direction, mode: "normal", kind: "hold" }, command, desk);

export const endRun: Carry<"end-run"> = ({ barrier }, _command, { config, driveRuns }) => {
  if (!config.barriers.some(({ id }) => id === barrier)) return refused("command.unknown-target");
  if (!driveRuns.some((driveRun) => driveRun.barrier === barrier)) return refused("command.not-possible");
  return done([], { driveRunEnds: [barrier] });
};

interface TryOut {
  readonly barrier: string;
  readonly direction: DriveDirection;
  readonly mode: DriveMode;
  readonly kind: "run" | "hold";
}

function tryOut({ barrier: id, direction, mode, kind }: TryOut, command: Command, desk: Ward): Verdict {
  const barrier = desk.config.barriers.find((known) => known.id === id);
  if (barrier === undefined) return refused("command.unknown-target");
  if (!isOneOf(technicians, command)) return refused("command.not-allowed");
  const against = obstaclesTo(barrier, { direction, mode, kind }, desk);
  if (against.length > 0) return refused("command.not-possible", against);
  const isDual = barrier.dualOpen === true || desk.durable.posture.level === "level-1";
  if (direction === "open" && isDual && personsOf(command).length < 2) return refused("command.needs-two-persons");
  const ask = { id: command.id, kind, direction, mode, by: issuerOf(command) };
  return done([], { driveRuns: [{ barrier: id, ask }] });
}

/** Everything that stands against a run, so that a technician need not find it one by one. */
export function obstaclesTo(barrier: BarrierConfig, wanted: Omit<TryOut, "barrier">, desk: Ward): readonly Obstacle[] {
  const { durable, driveRuns } = desk;
  const found: Obstacle[] = [];
  const add = (isSo: boolean, subject: string, why: ObstacleReason) => {
    if (isSo) found.push({ subject, why });
  };
  const sight = lookAt(barrier, desk.readings, durable.lockOuts);
  const isReleased = Object.values(durable.steps).some(
    ({ action }) => action.kind === "release" && action.barrier === barrier.id,
  );
  add(durable.armed[barrier.area] === true || durable.arming[barrier.area] !== undefined, barrier.area, "area-armed");
  for (const group of Object.keys(durable.lockDowns)) add(true, group, "lock-down-stands");
  add(isReleased, barrier.id, "fire");
  for (const driveRun of driveRuns) add(true, driveRun.barrier, "run-under-way");
  for (const why of new Set([sight.hold, sight.blocked])) if (why !== null) add(true, barrier.id, why);
  add(sight.isFaulty && sight.hold === null && wanted.kind === "hold", barrier.id, "drive-fault");
  add(sight.position === goalOf(wanted), barrier.id, "there-already");
  add(wanted.direction === "close" && barrier.keepFree !== undefined, barrier.id, "kept-free");
  const hasEmergency = wanted.direction === "close" && barrier.emergencyTravelMs !== undefined;
  add(wanted.mode === "emergency" && !hasEmergency, barrier.id, "no-emergency-drive");
  add(wanted.kind === "hold" && !canStop(barrier), barrier.id, "no-stop-output");
  for (const driver of deadDrivers(barrier, desk)) add(true, driver, "driver-lost");
  return found;
}

/** A drive that is told by words to stop, or that runs while a relay is held. A lock only holds or lets go. */
export function canStop({ drive }: BarrierConfig): boolean {
  return drive.kind !== "lock";
}

/** Drivers that could neither start nor stop it, nor see it, nor warn of it, at this moment. */
function deadDrivers(barrier: BarrierConfig, { config, linksDown }: Ward): readonly string[] {
  const points = [...pointsOfBarrier(barrier), ...outputsOf(barrier), demandPointOf(barrier.drive)];
  return config.drivers
    .filter((driver) => linksDown[driver.id] !== undefined && driver.points.some(({ id }) => points.includes(id)))
    .map(({ id }) => id);
}
