import { describe, expect, it } from "vitest";
import { arrivalMs, commandBudgetMs, intervalMs, type Wired } from "../../../edge/model/budget.js";
import type { BarrierConfig, EdgeConfig } from "../../../edge/model/site.js";
import {
  arrivalMeasure,
  blockMeasure,
  checkBudget,
  commandMeasure,
  travelMeasure,
} from "../../../edge/response/budget.js";
import { exampleSite } from "../../support/virtual-site.js";

const config = exampleSite("office").edges[0] as EdgeConfig;

function wired(id: string): Wired {
  for (const driver of config.drivers) {
    const point = driver.points.find((each) => each.id === id);
    if (point !== undefined) return { driver, point };
  }
  throw new Error(`the office has no ${id}`);
}

describe("what the proof grants", () => {
  it.each([
    ["siren", 100, 40],
    ["b1-demand", 350, 150],
    ["b1-closed", 350, 150],
    ["beam-blocked", 1000, 0],
  ] as const)("%s: %d ms for a command, %d ms for an interval", (id, commandMs, ms) => {
    expect([commandBudgetMs(wired(id)), intervalMs(wired(id))]).toEqual([commandMs, ms]);
  });

  it("takes what an MQTT point declares for its confirmation, and adds what a point declares as its latency", () => {
    const { driver, point } = wired("beam-blocked");
    expect(commandBudgetMs({ driver, point: { ...point, confirmWithinMs: 400 } as typeof point })).toBe(400);
    expect(arrivalMs(wired("b1-closed"))).toBe(300);
  });
});

describe("a term that is measured", () => {
  const barrier = config.barriers[0] as BarrierConfig;
  const wiring = { output: wired("b1-demand"), contact: wired("b1-closed") };

  it("has the datasheet's travel, the command and the contact as its budget", () => {
    const measure = travelMeasure(barrier, { ms: 1, isFast: false }, wiring);
    expect(measure.budgetMs).toBe(barrier.travelMs + 350 + 300);
    const fast = travelMeasure(barrier, { ms: 1, isFast: true }, wiring);
    expect(fast.budgetMs).toBe((barrier.emergencyTravelMs ?? barrier.travelMs) + 350 + 300);
  });

  it("A-33: over its budget is told once, until it was within again", () => {
    const over = commandMeasure(wired("siren"), 101);
    const first = checkBudget({}, over);
    expect(first.facts).toMatchObject([
      { type: "budget.exceeded", data: { subject: "siren", term: "command", ms: 101, budgetMs: 100 } },
    ]);
    expect(checkBudget(first.exceeded, over).facts).toEqual([]);
    const within = checkBudget(first.exceeded, commandMeasure(wired("siren"), 100));
    expect(within).toEqual({ exceeded: {}, facts: [] });
    expect(checkBudget(within.exceeded, over).facts).toHaveLength(1);
  });

  it("A-31: finds a level whose blocks are longer than the proof assumes, and bears the jitter of its source", () => {
    const block = (count: number) => ({ t0: 0, periodUs: 1000, values: Array.from({ length: count }, () => 0) });
    const facts = (count: number) => checkBudget({}, blockMeasure(wired("fence-level"), block(count))).facts;
    expect([facts(300), facts(301).map(({ data }) => data)]).toEqual([
      [],
      [{ subject: "fence-level", term: "block", ms: 301, budgetMs: 300 }],
    ]);
  });

  it("is kept apart by subject and term", () => {
    const { exceeded } = checkBudget({}, commandMeasure(wired("siren"), 101));
    expect(checkBudget(exceeded, arrivalMeasure(wired("panic"), 131)).facts).toHaveLength(1);
    expect(checkBudget(exceeded, arrivalMeasure(wired("panic"), 130)).facts).toHaveLength(0);
  });
});
