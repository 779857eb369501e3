// Rules about steps: each is met, missed with a reason or called off by its time, counted on the run's own clock; what is
// met is so in the field.
import type { Fact } from "../../edge/model/fact.js";
import type { Step } from "../../edge/model/incident.js";
import { isClosed } from "../../simulators/plant/bollard.js";
import type { Box } from "./box.js";
import { type Scene, wasAtWork } from "./scene.js";

export interface StepRules {
  facts(facts: readonly Fact[]): void;
  started(box: Box): void;
  check(): void;
}

const tellWithinMs = 100;
const earlyMs = 20;
export function createStepRules(scene: Scene): StepRules {
  const { world, site, violate, happenings, config } = scene;
  /** When each step is due on the run's clock. */
  const dues = new Map<string, number>();
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
      for (const step of Object.values(box.runner.state().durable.steps)) {
        if (step.outcome === "open" && !dues.has(step.id))
          violate("acknowledged-is-kept", `${step.id} is open and was never decided`);
      }
    },
    check() {
      const box = site.box();
      if (box === null) return;
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
