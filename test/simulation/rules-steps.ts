// Rules about steps: each is met, missed with a reason or called off by its time, counted on the run's own clock; what is
// met is so in the field; what trips the site is answered.
import type { Fact } from "../../edge/model/fact.js";
import type { Step } from "../../edge/model/incident.js";
import { isClosed } from "../../simulators/plant/bollard.js";
import type { Box } from "./box.js";
import type { Happening, Kind } from "./happenings.js";
import { type Scene, wasAtWork } from "./scene.js";

export interface StepRules {
  facts(facts: readonly Fact[]): void;
  started(box: Box): void;
  check(): void;
}

const tellWithinMs = 100;
const earlyMs = 20;
/** A box that has just started has not seen its field yet. */
const settledMs = 20_000;

interface Answer {
  /** Something hinders the detector or its line. */
  readonly hinders: readonly Kind[];
  readonly area: string | null;
  readonly withinMs: number;
}

const alarmMs = 5_000 + 200;
const answers: Partial<Record<Kind, Answer>> = {
  "beam-break": {
    hinders: ["beam-stuck", "beam-chatter", "beam-tamper", "beam-silent"],
    area: "perimeter",
    withinMs: alarmMs,
  },
  "fence-cut": { hinders: ["fibre-silent", "fibre-broken"], area: "perimeter", withinMs: 4_000 + 5_000 + alarmMs },
  "door-open": { hinders: ["loop-cut", "loop-short"], area: "gatehouse", withinMs: alarmMs },
  panic: { hinders: [], area: null, withinMs: alarmMs },
  fire: { hinders: [], area: null, withinMs: alarmMs },
  rush: { hinders: ["contact-stuck", "fire", "stand-down", "tidy"], area: null, withinMs: alarmMs + 1_000 },
};
const always: readonly Kind[] = ["line-cut", "output-dead", "silence", "tidy", "disarm", "wall-jump"];

export function createStepRules(scene: Scene): StepRules {
  const { world, site, violate, happenings, config } = scene;
  /** When each step is due on the run's clock. */
  const dues = new Map<string, number>();
  let startedAt = Number.POSITIVE_INFINITY;
  let soundedAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;

  for (const happening of happenings) {
    const answer = answers[happening.kind];
    if (answer !== undefined) world.at(happening.at + answer.withinMs, () => demandAnswer(happening, answer));
  }

  function demandAnswer(happening: Happening, { hinders, area, withinMs }: Answer): void {
    const { at, kind } = happening;
    const span = [at - settledMs, at + withinMs] as const;
    const others = happenings.filter((other) => other !== happening);
    const isDown = startedAt > at - settledMs;
    const isDisarmed = area !== null && site.box()?.runner.state().durable.armed[area] !== true;
    if (isDown || isDisarmed || wasAtWork(others, [...hinders, ...always, kind], span)) return;
    if (soundedAt < at && missedAt < at)
      violate("alarm-in-time", `${kind} at ${at} has neither sounded nor been told as missed`);
  }

  function take(known: Fact): void {
    switch (known.type) {
      case "step.decided": {
        const { step } = known.data;
        dues.set(step.id, world.now() + step.deadlineAt.mono - step.decidedAt.mono);
        return;
      }
      case "step.resumed":
        resumed(known.data.step, known.data.by, known.data.leftMs);
        return;
      case "step.missed": {
        missedAt = world.now();
        const due = dues.get(known.data.step) ?? 0;
        if (world.now() < due - earlyMs)
          violate(
            "deadline-stands",
            `${known.data.step} was missed ${Math.round(due - world.now())} ms before its time`,
          );
        return;
      }
      case "step.met":
        met(known.data.step);
        return;
      default:
    }
  }

  function resumed(step: string, by: string, leftMs: number): void {
    const left = (dues.get(step) ?? Number.NaN) - world.now();
    const isClockRight = !wasAtWork(happenings, ["wall-jump", "power-loss"], [0, world.now()]);
    if ((by === "monotonic" || (by === "wall" && isClockRight)) && Math.abs(left - leftMs) > earlyMs)
      violate("deadline-stands", `${step} was resumed with ${leftMs} ms instead of ${Math.round(left)}`);
    dues.set(step, world.now() + Math.max(0, leftMs));
  }

  function met(id: string): void {
    const step = stepOf(id);
    if (step === undefined) return;
    const { action } = step;
    if (world.now() > (dues.get(id) ?? 0) + tellWithinMs) violate("met-in-time", `${id} counts as met after its time`);
    if (action.kind !== "close") return;
    const barrier = config.barriers.find((known) => known.id === action.barrier);
    const bollard =
      barrier === undefined ? undefined : bollardBehind(barrier.drive.kind === "demand" ? barrier.drive.point : "");
    const isStuck = wasAtWork(happenings, ["contact-stuck"], [world.now() - 1_000, world.now()]);
    if (bollard !== undefined && !isClosed(bollard) && !isStuck)
      violate("closed-means-closed", `${id} counts as met at position ${bollard.position}`);
  }

  function bollardBehind(point: string) {
    const node = config.drivers
      .flatMap((driver) => (driver.kind === "opcua" ? driver.points : []))
      .find(({ id }) => id === point)?.node;
    return site.field.plant().bollards[/s=(\w+)\./.exec(node ?? "")?.[1] ?? ""];
  }

  function stepOf(id: string): Step | undefined {
    return site.box()?.runner.state().durable.steps[id];
  }

  return {
    facts: (facts) => facts.forEach(take),
    started(box) {
      startedAt = world.now();
      for (const step of Object.values(box.runner.state().durable.steps)) {
        if (step.outcome === "open" && !dues.has(step.id))
          violate("acknowledged-is-kept", `${step.id} is open and was never decided`);
      }
    },
    check() {
      const box = site.box();
      if (box === null) {
        startedAt = Number.POSITIVE_INFINITY;
        return;
      }
      const { relays } = site.field.plant();
      if (relays["siren"] === true && relays["strobe"] === true) soundedAt = world.now();
      for (const step of Object.values(box.runner.state().durable.steps)) {
        if (step.outcome === "open" && world.now() > (dues.get(step.id) ?? 0) + tellWithinMs)
          violate(
            "outcome-in-time",
            `${step.id} is open ${Math.round(world.now() - (dues.get(step.id) ?? 0))} ms after its time`,
          );
      }
    },
  };
}
