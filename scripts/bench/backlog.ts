// A long absence of the hub, then it comes back: is a fresh alarm there at once, does the backlog drain as fast as the hub can
// store, does the controller notice anything? node scripts/build.mjs && node .build/scripts/bench/backlog.js --records 1000000
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Recorder, startRecorder } from "../../edge/agent/recorder.js";
import { initialState, step } from "../../edge/controller.js";
import { initialDurable } from "../../edge/incident/durable.js";
import { createClock } from "../../edge/machine/clock.js";
import type { Fact } from "../../edge/model/fact.js";
import { type Lane, lanes } from "../../edge/model/record.js";
import { endProcess } from "../../test/support/processes.js";
import { wholeNumber } from "../whole-number.js";
import { type BenchHub, measureLedger, prepareHub } from "./backlog-hub.js";
import { benchBox, benchDraft, buildBacklog } from "./backlog-journal.js";
import { benchSite } from "./site.js";

const limits = { freshAlarmMs: 1_000, drainShare: 0.5, controllerRatio: 1.5, memoryMiB: 256 };
const ledgerSample = 50_000;
const ledgerBatch = 512;
const idleMs = 5_000;
const freshEveryMs = 1_000;
const sampleEveryMs = 2;
/** A hub that stores nothing for so long is gone or stuck. */
const patienceMs = 60_000;
const mib = 1024 * 1024;

const { values } = parseArgs({ options: { records: { type: "string", default: "1000000" } } });
const count = wholeNumber("records", values.records);
const clock = createClock();
const folder = mkdtempSync(join(tmpdir(), "portcullis-backlog-"));
const journal = join(folder, "journal");
const fresh: number[] = [];

function freshAlarm(recorder: Recorder): Promise<void> {
  const { data, type, subject } = benchDraft(count + fresh.length, clock.now(), "alarm");
  const known = { type, lane: "alarm", subject, data } as unknown as Fact;
  return recorder.append([{ fact: known, now: clock.now(), exercise: false }]);
}

/** Raises an alarm and waits until the ledger holds it; ms from the moment at which it was handed over. */
async function timeOfFreshAlarm(recorder: Recorder, hub: BenchHub): Promise<number> {
  const from = performance.now();
  await freshAlarm(recorder);
  const { heads } = await recorder.status();
  const wanted = heads.find(({ lane }) => lane === "alarm")?.sequence ?? 0;
  const reached = watchLedger(hub);
  while (reached().alarm < wanted) await pause(5);
  return performance.now() - from;
}

/** Reads what the ledger holds. @throws Error when it has not grown for long. */
function watchLedger(hub: BenchHub): BenchHub["reached"] {
  let [stored, since] = [-1, 0];
  return () => {
    const reached = hub.reached();
    const now = lanes.reduce((sum, lane) => sum + reached[lane], 0);
    if (now !== stored) [stored, since] = [now, performance.now()];
    else if (performance.now() - since > patienceMs)
      throw new Error(`the ledger has stayed at ${stored} records for ${patienceMs / 1000} s`);
    return reached;
  };
}

interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** Steps a large site's controller all the time, as the reaction thread does; gives each step's lateness and length in µs. */
function watchController() {
  const config = benchSite();
  let state = initialState(config, initialDurable(config), clock.now());
  let took: number[] = [];
  let round = 0;
  const beat = (dueAt: number) => {
    round += 1;
    const sample = { point: "beam-3", value: round % 2 === 0, quality: "good", occurredAt: clock.mono() } as const;
    state = step(state, { kind: "sample", sample }, clock.now()).state;
    took.push((clock.mono() - dueAt) * 1000);
    schedule();
  };
  const schedule = () => {
    const dueAt = clock.mono() + sampleEveryMs;
    timer = setTimeout(beat, sampleEveryMs, dueAt);
  };
  let timer = setTimeout(schedule, 0);
  return {
    take(): Times {
      const sorted = took.sort((one, other) => one - other);
      took = [];
      const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
      return { p50: at(0.5), p99: at(0.99) };
    },
    stop: () => clearTimeout(timer),
  };
}

