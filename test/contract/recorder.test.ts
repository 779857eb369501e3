// The recorder with its real worker thread, on a real folder.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { type Recorder, startRecorder } from "../../edge/agent/recorder.js";
import type { RecorderEntry, RecorderOptions, WorkerOptions } from "../../edge/agent/recorder-messages.js";
import { verifyJournal } from "../../edge/journal/inspect.js";
import { builtFile } from "../../edge/machine/built.js";
import { createClock } from "../../edge/machine/clock.js";
import { createTimer } from "../../edge/machine/timer.js";
import type { JournalRecord, Lane } from "../../edge/model/record.js";

const clock = createClock();
const open: Recorder[] = [];
const workers: Worker[] = [];
afterEach(async () => {
  for (const recorder of open.splice(0)) await recorder.close();
});

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "recorder-"));
}

async function start(dataDir: string): Promise<Recorder> {
  const journal = { retentionDays: 90, quotaMiB: 64, reserveMiB: 4 };
  const options: RecorderOptions = { dataDir, site: "office", edge: "box", journal };
  const startWorker = (workerData: WorkerOptions) => {
    const worker = new Worker(builtFile("edge/agent/recorder-worker.ts"), { workerData });
    workers.push(worker);
    return worker;
  };
  const recorder = await startRecorder(options, { clock, timer: createTimer(), startWorker });
  open.push(recorder);
  return recorder;
}

function entry(detail: string, lane: Lane = "state"): RecorderEntry {
  const data = { limit: "test", detail };
  return { fact: { type: "limit.reached", lane, subject: "test", data }, now: clock.now(), exercise: false };
}

async function details(recorder: Recorder): Promise<unknown[]> {
  const found: JournalRecord[] = [];
  await recorder.replay(1, (record) => found.push(record));
  return found.map(({ data }) => data["detail"]);
}

test("what was appended is replayed after a restart, with the time of the entry", async () => {
  const dataDir = await folder();
  const first = await start(dataDir);
  const now = clock.now();
  await first.append([entry("a"), { ...entry("b", "alarm"), now }]);
  const { epoch } = await first.status();
  await first.close();
  const second = await start(dataDir);
  const records: JournalRecord[] = [];
  await second.replay(1, (record) => records.push(record));
  expect(records.map(({ order, data }) => [order, data["detail"]])).toEqual([
    [1, "a"],
    [2, "b"],
  ]);
  expect(records[1]).toMatchObject({ boot: now.boot, time: new Date(now.wall).toISOString(), epoch });
  expect(Number(records[1]?.mono) / 1e6).toBeCloseTo(now.mono, 3);
  expect((await second.status()).heads.map(({ lane, sequence }) => [lane, sequence])).toEqual([
    ["alarm", 1],
    ["state", 1],
    ["telemetry", 0],
  ]);
});

test("a replay of many records comes in order and complete", async () => {
  const recorder = await start(await folder());
  const all = Array.from({ length: 1200 }, (_, at) => `${at}`);
  await Promise.all(all.map((detail) => recorder.append([entry(detail)])));
  expect(await details(recorder)).toEqual(all);
});

test("the worker dies in the middle: trouble is told, nothing promised is lost, nothing is written twice", async () => {
  const dataDir = await folder();
  const recorder = await start(dataDir);
  const troubles: string[] = [];
  recorder.onTrouble((code) => troubles.push(code));
  const before = Array.from({ length: 300 }, (_, at) => `before ${at}`);
  const appended = before.map((detail, at) => recorder.append([entry(detail, at % 2 === 0 ? "alarm" : "state")]));
  await appended[20];
  await workers.at(-1)?.terminate();
  await Promise.all(appended);
  await recorder.append([entry("after")]);
  expect(await details(recorder)).toEqual([...before, "after"]);
  expect(troubles).toEqual(["journal.worker-died"]);
  await recorder.close();
  expect((await verifyJournal(dataDir)).faults).toEqual([]);
});

test("a folder that cannot be written begins a volatile epoch and says so", async () => {
  const file = join(await folder(), "not-a-folder");
  await writeFile(file, "");
  const recorder = await start(file);
  const troubles: string[] = [];
  recorder.onTrouble((code) => troubles.push(code));
  await recorder.append([entry("a", "alarm")]);
  expect((await recorder.status()).volatile).toBe(true);
  await vi.waitFor(() => expect(troubles).toContain("journal.volatile"));
});
