// The terms of the timing proof, measured while the box runs: one that takes longer than its budget is a fault before it becomes a
// missed deadline.
import { arrivalMs, commandBudgetMs, levelBlockMs, reactionMs, type Wired } from "../model/budget.js";
import { type Fact, fact } from "../model/fact.js";
import type { LevelBlock } from "../model/point.js";
import type { BarrierConfig } from "../model/site.js";

/** One term as it was measured. `device` is what a work order for it names. */
export interface Measure {
  readonly subject: string;
  readonly term: "travel" | "command" | "arrival" | "block" | "reaction";
  readonly ms: number;
  readonly budgetMs: number;
  readonly device: string;
}

/** Terms that were over budget when they were last measured, by subject and term. */
export type Exceeded = Readonly<Record<string, true>>;

/** Told once, until it was within budget again. */
export function checkBudget(exceeded: Exceeded, measure: Measure): { exceeded: Exceeded; facts: readonly Fact[] } {
  const { subject, term, ms, budgetMs } = measure;
  const key = `${subject}/${term}`;
  const isOver = ms > budgetMs;
  if (isOver === (exceeded[key] === true)) return { exceeded, facts: [] };
  const { [key]: _, ...others } = exceeded;
  if (!isOver) return { exceeded: others, facts: [] };
  const data = { subject, term, ms: Math.round(ms), budgetMs };
  return { exceeded: { ...others, [key]: true }, facts: [fact("budget.exceeded", subject, data)] };
}

/** A run from the demand to the contact that confirms it; `output` carries the demand, `contact` the position. */
export function travelMeasure(
  barrier: BarrierConfig,
  run: { readonly ms: number; readonly isFast: boolean },
  wiring: { readonly output: Wired | undefined; readonly contact: Wired | undefined },
): Measure {
  const travelMs = run.isFast ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
  const commandMs = wiring.output === undefined ? 0 : commandBudgetMs(wiring.output);
  const contactMs = wiring.contact === undefined ? 0 : arrivalMs(wiring.contact);
  return {
    subject: barrier.id,
    term: "travel",
    ms: run.ms,
    budgetMs: travelMs + commandMs + contactMs,
    device: `barrier:${barrier.id}`,
  };
}

/** From a write to the hardware's confirmation. */
export function commandMeasure(wired: Wired, ms: number): Measure {
  return {
    subject: wired.point.id,
    term: "command",
    ms,
    budgetMs: commandBudgetMs(wired),
    device: `driver:${wired.driver.id}`,
  };
}

/** From a change to the moment at which the controller takes it in, where the source dates it. */
export function arrivalMeasure(wired: Wired, ms: number): Measure {
  return {
    subject: wired.point.id,
    term: "arrival",
    ms,
    budgetMs: arrivalMs(wired) + reactionMs,
    device: `driver:${wired.driver.id}`,
  };
}

/** What a block of a level covers; a little more than assumed is the jitter of its source. */
export function blockMeasure(wired: Wired, { values, periodUs }: LevelBlock): Measure {
  return {
    subject: wired.point.id,
    term: "block",
    ms: (values.length * periodUs) / 1000,
    budgetMs: levelBlockMs + reactionMs,
    device: `driver:${wired.driver.id}`,
  };
}

/** How much later than it wished the box was woken: what its own machine adds to every step. */
export function reactionMeasure(edge: string, ms: number): Measure {
  return { subject: edge, term: "reaction", ms, budgetMs: reactionMs, device: `box:${edge}` };
}
