// kill -9 of a box while settings are applied at it: after the start the old revision or the new one is in force, whole, and the
// journal says which. Once more on a disk that has no room.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadSite } from "../../config/load.js";
import type { RevisionView } from "../../edge/commissioning/settings/told.js";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { readJournal } from "../../edge/journal/inspect.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { settingsFiles } from "../../edge/model/revision.js";
import { smallSite } from "../contract/small-box.js";
import { putPeople } from "../support/box-people.js";
import { entry, portcullis } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";
import { freePorts } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";
import { seeded } from "../support/seeded.js";
import { until } from "../support/until.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 150_000 });

const rounds = 4;
/** A loaded machine takes this long from the order to the answer, a good one a second or two. */
const killWithinMs = 8_000;
/** What the box still does after its answer is done by then. */
const killAfterAnswerMs = 1_000;
/** Half a minute and more where other tests keep the machine busy. */
const startWithinMs = 120_000;
const pin = "739154";

interface Box {
  readonly dataDir: string;
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Not waited for: the box is killed on the way. */
  order(filterMs: number): Promise<{ status: number; body: Readonly<Record<string, unknown>> } | null>;
}

const children: ChildProcess[] = [];
afterAll(async () => {
  await Promise.all(children.map((child) => endProcess(child)));
});

async function makeBox(dataDir: string, folder: string): Promise<Box> {
  const [http = 0, broker = 0] = await freePorts(2);
  const file = join(folder, "given.yaml");
  writeFileSync(file, smallSite({ revision: 1, http, broker }).replace(/armedAtStart: true/g, "armedAtStart: false"));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  putPeople(dataDir, [{ name: "li", roles: ["technician"], pin }]);
  const url = `http://127.0.0.1:${http}`;
  let child: ChildProcess | null = null;
  const call = async (path: string, body: object, token = "") => {
    const headers = {
      "content-type": "application/json",
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(`${url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
  };
  return {
    dataDir,
    url,
    async start() {
      const arguments_ = [entry, "edge", "--config", file, "--edge", "box", "--data", dataDir];
      child = spawn(process.execPath, arguments_, { stdio: "ignore" });
      children.push(child);
      await until("the box answers", async () => (await statusOf(url)).revision, startWithinMs);
    },
    async kill() {
      if (child !== null) await endProcess(child);
    },
    async order(filterMs) {
      try {
        const { revision } = await statusOf(url);
        const token = String((await call("sessions", { name: "li", pin })).body["token"]);
        const changes = [{ zone: "fence-1", key: "filterMs", value: filterMs }];
        return await call("settings", { changes, reason: `to ${filterMs}`, revision }, token);
      } catch {
        // Killed on the way.
        return null;
      }
    },
  };
}

async function statusOf(url: string): Promise<BoxStatus> {
  return (await (await fetch(`${url}/api/v1/status`)).json()) as BoxStatus;
}

async function records(dataDir: string): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of readJournal(join(dataDir, "journal"))) found.push(record);
  return found;
}

const storedIn = (dataDir: string) => readFileSync(join(dataDir, settingsFiles.stored), "utf8");

function loaded(text: string) {
  const site = loadSite(text, "site.yaml");
  if (!site.ok) throw new Error(`not whole: ${site.troubles[0]?.detail}`);
  return site;
}

/** Which revision the journal says is in force. */
async function applied(dataDir: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await records(dataDir)).filter(({ type }) => type === "config.applied").at(-1)?.data;
}

it("a power cut while settings are applied leaves the old or the new revision, whole, and the journal says which", async () => {
  const folder = testFolder();
  const box = await makeBox(join(folder, "data"), folder);
  const random = seeded(11);
  const seen: number[] = [];
  await box.start();
  for (let round = 0; round < rounds; round += 1) {
    const before = storedIn(box.dataDir);
    const wanted = 50 + round * 10;
    const order = box.order(wanted);
    const [waits, waitsOn] = [random() * killWithinMs, random() * killAfterAnswerMs];
    await Promise.race([pause(waits), order.then(() => pause(waitsOn))]);
    await box.kill();
    const answer = await order;
    await box.start();
    const text = storedIn(box.dataDir);
    const { site, hash } = loaded(text);
    const [zone] = site.edges[0]?.zones ?? [];
    const isNew = zone !== undefined && "filterMs" in zone && zone.filterMs === wanted;
    expect(isNew ? site.revision : text).toBe(isNew ? loaded(before).site.revision + 1 : before);
    if (answer?.status === 200) expect(isNew).toBe(true);
    expect((await statusOf(box.url)).revision).toBe(site.revision);
    expect(existsSync(join(box.dataDir, settingsFiles.next))).toBe(false);
    await until("the journal says which", async () => {
      const told = await applied(box.dataDir);
      return told?.["revision"] === site.revision && told["hash"] === hash;
    });
    seen.push(site.revision);
  }
  const history = (await (await fetch(`${box.url}/api/v1/settings/history`)).json()) as readonly RevisionView[];
  expect(history.find(({ isPresent }) => isPresent)?.revision).toBe(seen.at(-1));
  // Whoever made what is in force is known: it was durable before the box was handed anything.
  const proposed = (await records(box.dataDir)).filter(({ type }) => type === "settings.proposed");
  for (const { revision, note } of history) {
    if (revision === 1) continue;
    expect(note).toMatchObject({ revision, by: ["li"] });
    expect(proposed.some(({ data }) => data["hash"] === note?.hash)).toBe(true);
  }
  await box.kill();
  expect(await portcullis("journal", "verify", box.dataDir)).toMatchObject({ code: 0 });
});

const folder = testFolder();
const disk = join(folder, "disk");

function mountSmall(): string | null {
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=100m,mode=700", "tmpfs", disk], { stdio: "ignore" });
    return null;
  } catch {
    return "no small disk can be mounted here (needs root)";
  }
}
const without = mountSmall();

describe.skipIf(without !== null)(without ?? "a disk without room", () => {
  let box: Box;
  beforeAll(async () => {
    box = await makeBox(join(disk, "data"), folder);
    await box.start();
  });
  afterAll(async () => {
    await box.kill();
    execFileSync("umount", ["-l", disk], { stdio: "ignore" });
  });

  it("refuses the change, keeps the old revision in force, also after a power cut, and takes it when there is room", async () => {
    const before = storedIn(box.dataDir);
    const fill = join(disk, "fill");
    expect(() => execFileSync("dd", ["if=/dev/zero", `of=${fill}`, "bs=4k"], { stdio: "ignore" })).toThrow();
    const refused = await box.order(90);
    expect(refused?.status).toBeGreaterThanOrEqual(400);
    expect(storedIn(box.dataDir)).toBe(before);
    expect((await statusOf(box.url)).revision).toBe(1);
    await box.kill();
    await box.start();
    expect([storedIn(box.dataDir), (await statusOf(box.url)).revision]).toEqual([before, 1]);
    rmSync(fill);
    await until("it is taken", async () => (await box.order(90))?.status === 200, 60_000);
    expect(loaded(storedIn(box.dataDir)).site.revision).toBe(2);
  });
});
