// An operator's command: what it may do now, as facts. Life safety waits for none, and none overrules an interlock.
import { type Act, type Command, dualActs } from "../model/command.js";
import type { Durable } from "../model/durable.js";
import type { ErrorCode } from "../model/error.js";
import { type Fact, fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Condition } from "../model/state.js";
import { timeLeft } from "../model/time.js";
import { barriersOf, cancelCloses, responsesToLockDown } from "./plan.js";

export interface Desk {
  readonly config: EdgeConfig;
  readonly durable: Durable;
  /** Filtered condition of each zone at this moment. */
  readonly conditions: Readonly<Record<string, Condition>>;
}

/** `openWishes`: barriers that a person wants open; `lockDown`: a group whose responses are to be planned. */
export type Verdict =
  | {
      readonly ok: true;
      readonly facts: readonly Fact[];
      readonly openWishes: readonly string[];
      readonly lockDown: string | null;
    }
  | { readonly ok: false; readonly code: ErrorCode };

const done = (facts: readonly Fact[], openWishes: readonly string[] = [], lockDown: string | null = null): Verdict => ({
  ok: true,
  facts,
  openWishes,
  lockDown,
});
const refused = (code: ErrorCode): Verdict => ({ ok: false, code });

/** Two different persons stand for acts that need them (design section 4). */
export function consider(command: Command, desk: Desk): Verdict {
  const persons = new Set(command.issuers.map((issuer) => issuer.trim()).filter((issuer) => issuer !== "")).size;
  if (persons === 0) return refused("command.not-allowed");
  if (dualActs.includes(command.act.kind) && persons < 2) return refused("command.needs-two-persons");
  return carryOut(command.act, command, desk);
}

function carryOut(act: Act, command: Command, desk: Desk): Verdict {
  const by = command.issuers[0] ?? "";
  switch (act.kind) {
    case "lock-down":
      return responsesToLockDown(desk.config, act.group).length === 0
        ? refused("command.unknown-target")
        : done([], [], act.group);
    case "stand-down":
      return standDown(act, command, desk);
    case "acknowledge":
      return ifIncident(act.incident, desk, () =>
        done([fact("operator.acknowledged", act.incident, { incident: act.incident, by })]),
      );
    case "silence":
      return done(
        Object.keys(desk.durable.annunciators).map((annunciator) =>
          fact("annunciator.silenced", annunciator, { annunciator, by }),
        ),
      );
    case "reset":
      return ifIncident(act.incident, desk, () => reset(act.incident, by, desk));
    case "arm":
      return arm(act.area, by, desk);
    case "disarm":
      return ifArea(act.area, desk, () => done([fact("area.disarmed", act.area, { area: act.area, by })]));
  }
}

function ifIncident(id: string, desk: Desk, then: () => Verdict): Verdict {
  return desk.durable.incidents[id] === undefined ? refused("command.unknown-target") : then();
}

function ifArea(id: string, desk: Desk, then: () => Verdict): Verdict {
  return desk.config.areas.some((area) => area.id === id) ? then() : refused("command.unknown-target");
}

function standDown(act: Act & { kind: "stand-down" }, command: Command, desk: Desk): Verdict {
  const held = desk.durable.lockDowns[act.group]?.barriers;
  if (held === undefined)
    return refused(barriersOf(desk.config, act.group).length === 0 ? "command.unknown-target" : "command.not-possible");
  const freed = act.barriers.filter((barrier) => held.includes(barrier));
  if (freed.length !== act.barriers.length || freed.length === 0) return refused("command.unknown-target");
  const opens = desk.config.barriers.filter(
    (barrier) => freed.includes(barrier.id) && barrier.afterStandDown === "open",
  );
  const ended = fact("lockdown.ended", act.group, {
    group: act.group,
    barriers: freed,
    by: [...new Set(command.issuers)],
    reason: command.reason,
  });
  return done(
    [ended, ...cancelCloses(desk.durable, freed, "stood-down", act.group)],
    opens.map((barrier) => barrier.id),
  );
}

/**
 * Manual reset only when the causes are gone (GB 50394 5.2.3), every step is decided, and no lock-down stands that the
 * incident set off or that its end would set in motion: a reset moves no barrier.
 */
function reset(incident: string, by: string, desk: Desk): Verdict {
  const zones = desk.config.zones.filter((zone) => desk.durable.zones[zone.id]?.incident === incident);
  const persists = zones.some((zone) => (desk.conditions[zone.id]?.kind ?? "unknown") !== "normal");
  const steps = Object.values(desk.durable.steps).filter((step) => step.incident === incident);
  const isPending = steps.some((step) => step.outcome === "open");
  const holds = Object.values(desk.durable.lockDowns).some(
    (lockDown) =>
      lockDown.incident === incident ||
      steps.some(({ action }) => action.kind !== "announce" && lockDown.barriers.includes(action.barrier)),
  );
  if (persists || isPending || holds) return refused("command.not-possible");
  return done([...soundsOn(incident, desk.durable), fact("incident.closed", incident, { incident, by })]);
}

/** What another incident also wants to be heard goes on for that one. */
function soundsOn(incident: string, { annunciators, steps }: Durable): readonly Fact[] {
  return Object.entries(annunciators).flatMap(([annunciator, sounding]) => {
    if (sounding.incident !== incident) return [];
    const heir = Object.values(steps).find(
      ({ action, incident: other, decidedAt }) =>
        other !== incident &&
        action.kind === "announce" &&
        action.annunciator === annunciator &&
        timeLeft(decidedAt, sounding.since).leftMs >= 0,
    );
    if (heir === undefined) return [];
    return [fact("annunciator.sounded", annunciator, { annunciator, incident: heir.incident, at: sounding.since })];
  });
}

/** Arming asks every zone of the area to be normal; what is open or not seen prevents it. */
function arm(area: string, by: string, desk: Desk): Verdict {
  return ifArea(area, desk, () => {
    const zones = desk.config.zones.filter((zone) => zone.area === area);
    const ready = zones.every((zone) => desk.conditions[zone.id]?.kind === "normal");
    return ready ? done([fact("area.armed", area, { area, by })]) : refused("command.not-possible");
  });
}