function tell(what: string, value: number, holds: boolean): void {
  console.log(`${what.padEnd(58)} ${value.toFixed(2).padStart(8)}  ${holds ? "holds" : "MISSED"}`);
  if (!holds) process.exitCode = 1;
}

async function drain(recorder: Recorder, hub: BenchHub, wanted: Readonly<Record<Lane, number>>) {
  const from = performance.now();
  let peakMiB = 0;
  let nextAt = from;
  const reached = watchLedger(hub);
  while (lanes.some((lane) => reached()[lane] < wanted[lane])) {
    peakMiB = Math.max(peakMiB, process.memoryUsage().rss / mib);
    if (performance.now() >= nextAt) {
      nextAt = performance.now() + freshEveryMs;
      fresh.push(await timeOfFreshAlarm(recorder, hub));
    }
    await pause(50);
  }
  return { seconds: (performance.now() - from) / 1000, peakMiB };
}

function startBox(hub: BenchHub): Promise<Recorder> {
  const name = `${benchBox.site}.${benchBox.edge}`;
  return startRecorder({
    ...benchBox,
    dataDir: journal,
    keysDir: join(journal, "..", "keys"),
    secretIds: [],
    isAlone: false,
    initial: initialDurable(benchSite()),
    journal: { retentionDays: 90, quotaMiB: 8192, reserveMiB: 4 },
    uplink: {
      hubs: [hub.url],
      ca: join(hub.pki, "ca.pem"),
      cert: join(hub.pki, "edges", `${name}.pem`),
      key: join(hub.pki, "edges", `${name}.key`),
    },
  });
}

async function main(): Promise<void> {
  console.log(`${count} records are written ...`);
  const heads = await buildBacklog(journal, count);
  const wanted = Object.fromEntries(heads.map(({ lane, sequence }) => [lane, sequence])) as Record<Lane, number>;
  const rate = await measureLedger(folder, journal, { count: Math.min(count, ledgerSample), size: ledgerBatch });
  const hub = await prepareHub(folder);
  const recorder = await startBox(hub);
  recorder.onTrouble((code, detail) => console.log(`  ${code}: ${detail}`));
  const controller = watchController();
  let child: ChildProcess | null = null;
  try {
    await pause(idleMs / 2);
    controller.take();
    const baseMiB = process.memoryUsage().rss / mib;
    await pause(idleMs);
    const idle = controller.take();
    child = await hub.start();
    const { seconds, peakMiB } = await drain(recorder, hub, wanted);
    report({ rate, seconds, idle, busy: controller.take(), memoryMiB: peakMiB - baseMiB });
  } finally {
    controller.stop();
    await recorder.close();
    if (child !== null) await endProcess(child, "SIGTERM");
  }
}

interface Measured {
  readonly rate: number;
  readonly seconds: number;
  readonly idle: Times;
  readonly busy: Times;
  readonly memoryMiB: number;
}

function report({ rate, seconds, idle, busy, memoryMiB }: Measured): void {
  const drained = count / seconds;
  const worst = Math.max(...fresh) / limits.freshAlarmMs;
  const micros = ({ p50, p99 }: Times) => `p50 ${p50.toFixed(0)} p99 ${p99.toFixed(0)} µs`;
  console.log(`ledger alone ${rate.toFixed(0)} records/s, drained ${drained.toFixed(0)} records/s`);
  console.log(`controller, lateness and step: idle ${micros(idle)}, draining ${micros(busy)}`);
  tell(`fresh alarms in the ledger, worst of ${fresh.length}, of the limit of 1 s`, worst, worst < 1);
  tell("drain, share of what the ledger alone stores", drained / rate, drained / rate >= limits.drainShare);
  tell(
    "controller while draining over idle, median",
    busy.p50 / idle.p50,
    busy.p50 / idle.p50 < limits.controllerRatio,
  );
  tell("memory taken while draining, MiB", memoryMiB, memoryMiB < limits.memoryMiB);
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
