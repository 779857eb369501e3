// Acknowledge, silence, reset: three separate acts, none of which moves a barrier.
import type { Command, Obstacle } from "../../model/command.js";
import type { Durable } from "../../model/durable.js";
import { type Fact, fact } from "../../model/fact.js";
import { rulesOf } from "../../model/grade.js";
import { barrierOf, type Step } from "../../model/incident.js";
import type { Ward } from "../../model/state.js";
import { later, timeLeft } from "../../model/time.js";
import { type Carry, done, issuerOf, refused, rolesOf } from "./verdict.js";

export const acknowledge: Carry<"acknowledge"> = ({ incident }, command, { durable }) => {
  if (durable.incidents[incident] === undefined) return refused("command.unknown-target");
  return done([fact("operator.acknowledged", incident, { incident, by: issuerOf(command) })]);
};

export const silence: Carry<"silence"> = (_act, command, { durable, now }) =>
  done(
    Object.keys(durable.annunciators).map((annunciator) =>
      fact("annunciator.silenced", annunciator, { annunciator, by: issuerOf(command), at: now }),
    ),
  );

/**
 * Manual reset only when the causes are gone (GB 50394 5.2.3), every step is decided, and no lock-down stands that the
 * incident set off or that its end would set in motion: a reset moves no barrier.
 */
export const reset: Carry<"reset"> = ({ incident, falseAlarm }, command, desk) => {
  if (desk.durable.incidents[incident] === undefined) return refused("command.unknown-target");
  if (!mayReset(incident, command, desk)) return refused("command.not-allowed");
  const obstacles = resetObstacles(incident, desk);
  if (obstacles.length > 0) return refused("command.not-possible", obstacles);
  const closed = fact("incident.closed", incident, {
    incident,
    by: issuerOf(command),
    ...(falseAlarm === undefined ? {} : { falseAlarm }),
  });
  return done([...reportsEnded(incident, desk.durable), ...soundsOn(incident, desk), closed]);
};

/** What is asked for again and again is open as long as its incident. */
function isRecurring({ action }: Step): boolean {
  return action.kind === "report" && action.everyMs !== null;
}

function reportsEnded(incident: string, { steps }: Durable): readonly Fact[] {
  return Object.values(steps)
    .filter((step) => step.incident === incident && step.outcome === "open" && isRecurring(step))
    .map(({ id }) => fact("step.cancelled", id, { step: id, incident, reason: "stood-down" }));
}

/** After a tamper the grade says who may (A-01; EN 50131-1 Table 6). */
function mayReset(incident: string, command: Command, { config, durable }: Ward): boolean {
  const roles = rolesOf(command);
  const tampered = config.zones.filter(({ id }) => {
    const memory = durable.zones[id];
    return memory?.incident === incident && memory.state === "tampered";
  });
  const areas = config.areas.filter(({ id }) => tampered.some((zone) => zone.area === id));
  return areas.every((area) => rulesOf(area).tamperResetBy.some((role) => roles.includes(role)));
}

/**
 * A zone that is out is not asked: its detector may stay broken for long. One that has spoken for another incident since is asked all
 * the same.
 */
function resetObstacles(incident: string, { config, durable, conditions }: Ward): readonly Obstacle[] {
  const spoken = durable.incidents[incident]?.zones ?? [];
  const zones = config.zones
    .filter(({ id }) => spoken.includes(id) || durable.zones[id]?.incident === incident)
    .filter(({ id }) => durable.out[id] === undefined)
    .map(({ id }) => ({ id, kind: conditions[id]?.kind ?? "unknown" }))
    .filter(({ kind }) => kind !== "normal");
  const steps = Object.values(durable.steps).filter((step) => step.incident === incident);
  const moved = steps.map(({ action }) => barrierOf(action));
  const holding = Object.values(durable.lockDowns).filter(
    (lockDown) => lockDown.incident === incident || lockDown.barriers.some((barrier) => moved.includes(barrier)),
  );
  return [
    ...zones.map(({ id, kind }): Obstacle => ({ subject: id, why: kind === "unknown" ? "not-seen" : "not-normal" })),
    ...steps
      .filter((step) => step.outcome === "open" && !isRecurring(step))
      .map((step): Obstacle => ({ subject: step.id, why: "steps-open" })),
    ...holding.map(({ group }): Obstacle => ({ subject: group, why: "lock-down-stands" })),
  ];
}

/** What another incident also wants to be heard goes on for that one, for its own time. */
function soundsOn(incident: string, { config, durable, now }: Ward): readonly Fact[] {
  return config.annunciators.flatMap(({ id: annunciator, soundMsMax }) => {
    if (durable.annunciators[annunciator]?.incident !== incident) return [];
    const heir = Object.values(durable.steps).find(
      ({ action, incident: other, decidedAt }) =>
        other !== incident &&
        action.kind === "announce" &&
        action.annunciator === annunciator &&
        timeLeft(later(decidedAt, soundMsMax), now).leftMs > 0,
    );
    if (heir === undefined) return [];
    return [fact("annunciator.sounded", annunciator, { annunciator, incident: heir.incident, at: heir.decidedAt })];
  });
}
