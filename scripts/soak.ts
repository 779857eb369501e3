// Runs seeds through the simulation of whole sites on all cores; a failure is shrunk, saved and can be replayed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { builtFile } from "../edge/machine/built.js";
import { type Outcome, runScenario } from "../test/simulation/run.js";
import type { Broken, Job, Ran, Saved } from "./soak-worker.js";

/** A simulated day leaves much behind for a short time; with more room it is cleared away less often. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };
const failuresFolder = ".portcullis";

export interface SoakOptions {
  readonly seed: number;
  /** Seeds from `seed` on. */
  readonly count: number;
  readonly days: number;
  readonly json: boolean;
}

/** Runs the seeds; false when a rule was broken. */
export async function soak({ seed, count, days, json }: SoakOptions): Promise<boolean> {
  const startedAt = process.hrtime.bigint();
  const jobs = Array.from({ length: count }, (_, at): Job => ({ seed: seed + at, days }));
  const done: Ran[] = [];
  const each = (ran: Ran) => {
    done.push(ran);
    tell(ran, json, `${done.length}/${count} `);
    if (ran.broken !== null) save(ran.seed, ran.broken);
  };
  const cores = Math.min(count, availableParallelism());
  await Promise.all(Array.from({ length: cores }, () => work(jobs, each)));
  if (!json) summarise(done, secondsSince(startedAt));
  return done.every(({ broken }) => broken === null);
}

/** Runs a saved failure again; false when it still breaks a rule. */
export async function replay(file: string, json: boolean): Promise<boolean> {
  const scenario = JSON.parse(readFileSync(file, "utf8")) as Saved;
  const startedAt = process.hrtime.bigint();
  const outcome = await runScenario(scenario);
  const tookMs = Math.round(secondsSince(startedAt) * 1000);
  for (const line of json ? [] : outcome.tail) console.log(line);
  const { seed, site, happenings } = scenario;
  tell({ seed, site, happenings: happenings.length, tookMs, outcome, broken: null }, json, "");
  return outcome.violation === null;
}

/** One worker takes job after job until none is left. Rejects when it dies. */
async function work(jobs: Job[], each: (ran: Ran) => void): Promise<void> {
  if (jobs.length === 0) return;
  const worker = new Worker(builtFile("scripts/soak-worker.ts"), { resourceLimits });
  try {
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        const job = jobs.shift();
        if (job === undefined) resolve();
        else worker.postMessage(job);
      };
      worker.on("message", (ran: Ran) => {
        each(ran);
        next();
      });
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
      next();
    });
  } finally {
    await worker.terminate();
  }
}

const secondsSince = (startedAt: bigint) => Number(process.hrtime.bigint() - startedAt) / 1e9;

function tell({ seed, site, happenings, tookMs, outcome }: Ran, json: boolean, progress: string): void {
  const { violation, events, incidents, committed, stored }: Omit<Outcome, "tail"> = outcome;
  if (json) {
    console.log(JSON.stringify({ seed, site, happenings, tookMs, events, incidents, committed, stored, violation }));
    return;
  }
  const what = `${happenings} happenings, ${incidents} incidents, ${committed} records, ${events} events, ${tookMs} ms`;
  const verdict = violation === null ? "holds 通过" : `BREAKS 违反 ${violation.rule}: ${violation.detail}`;
  console.log(`${progress}seed ${seed} (${site}): ${what}: ${verdict}`);
}

function save(seed: number, { saved, runs }: Broken): void {
  const file = join(failuresFolder, `soak-${seed}.json`);
  mkdirSync(failuresFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
  console.error(`  shrunk in ${runs} runs to ${saved.happenings.length} happenings:`);
  for (const happening of saved.happenings) console.error(`    ${JSON.stringify(happening)}`);
  console.error(`  replay 重放: npx portcullis soak --replay ${file}`);
}

function summarise(done: readonly Ran[], seconds: number): void {
  const sum = (of: (outcome: Ran["outcome"]) => number) => done.reduce((total, { outcome }) => total + of(outcome), 0);
  const broken = done.filter(({ outcome }) => outcome.violation !== null);
  const counts = `${sum(({ incidents }) => incidents)} incidents, ${sum(({ committed }) => committed)} records`;
  console.log(`${done.length} seeds in ${seconds.toFixed(1)} s, ${counts}, ${broken.length} broken 违反`);
  for (const { seed, outcome } of broken) console.log(`  seed ${seed}: ${outcome.violation?.rule}`);
}
