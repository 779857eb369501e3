// Rules about alarms: what trips the site is told in time, or a fact says why not; where a response wants it, it also sounds.
import type { Fact } from "../../edge/model/fact.js";
import type { ResponseConfig } from "../../edge/model/plan.js";
import { type ZoneConfig, zoneTraits } from "../../edge/model/zone.js";
import type { Kind } from "./draws.js";
import type { Happening } from "./happenings.js";
import { type Scene, wasAtWork } from "./scene.js";

export interface AlarmRules {
  facts(facts: readonly Fact[]): void;
  started(): void;
  check(): void;
}

/** How a trip is answered: by which kinds of zones, how soon, and what hinders the detector. */
interface Answer {
  readonly by: readonly ZoneConfig["kind"][];
  readonly hinders: readonly Kind[];
  readonly withinMs: number;
}

const alarmMs = 5_000 + 200;
const answers: Partial<Record<Kind, Answer>> = {
  "beam-break": {
    by: ["infrared-beam"],
    hinders: ["beam-stuck", "beam-chatter", "beam-tamper", "beam-silent"],
    withinMs: alarmMs,
  },
  "fence-cut": {
    by: ["vibration-fibre"],
    hinders: ["fibre-silent", "fibre-broken", "fence-climb"],
    withinMs: 4_000 + 5_000 + alarmMs,
  },
  "door-open": { by: ["door-contact"], hinders: ["loop-cut", "loop-short"], withinMs: alarmMs },
  panic: { by: ["panic-button"], hinders: [], withinMs: alarmMs },
  fire: { by: ["fire-input"], hinders: [], withinMs: alarmMs },
  rush: {
    by: ["vehicle-rush"],
    hinders: [
      "contact-stuck",
      "fire",
      "stand-down",
      "tidy",
      "open",
      "let-pass",
      "vehicle-on-loop",
      "vehicle-loop-lost",
    ],
    withinMs: alarmMs + 1_000,
  },
};
/** A line that is cut shows nothing; who silences, tidies up or restores ends what the rule looks for. */
const always: readonly Kind[] = [
  "line-cut",
  "output-dead",
  "silence",
  "duress",
  "tidy",
  "restore",
  "wall-jump",
  "config",
];
/** A box that has just started has not seen its field yet. */
const settledMs = 20_000;

export function createAlarmRules(scene: Scene): AlarmRules {
  const { world, site, violate, happenings, example, config } = scene;
  /** When each zone last spoke, and when anything last changed that may keep it silent. */
  const spokeAt = new Map<string, number>();
  const breachedAt = new Map<string, number>();
  const quietedAt = new Map<string, number>();
  let startedAt = Number.POSITIVE_INFINITY;
  let soundedAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;

  for (const happening of happenings) {
    const answer = answers[happening.kind];
    if (answer === undefined) continue;
    const zones = example.zonesOf(happening.target ?? "").filter(({ kind }) => answer.by.includes(kind));
    world.at(happening.at, () => {
      for (const zone of zones.filter((each) => !isQuiet(each)))
        world.at(happening.at + answer.withinMs, () => demand(zone, happening, answer));
    });
  }

  /** Something that was told before explains why the zone may say nothing now. */
  function isQuiet(zone: ZoneConfig): boolean {
    const durable = site.box()?.runner.state().durable;
    if (durable === undefined) return true;
    const { watch } = zoneTraits[zone.kind];
    const isLatched = !["normal", "unknown", "active"].includes(durable.zones[zone.id]?.state ?? "normal");
    const isDisarmed =
      watch === "armed" && (durable.armed[zone.area] !== true || durable.entries[zone.area] !== undefined);
    const isTested = durable.walkTest?.zones.includes(zone.id) === true;
    const barrier = "barrier" in zone ? config.barriers.find(({ id }) => id === zone.barrier) : undefined;
    const isFree = barrier?.open !== undefined && site.field.shown()[barrier.open]?.value === true;
    return (
      isFree ||
      isLatched ||
      isDisarmed ||
      isTested ||
      durable.out[zone.id] !== undefined ||
      zone.id in durable.preAlarms
    );
  }

  function demand(zone: ZoneConfig, happening: Happening, { hinders, withinMs }: Answer): void {
    const { at, kind } = happening;
    const others = happenings.filter((other) => other !== happening);
    const isDown = startedAt > at - settledMs;
    const isQuieted = [zone.id, zone.area].some((id) => (quietedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= at);
    if (isDown || isQuieted || wasAtWork(others, [...hinders, ...always, kind], [at - settledMs, at + withinMs]))
      return;
    if ((spokeAt.get(zone.id) ?? Number.NEGATIVE_INFINITY) < at) {
      violate("alarm-in-time", `${kind} at ${at}: ${zone.id} says nothing, and nothing says why`);
      return;
    }
    const breached = breachedAt.get(zone.id) ?? Number.NEGATIVE_INFINITY;
    if (
      breached >= at &&
      config.responses.some((response) => sounds(response, zone)) &&
      soundedAt < at &&
      missedAt < at
    )
      violate("alarm-in-time", `${kind} at ${at} has neither sounded nor been told as missed`);
  }

  function take(known: Fact): void {
    switch (known.type) {
      case "zone.breached":
        if (known.data.sounds) breachedAt.set(known.data.zone, world.now());
        spokeAt.set(known.data.zone, world.now());
        return;
      case "zone.tampered":
      case "zone.unguarded":
      case "zone.pre-alarmed":
      case "area.entry-started":
      case "zone.tested":
        spokeAt.set(known.data.zone, world.now());
        return;
      case "zone.taken-out":
        quietedAt.set(known.data.zone, world.now());
        return;
      case "walktest.started":
        for (const zone of known.data.zones) quietedAt.set(zone, world.now());
        return;
      case "area.disarmed":
        quietedAt.set(known.data.area, world.now());
        return;
      case "step.missed":
        missedAt = world.now();
        return;
      default:
    }
  }

  return {
    facts: (facts) => facts.forEach(take),
    started() {
      startedAt = world.now();
    },
    check() {
      if (site.box() === null) startedAt = Number.POSITIVE_INFINITY;
      const { relays } = site.field.plant();
      const isOn = (point: string) => relays[example.deviceOf(point)] === true;
      if (config.annunciators.some(({ points }) => points.every(isOn))) soundedAt = world.now();
    },
  };
}

/** Whether the response sounds for the zone, whatever the cause. */
function sounds({ on, steps }: ResponseConfig, zone: ZoneConfig): boolean {
  const isMeant = on.some(
    (trigger) =>
      ("zones" in trigger && trigger.zones.includes(zone.id)) ||
      ("zoneKind" in trigger && trigger.zoneKind === zone.kind) ||
      ("area" in trigger && trigger.area === zone.area && zoneTraits[zone.kind].watch === "armed"),
  );
  return isMeant && steps.some(({ kind }) => kind === "announce");
}
