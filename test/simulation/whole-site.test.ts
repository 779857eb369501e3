// Whole sites under seeds: saved failures stay repaired, new seeds hold, and planted bugs are found and made small.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Extent } from "./happenings.js";
import { planted } from "./planted.js";
import { runScenario, type Scenario, scenarioOf } from "./run.js";
import { shrink } from "./shrink.js";

interface Saved extends Scenario {
  readonly rule: string;
  readonly about: string;
  /** The product does not hold the rule yet; once it does, this mark goes. */
  readonly open?: boolean;
}

const folder = join(import.meta.dirname, "regressions");
const saved = readdirSync(folder).map((name) => ({
  name,
  ...(JSON.parse(readFileSync(join(folder, name), "utf8")) as Saved),
}));
const hour = 3_600_000;
/** Some of what is saved takes days of virtual time; on a busy machine that is long. */
const daysMs = 120_000;
/** Half of a bad day within an hour. */
const crowded: Extent = { spanMs: hour, density: 12 };

describe("a whole site under a seed", () => {
  it.each(saved.filter(({ open }) => open !== true))(
    "keeps what $name once broke: $about",
    async (scenario) => {
      expect((await runScenario(scenario)).violation).toBeNull();
    },
    daysMs,
  );

  it.fails.each(saved.filter(({ open }) => open === true))("does not hold yet, $name: $about", async (scenario) => {
    expect((await runScenario(scenario)).violation).toBeNull();
  });

  it.each([1, 3, 8, 11])("holds every rule on seed %i", async (seed) => {
    const outcome = await runScenario(scenarioOf(seed, crowded));
    expect(outcome.violation).toBeNull();
    expect(outcome.incidents).toBeGreaterThan(2);
    expect(outcome.stored).toBeGreaterThan(100);
  });

  it("does the same twice", async () => {
    const [one, other] = [await runScenario(scenarioOf(7, crowded)), await runScenario(scenarioOf(7, crowded))];
    expect(other.tail).toEqual(one.tail);
    expect(other.events).toBe(one.events);
  });
});

describe("the simulator", () => {
  const seedsMax = 20;
  /** Not far before the first of the seeds 1 to 20 that finds it. */
  const from: Readonly<Record<string, number>> = {
    "counts deadlines on the wall clock": 10,
    "stores duplicates": 14,
    "moves without looking at interlocks": 16,
  };

  it.each(Object.entries(planted))("finds a box that %s, and makes the failure small", async (name, plants) => {
    for (let seed = from[name] ?? 1; seed <= seedsMax; seed += 1) {
      const scenario = scenarioOf(seed, crowded);
      const outcome = await runScenario(scenario, plants);
      if (outcome.violation === null) continue;
      const small = await shrink(scenario, outcome, plants);
      expect(small.outcome.violation?.rule).toBe(outcome.violation.rule);
      expect(small.scenario.happenings.length).toBeLessThanOrEqual(3);
      return;
    }
    throw new Error(`not found within ${seedsMax} seeds`);
  });
});
