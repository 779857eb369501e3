// What people order at the box and from the hub: each kind of happening as the commands it gives.
import type { Act } from "../../edge/model/command.js";
import { postureLevels, riskColours } from "../../edge/model/plan.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { Effect } from "./effects.js";
import type { Happening } from "./happenings.js";
import type { SimulatedSite } from "./site.js";
import type { World } from "./world.js";

const guard = ["guard"];
const twoPersons = ["guard", "supervisor"];
/** Steps that wait for a person are answered first, then what is closed can be reset. */
const resetAfterMs = 5_000;
const workOrderMoves = ["assigned", "fixed", "verified"] as const;

export function peopleOn(site: SimulatedSite, config: EdgeConfig, world: World) {
  const durable = () => site.box()?.runner.state().durable;
  const order = (act: Act, issuers: readonly string[] = guard) => site.order(act, issuers);
  const to = (give: (target: string, happening: Happening) => void): Effect => ({
    begin: (happening) => give(happening.target ?? "", happening),
  });
  const once = (give: () => void): Effect => ({ begin: give });
  const at = <T>(list: readonly T[], { by = 0 }: Happening): T => list[Math.floor(by) % list.length] as T;

  function standDown(): void {
    for (const { group, barriers } of Object.values(durable()?.lockDowns ?? {}))
      order({ kind: "stand-down", group, barriers }, twoPersons);
  }

  function report(): void {
    for (const step of Object.values(durable()?.steps ?? {}))
      if (step.action.kind === "report" && step.confirmedAt === null) order({ kind: "report", step: step.id });
  }

  function acknowledge(): void {
    for (const incident of Object.keys(durable()?.incidents ?? {})) order({ kind: "acknowledge", incident });
  }

  function tidy(): void {
    order({ kind: "silence" });
    standDown();
    report();
    world.at(world.now() + resetAfterMs, () => {
      for (const incident of Object.keys(durable()?.incidents ?? {})) order({ kind: "reset", incident });
    });
  }

  function setPosture(level: (typeof postureLevels)[number]): void {
    const issued = { issuer: "bureau", reference: "notice 7" };
    order({ kind: "set-posture", level, leader: level === "level-1" ? "leader" : null, ...issued }, twoPersons);
  }

  function declareRisk(colour: (typeof riskColours)[number]): void {
    order({ kind: "declare-risk", colour, issuer: "bureau", reference: "notice 8" }, twoPersons);
  }

  function restore(): void {
    order({ kind: "end-drill" });
    order({ kind: "end-walk-test" });
    for (const zone of Object.keys(durable()?.out ?? {})) order({ kind: "reinstate", zone }, twoPersons);
    setPosture("normal");
    declareRisk("none");
    for (const { id } of config.areas) if (durable()?.armed[id] !== true) order({ kind: "arm", area: id });
    for (const { id } of config.duties ?? []) order({ kind: "duty-done", duty: id, note: "" });
  }

  /** The zone and those beside it. */
  const exercised = (zone: string) => {
    const ids = config.zones.map(({ id }) => id);
    const from = ids.indexOf(zone);
    return ids.slice(from, from + 2);
  };

  return {
    "lock-down": to((group) => site.send({ kind: "lock-down", group }, ["operator"])),
    "stand-down": once(standDown),
    silence: once(() => site.send({ kind: "silence" }, ["operator"])),
    acknowledge: once(acknowledge),
    disarm: {
      begin: ({ target: area = "" }: Happening) => order({ kind: "disarm", area }),
      heal: ({ target: area = "" }: Happening) => order({ kind: "arm", area }),
    },
    arm: to((area) => order({ kind: "arm", area })),
    isolate: to((zone, { forMs }) => order({ kind: "isolate", zone, forMs })),
    inhibit: {
      begin: ({ target: zone = "" }: Happening) => order({ kind: "inhibit", zone }),
      heal: ({ target: zone = "" }: Happening) => order({ kind: "reinstate", zone }),
    },
    repair: to((zone, { forMs }) =>
      order({ kind: "take-out-for-repair", zone, guard: "guard at the gate", forMs }, twoPersons),
    ),
    posture: { begin: (happening: Happening) => setPosture(at(postureLevels, happening)) },
    risk: { begin: (happening: Happening) => declareRisk(at(riskColours, happening)) },
    "let-pass": to((barrier, { forMs }) => order({ kind: "let-pass", barrier, forMs })),
    open: to((barrier) => order({ kind: "open", barrier }, twoPersons)),
    drill: to((zone, { forMs }) =>
      order({ kind: "start-drill", drill: `drill-${world.now()}`, zones: exercised(zone), forMs }),
    ),
    "walk-test": to((zone, { forMs }) => order({ kind: "start-walk-test", zones: exercised(zone), forMs })),
    "work-order": {
      begin(happening: Happening) {
        const [known] = Object.values(durable()?.workOrders ?? {});
        if (known !== undefined)
          order({ kind: "work-order", number: known.number, to: at(workOrderMoves, happening), note: "seen" });
      },
    },
    report: once(report),
    duress: once(() => site.order({ kind: "silence" }, guard, true)),
    "self-test": once(() => order({ kind: "self-test" })),
    tidy: once(tidy),
    restore: once(restore),
  };
}
