// Lock-down and its end: held for all barriers of a group, ended by two persons, lane by lane.
import { fact } from "../../model/fact.js";
import { barriersOf, cancelCloses, responsesToLockDown } from "../plan.js";
import { type Carry, done, personsOf, refused } from "./verdict.js";

export const lockDown: Carry<"lock-down"> = ({ group }, _command, { config }) => {
  const responses = responsesToLockDown(config, group);
  if (responses.length === 0) return refused("command.unknown-target");
  return done([], { calls: [{ kind: "lock-down", place: group, responses }] });
};

export const standDown: Carry<"stand-down"> = (act, command, { config, durable }) => {
  const held = durable.lockDowns[act.group]?.barriers;
  if (held === undefined)
    return refused(barriersOf(config, act.group).length === 0 ? "command.unknown-target" : "command.not-possible");
  const freed = act.barriers.filter((barrier) => held.includes(barrier));
  if (freed.length !== act.barriers.length || freed.length === 0) return refused("command.unknown-target");
  const opens = config.barriers.filter((barrier) => freed.includes(barrier.id) && barrier.afterStandDown === "open");
  const ended = fact("lockdown.ended", act.group, {
    group: act.group,
    barriers: freed,
    by: personsOf(command),
    reason: command.reason,
  });
  return done([ended, ...cancelCloses(durable, freed, "stood-down", act.group)], {
    openWishes: opens.map((barrier) => barrier.id),
  });
};
