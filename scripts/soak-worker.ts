// The worker thread of a soak: runs one seed at a time and, when a rule breaks, makes the failure small.
import { parentPort } from "node:worker_threads";
import { type Outcome, runScenario, type Scenario, scenarioOf } from "../test/simulation/run.js";
import { shrink } from "../test/simulation/shrink.js";

export interface Job {
  readonly seed: number;
  readonly days: number;
}

/** A saved failure: a scenario with the rule that broke. */
export type Saved = Scenario & { readonly rule: string; readonly about: string };

export interface Broken {
  readonly saved: Saved;
  /** It took so many to shrink it. */
  readonly runs: number;
}

export interface Ran {
  readonly seed: number;
  readonly site: string;
  readonly happenings: number;
  readonly tookMs: number;
  readonly outcome: Omit<Outcome, "tail">;
  readonly broken: Broken | null;
}

const dayMs = 86_400_000;
const aboutCharactersMax = 300;

async function run({ seed, days }: Job): Promise<Ran> {
  const scenario = scenarioOf(seed, { spanMs: days * dayMs, density: 1 });
  const startedAt = process.hrtime.bigint();
  const { tail: _, ...outcome } = await runScenario(scenario);
  const tookMs = Math.round(Number(process.hrtime.bigint() - startedAt) / 1e6);
  const broken = outcome.violation === null ? null : await makeSmall(scenario, { ...outcome, tail: [] });
  return { seed, site: scenario.site, happenings: scenario.happenings.length, tookMs, outcome, broken };
}

async function makeSmall(scenario: Scenario, outcome: Outcome): Promise<Broken> {
  const { runs, ...small } = await shrink(scenario, outcome);
  const { rule = "", detail = "" } = small.outcome.violation ?? {};
  return { saved: { ...small.scenario, rule, about: detail.slice(0, aboutCharactersMax) }, runs };
}

const port = parentPort;
port?.on("message", (job: Job) => {
  // What is uncaught ends the worker, and with it the soak.
  run(job)
    .then((ran) => port.postMessage(ran))
    .catch((error) => {
      throw error;
    });
});
