// Runs seeds one after the other through the simulation of whole sites; a failure is shrunk, saved and can be replayed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, runScenario, type Scenario, scenarioOf } from "../test/simulation/run.js";
import { shrink } from "../test/simulation/shrink.js";

const dayMs = 86_400_000;
const failuresFolder = ".portcullis";

export interface SoakOptions {
  readonly seed: number;
  /** Seeds from `seed` on. */
  readonly seeds: number;
  readonly days: number;
  readonly json: boolean;
}

/** A saved failure: a scenario with the rule that broke. */
export type Saved = Scenario & { readonly rule: string; readonly about: string };

/** Runs the seeds; false when a rule was broken. */
export async function soak({ seed, seeds, days, json }: SoakOptions): Promise<boolean> {
  let sound = true;
  for (let present = seed; present < seed + seeds; present += 1) {
    const scenario = scenarioOf(present, { spanMs: days * dayMs, density: 1 });
    const startedAt = process.hrtime.bigint();
    const outcome = await runScenario(scenario);
    const tookMs = Math.round(Number(process.hrtime.bigint() - startedAt) / 1e6);
    tell({ json, seed: present, happenings: scenario.happenings.length, tookMs, outcome });
    if (outcome.violation !== null) {
      sound = false;
      await report(scenario, outcome);
    }
  }
  return sound;
}

/** Runs a saved failure again; false when it still breaks a rule. */
export async function replay(file: string, json: boolean): Promise<boolean> {
  const scenario = JSON.parse(readFileSync(file, "utf8")) as Saved;
  const startedAt = process.hrtime.bigint();
  const outcome = await runScenario(scenario);
  const tookMs = Math.round(Number(process.hrtime.bigint() - startedAt) / 1e6);
  for (const line of json ? [] : outcome.tail) console.log(line);
  tell({ json, seed: scenario.seed, happenings: scenario.happenings.length, tookMs, outcome });
  return outcome.violation === null;
}

interface Told {
  readonly json: boolean;
  readonly seed: number;
  readonly happenings: number;
  readonly tookMs: number;
  readonly outcome: Outcome;
}

function tell({ json, seed, happenings, tookMs, outcome }: Told): void {
  const { violation, events, incidents, committed, stored } = outcome;
  if (json) {
    console.log(JSON.stringify({ seed, happenings, tookMs, events, incidents, committed, stored, violation }));
    return;
  }
  const what = `${happenings} happenings, ${incidents} incidents, ${committed} records, ${events} events, ${tookMs} ms`;
  const verdict = violation === null ? "holds 通过" : `BREAKS 违反 ${violation.rule}: ${violation.detail}`;
  console.log(`seed ${seed}: ${what}: ${verdict}`);
}

async function report(scenario: Scenario, outcome: Outcome): Promise<void> {
  const small = await shrink(scenario, outcome);
  const { rule = "", detail = "" } = small.outcome.violation ?? {};
  const saved: Saved = { ...small.scenario, rule, about: detail.slice(0, 300) };
  const file = join(failuresFolder, `soak-${scenario.seed}.json`);
  mkdirSync(failuresFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
  console.error(`  shrunk in ${small.runs} runs to ${saved.happenings.length} happenings:`);
  for (const happening of saved.happenings) console.error(`    ${JSON.stringify(happening)}`);
  console.error(`  replay 重放: npx portcullis soak --replay ${file}`);
}
