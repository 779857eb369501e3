// Zones out and back by order. Panic, fire, tamper and vehicle rush leave service only for a repair that two persons answer for.
import type { ZoneOut } from "../../model/durable.js";
import { fact } from "../../model/fact.js";
import type { Ward } from "../../model/state.js";
import { later } from "../../model/time.js";
import { zoneTraits } from "../../model/zone.js";
import { type Carry, done, issuerOf, personsOf, refused, type Verdict } from "./verdict.js";

/** Longest time that a guard may stand in for a protected zone: three days. */
export const repairMsMax = 3 * 86_400_000;

/** Until it is put back or `forMs` is over. */
export const isolate: Carry<"isolate"> = ({ zone, forMs }, command, desk) => {
  if (forMs !== null && forMs <= 0) return refused("command.not-possible");
  const until = forMs === null ? null : later(desk.now, forMs);
  return takeOut(zone, desk, {
    how: "isolated",
    by: personsOf(command),
    reason: command.reason,
    until,
    guard: null,
  });
};

/** For this armed period: the next disarming puts it back. */
export const inhibit: Carry<"inhibit"> = ({ zone }, command, desk) =>
  takeOut(zone, desk, {
    how: "inhibited",
    by: personsOf(command),
    reason: command.reason,
    until: null,
    guard: null,
  });

/** Our own rule on top of norm 003: nothing is isolated in posture level 1. */
function takeOut(zone: string, { config, durable }: Ward, out: ZoneOut): Verdict {
  const known = config.zones.find(({ id }) => id === zone);
  if (known === undefined) return refused("command.unknown-target");
  if (zoneTraits[known.kind].isProtected || durable.posture.level === "level-1") return refused("command.not-allowed");
  if (durable.out[zone]?.how === "repair") return refused("command.not-possible");
  return done([fact("zone.taken-out", zone, { zone, out })]);
}

/** Needs two persons (dualActs), a substitute guard by name and an end. */
export const takeOutForRepair: Carry<"take-out-for-repair"> = ({ zone, guard, forMs }, command, desk) => {
  if (!desk.config.zones.some(({ id }) => id === zone)) return refused("command.unknown-target");
  if (guard.trim() === "" || forMs <= 0 || forMs > repairMsMax) return refused("command.not-possible");
  const out: ZoneOut = {
    how: "repair",
    by: personsOf(command),
    reason: command.reason,
    until: later(desk.now, forMs),
    guard: guard.trim(),
  };
  return done([fact("zone.taken-out", zone, { zone, out })]);
};

export const reinstate: Carry<"reinstate"> = ({ zone }, command, desk) => {
  if (!desk.config.zones.some(({ id }) => id === zone)) return refused("command.unknown-target");
  if (desk.durable.out[zone] === undefined) return refused("command.not-possible");
  return done([fact("zone.reinstated", zone, { zone, by: issuerOf(command) })]);
};
