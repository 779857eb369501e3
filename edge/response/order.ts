// An operator's command: what it may do now, as facts. Life safety waits for none, and none overrules an interlock.
import { type Act, type Command, dualActs } from "../model/command.js";
import type { ErrorCode } from "../model/error.js";
import { type Fact, fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Condition, Durable } from "../model/state.js";
import { barriersOf, cancelCloses } from "./plan.js";

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
  const persons = new Set(command.issuers).size;
  if (persons === 0) return refused("command.not-allowed");
  if (dualActs.includes(command.act.kind) && persons < 2) return refused("command.needs-two-persons");
  return carryOut(command.act, command, desk);
}

function carryOut(act: Act, command: Command, desk: Desk): Verdict {
  const by = command.issuers[0] ?? "";
  switch (act.kind) {
    case "lock-down":
      return barriersOf(desk.config, act.group).length === 0
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
    [ended, ...cancelCloses(desk.durable, freed, "stood-down")],
    opens.map((barrier) => barrier.id),
  );
}

/** Manual reset only when the causes are gone and no lock-down of this incident stands (GB 50394 5.2.3). */
function reset(incident: string, by: string, desk: Desk): Verdict {
  const zones = Object.entries(desk.durable.zones).filter(([, memory]) => memory.incident === incident);
  const persists = zones.some(([zone]) => (desk.conditions[zone]?.kind ?? "unknown") !== "normal");
  const holds = Object.values(desk.durable.lockDowns).some((lockDown) => lockDown.incident === incident);
  if (persists || holds) return refused("command.not-possible");
  return done([fact("incident.closed", incident, { incident, by })]);
}

/** Arming asks every zone of the area to be normal; what is open or not seen prevents it. */
function arm(area: string, by: string, desk: Desk): Verdict {
  return ifArea(area, desk, () => {
    const zones = desk.config.zones.filter((zone) => zone.area === area);
    const ready = zones.every((zone) => desk.conditions[zone.id]?.kind === "normal");
    return ready ? done([fact("area.armed", area, { area, by })]) : refused("command.not-possible");
  });
}
