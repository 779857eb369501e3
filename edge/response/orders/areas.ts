// Arming and disarming of an area by order.
import type { Command } from "../../model/command.js";
import { armObstacles, isAcceptable } from "../arming/obstacles.js";
import { armingFacts, disarmedFacts, isHeldArmed } from "../arming/period.js";
import { type Carry, done, issuerOf, refused, rolesOf } from "./verdict.js";

/** Asks every zone of the area to be normal; what is out does not count, and the way in may be open while the exit time runs. */
export const arm: Carry<"arm"> = (act, command, desk) => {
  const area = desk.config.areas.find(({ id }) => id === act.area);
  if (area === undefined) return refused("command.unknown-target");
  if (desk.durable.armed[area.id] === true || desk.durable.arming[area.id] !== undefined) return done([]);
  const obstacles = armObstacles(area, desk, area.exitMs !== undefined);
  if (act.despite === true && !mayAccept(command)) return refused("command.not-allowed");
  if (obstacles.some((each) => act.despite !== true || !isAcceptable(each)))
    return refused("arming.prevented", obstacles);
  return done(armingFacts(area, issuerOf(command), desk, obstacles));
};

/** An override stands for one armed period and needs more than an operator (EN 50131-1 Table 4). */
function mayAccept(command: Command): boolean {
  const roles = rolesOf(command);
  return roles.includes("supervisor") || roles.includes("administrator");
}

export const disarm: Carry<"disarm"> = (act, command, desk) => {
  const area = desk.config.areas.find(({ id }) => id === act.area);
  if (area === undefined) return refused("command.unknown-target");
  if (isHeldArmed(area, desk)) return refused("command.not-allowed");
  return done(disarmedFacts(area, issuerOf(command), desk));
};
