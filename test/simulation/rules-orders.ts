// Rules about what people order: what is protected is never taken out by one, what is out for a time comes back, and only
// what a drill names is exercise.
import type { RecorderEntry } from "../../edge/agent/recorder-messages.js";
import type { Act } from "../../edge/model/command.js";
import type { Fact } from "../../edge/model/fact.js";
import { zoneTraits } from "../../edge/model/zone.js";
import { type Scene, wasAtWork } from "./scene.js";

export interface OrderRules {
  ordered(act: Act): void;
  facts(entries: readonly RecorderEntry[]): void;
  check(): void;
}

/** What is over is noticed at once, or when the box has started and knows the time. */
const noticeMs = 1_000;
const startMs = 200_000;

export function createOrderRules(scene: Scene): OrderRules {
  const { world, site, config, violate, happenings } = scene;
  const kindOf = new Map(config.zones.map(({ id, kind }) => [id, kind]));
  /** Until when a zone may be isolated, by the order that took it out. */
  const ends = new Map<string, number>();
  let asked: { readonly zone: string; readonly until: number } | null = null;
  /** Zones that the last drill order named. */
  let exercised: readonly string[] = [];

  function take({ fact, exercise }: RecorderEntry): void {
    if (fact.type === "zone.taken-out") takenOut(fact.data.zone, fact.data.out.how);
    if (fact.type === "zone.reinstated") ends.delete(fact.data.zone);
    if (fact.type === "incident.opened" && fact.data.incident.exercise !== exercise)
      violate("exercise", `${fact.data.incident.id} is ${exercise ? "no" : "an"} exercise, its record says otherwise`);
    if (exercise) isExercise(fact);
  }

  function takenOut(zone: string, how: string): void {
    const kind = kindOf.get(zone);
    if (kind !== undefined && zoneTraits[kind].isProtected && how !== "repair")
      violate("protected", `${zone} is ${how}`);
    ends.delete(zone);
    if (how === "isolated" && asked?.zone === zone) ends.set(zone, asked.until);
  }

  function isExercise(fact: Fact): void {
    if (fact.type === "zone.tampered" || fact.type === "zone.unguarded")
      violate("exercise", `${fact.type} of ${fact.data.zone} is marked, and no drill opens a case or cuts a line`);
    const incident = incidentOf(fact);
    const zones = fact.type === "incident.opened" ? fact.data.incident.zones : (incident?.zones ?? []);
    const stranger = zones.find((zone) => !exercised.includes(zone));
    if (stranger !== undefined)
      violate("exercise", `${fact.type} of ${stranger} is marked, and the drill does not name it`);
  }

  function incidentOf({ data }: Fact) {
    const id = "incident" in data && typeof data.incident === "string" ? data.incident : null;
    return id === null ? undefined : site.box()?.runner.state().durable.incidents[id];
  }

  return {
    ordered(act) {
      if (act.kind === "isolate" && act.forMs !== null) asked = { zone: act.zone, until: world.now() + act.forMs };
      if (act.kind === "start-drill" && site.box()?.runner.state().durable.drill === null) exercised = act.zones;
    },
    facts: (entries) => entries.forEach(take),
    check() {
      const box = site.box();
      if (box === null || ends.size === 0) return;
      for (const [zone, until] of ends) {
        const isLate = world.now() > until + noticeMs;
        // The clock of a box that has started without one tells nothing of a time that was set before.
        const isExcused = wasAtWork(
          happenings,
          ["power-loss", "power-loss-clock-kept", "process-killed", "wall-jump"],
          [until - startMs, world.now()],
        );
        if (isLate && !isExcused && box.runner.state().durable.out[zone] !== undefined)
          violate("isolation-ends", `${zone} is out for longer than was ordered`);
      }
    },
  };
}
