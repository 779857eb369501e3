// The recorder with its real worker thread, on a real folder.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { type Recorder, startRecorder } from "../../edge/agent/recorder.js";
import type { RecorderEntry, RecorderOptions, WorkerOptions } from "../../edge/agent/recorder-messages.js";
import { readJournal, verifyJournal } from "../../edge/journal/inspect.js";
import { builtFile } from "../../edge/machine/built.js";
import { createClock } from "../../edge/machine/clock.js";
import { createTimer } from "../../edge/machine/timer.js";
import { fact } from "../../edge/model/fact.js";
import type { JournalRecord, Lane } from "../../edge/model/record.js";
import { testFolder } from "../support/folder.js";
import { initialOffice } from "../support/journal.js";

const clock = createClock();
const open: Recorder[] = [];
const workers: Worker[] = [];
afterEach(async () => {
  for (const recorder of open.splice(0)) await recorder.close();
});

const initial = initialOffice();

async function start(dataDir: string, encryption: Partial<RecorderOptions["journal"]> = {}): Promise<Recorder> {
  const journal = { retentionDays: 90, quotaMiB: 64, reserveMiB: 4, ...encryption };
  const options: RecorderOptions = {
    dataDir,
    keysDir: join(dataDir, "keys"),
    secretIds: [],
    isAlone: false,
    site: "office",
    edge: "box",
    initial,
    journal,
  };
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

/** What a journal writes by itself. */
const ownTypes = ["state.kept", "journal.checkpointed"];

/** What the closed journal holds of what it was given. */
async function recordsIn(dataDir: string): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of readJournal(dataDir)) if (!ownTypes.includes(record.type)) found.push(record);
  return found;
}

test("tells after a start when the newest record was made, and what waits for the hub since when", async () => {
  const dataDir = testFolder();
  const first = await start(dataDir);
  expect(first.wallMs()).toBe(0);
  const made = { ...entry("one", "alarm"), now: { ...clock.now(), clock: "holdover" as const } };
  await first.append([made]);
  await first.close();
  const second = await start(dataDir);
  expect(second.wallMs()).toBeGreaterThanOrEqual(Math.floor(made.now.wall));
  const { backlog, oldestAgeMs, hoursLeft } = await second.status();
  expect([backlog.alarm, oldestAgeMs.telemetry, hoursLeft.alarm]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
  expect(oldestAgeMs.alarm).toBeGreaterThan(0);
});

test("what was appended is there after a restart, with the time of the entry", async () => {
  const dataDir = testFolder();
  const first = await start(dataDir);
  const now = clock.now();
  await first.append([entry("a"), { ...entry("b", "alarm"), now }]);
  const { epoch } = await first.status();
  await first.close();
  const second = await start(dataDir);
  const records = await recordsIn(dataDir);
  expect(records.map(({ data }) => data["detail"])).toEqual(["a", "b"]);
  expect(records[1]).toMatchObject({ boot: now.boot, time: new Date(now.wall).toISOString(), epoch });
  expect(Number(records[1]?.mono) / 1e6).toBeCloseTo(now.mono, 3);
  expect((await second.status()).heads.map(({ lane, sequence }) => [lane, sequence])).toEqual([
    ["alarm", 1],
    ["state", 3],
    ["telemetry", 0],
  ]);
});

test("the durable state of the run before is handed to the next one", async () => {
  const dataDir = testFolder();
  const first = await start(dataDir);
  const now = clock.now();
  const disarmed = fact("area.disarmed", "gatehouse", { area: "gatehouse", by: "wang", at: now, zones: [] });
  await first.append([{ fact: disarmed, now, exercise: false }]);
  expect((await first.durable()).armed["gatehouse"]).toBe(false);
  await first.close();
  const second = await start(dataDir);
  expect(await second.durable()).toEqual({
    ...initial,
    armed: { ...initial.armed, gatehouse: false },
    armedSince: { gatehouse: now },
  });
});

test("the worker dies in the middle: trouble is told, nothing promised is lost, nothing is written twice", async () => {
  const dataDir = testFolder();
  const recorder = await start(dataDir);
  const troubles: string[] = [];
  recorder.onTrouble((code) => troubles.push(code));
  const before = Array.from({ length: 300 }, (_, at) => `before ${at}`);
  const appended = before.map((detail, at) => recorder.append([entry(detail, at % 2 === 0 ? "alarm" : "state")]));
  await appended[20];
  await workers.at(-1)?.terminate();
  await Promise.all(appended);
  await recorder.append([entry("after")]);
  expect(troubles).toEqual(["journal.worker-died"]);
  await recorder.close();
  expect((await recordsIn(dataDir)).map(({ data }) => data["detail"])).toEqual([...before, "after"]);
  expect((await verifyJournal(dataDir)).faults).toEqual([]);
});

test("A-34: what a new configuration puts into an encrypted area is sealed from then on, also by the next worker", async () => {
  const [dataDir, elsewhere] = [testFolder(), testFolder()];
  const recorder = await start(join(dataDir, "journal"), {
    encryptedAreas: ["archive"],
    keyFile: join(elsewhere, "archive.key"),
  });
  const changed = (state: string): RecorderEntry => {
    const data = { limit: state, detail: "archive-window" };
    return { ...entry(state), fact: { type: "limit.reached", lane: "state", subject: "archive-window", data } };
  };
  await recorder.append([changed("before")]);
  recorder.keepSecret(["archive-window"]);
  await recorder.append([changed("after")]);
  await workers.at(-1)?.terminate();
  await recorder.append([changed("restarted")]);
  await recorder.close();
  expect((await recordsIn(join(dataDir, "journal"))).map(({ data }) => data["limit"])).toEqual(["before"]);
});

test("a folder that cannot be written begins a volatile epoch and says so", async () => {
  const file = join(testFolder(), "not-a-folder");
  await writeFile(file, "");
  const recorder = await start(file);
  const troubles: string[] = [];
  recorder.onTrouble((code) => troubles.push(code));
  await recorder.append([entry("a", "alarm")]);
  expect((await recorder.status()).volatile).toBe(true);
  await vi.waitFor(() => expect(troubles).toContain("journal.volatile"));
});
