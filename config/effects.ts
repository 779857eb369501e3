// Second half of the timing proof: from the controller's write to the effect that the hardware confirms, term by term.
import { commandBudgetMs, travelFactor, travelMarginMs } from "../edge/model/budget.js";
import type { StepConfig } from "../edge/model/plan.js";
import type { BarrierConfig, EdgeConfig } from "../edge/model/site.js";
import { arrival, type Points, type ProofTerm, slowest, sum, term } from "./sensing.js";

/** One thing that a step acts upon. */
export interface EffectProof {
  readonly target: string;
  readonly terms: readonly ProofTerm[];
  /** What a second try adds. */
  readonly retryMs: number;
}

/** One entry per target of the step; none where the time lies with people or networks. */
export function effects(edge: EdgeConfig, step: StepConfig, points: Points): EffectProof[] {
  switch (step.kind) {
    case "announce":
      return outputs(
        step.annunciator,
        edge.annunciators.find((each) => each.id === step.annunciator)?.points ?? [],
        points,
      );
    case "switch":
      return outputs(step.point, [step.point], points);
    case "notify": {
      const channel = edge.channels?.find((each) => each.id === step.channel);
      return channel?.kind === "output" ? outputs(channel.id, [channel.point], points) : [];
    }
    case "report":
      return [];
    case "close":
    case "release":
      return motions(edge, step, points);
  }
}

type MotionStep = Extract<StepConfig, { kind: "close" | "release" }>;

function outputs(target: string, ids: readonly string[], points: Points): EffectProof[] {
  const terms = slowest(ids.map((id) => [command(id, points)]));
  return [{ target, terms, retryMs: sum(terms) }];
}

function motions(edge: EdgeConfig, step: MotionStep, points: Points): EffectProof[] {
  const group = edge.groups.find((each) => each.id === step.group);
  return (group?.barriers ?? []).flatMap((id, position) => {
    const barrier = edge.barriers.find((each) => each.id === id);
    if (barrier === undefined || (step.kind === "release" && barrier.onFire !== "open")) return [];
    return [motion(barrier, step, step.kind === "close" ? position * (group?.staggerMs ?? 0) : 0, points)];
  });
}

function motion(barrier: BarrierConfig, step: MotionStep, staggerMs: number, points: Points): EffectProof {
  const isFast = step.kind === "close" && step.mode === "emergency";
  const warnMs = isFast ? (barrier.emergencyWarnMs ?? barrier.warnMs) : barrier.warnMs;
  const travelMs = isFast ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
  const order = command(
    driveOutput(barrier, step.kind === "release" ? "open" : isFast ? "emergency" : "close"),
    points,
  );
  const contact = step.kind === "release" ? (barrier.open ?? barrier.closed) : barrier.closed;
  const terms = [
    term("错峰启动", "staggered start", staggerMs),
    term("动作前警示", "warning before motion", warnMs),
    order,
    term(`${barrier.id} 行程`, `travel of ${barrier.id}`, travelMs),
    ...arrival(contact, points),
  ];
  return { target: barrier.id, terms, retryMs: Math.ceil(travelMs * travelFactor) + travelMarginMs + order.ms };
}

function driveOutput({ drive }: BarrierConfig, way: "open" | "close" | "emergency"): string {
  if (drive.kind === "demand") return drive.point;
  if (drive.kind === "lock") return drive.lock;
  return way === "open" ? drive.open : way === "close" ? drive.close : (drive.emergency ?? drive.close);
}

function command(id: string, points: Points): ProofTerm {
  const wired = points.get(id);
  const ms = wired === undefined ? 0 : commandBudgetMs(wired);
  return term(`${id} 指令和确认`, `command and confirmation of ${id}`, ms);
}
