// A new configuration for a running box, by the command line and over a real data folder (rule 12).
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { chooseSettings } from "../../edge/agent/settings.js";
import { readHistory } from "../../edge/commissioning/settings/history.js";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { readJournal } from "../../edge/journal/inspect.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { type Outcome, settingsFiles } from "../../edge/model/revision.js";
import { portcullis } from "../support/command-line.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, smallSite, startSmallBox } from "./small-box.js";

// Commands are processes of their own, and a loaded machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
let beam: Player;
let second: number;

beforeAll(async () => {
  box = await startSmallBox();
  second = await freePort();
  beam = await playDevice(box.dataDir, box.site.broker, "beam");
  beam.say({ beam: "blocked", cover: "shut" });
  await until(
    "the fence's alarm is latched",
    async () => (await status()).durable.zones["fence-1"]?.state === "breached",
  );
});
afterAll(async () => {
  await beam?.close();
  await box?.close();
});

const status = async () => (await box.get("/api/v1/status")).body as BoxStatus;
const stored = () => readFileSync(join(box.dataDir, settingsFiles.stored), "utf8");

async function apply(text: string, ...more: readonly string[]) {
  const file = join(box.dataDir, "offered.yaml");
  writeFileSync(file, text);
  return portcullis("apply", file, "--data", box.dataDir, "--json", ...more);
}

async function records(type: string): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of readJournal(join(box.dataDir, "journal"))) if (record.type === type) found.push(record);
  return found;
}

it("takes a higher revision without a restart: a new driver opens, the others and every latch stay", async () => {
  const before = await status();
  const { code, out } = await apply(
    smallSite({ ...box.site, revision: 2, secondBroker: second }),
    "--edge",
    "box",
    "--reason",
    "second beam",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true, revision: 2, troubles: [], afterRestart: [] });
  const after = await until("the box shows it", async () => {
    const now = await status();
    return now.revision === 2 && now.drivers["field-2"] !== undefined && now;
  });
  expect(after.durable.zones["fence-1"]).toMatchObject({ state: "breached" });
  expect(after.durable.incidents).toMatchObject(before.durable.incidents);
  expect(beam.connected()).toBe(true);
  expect(stored()).toContain("revision: 2");
  expect(existsSync(join(box.dataDir, settingsFiles.next))).toBe(false);
  const history = readHistory(box.dataDir, stored());
  expect(history).toMatchObject([
    { revision: 2, note: { by: [expect.stringContaining("command line")], reason: "second beam" } },
    { revision: 1, note: null },
  ]);
  const other = await playDevice(box.dataDir, second, "beam-2");
  other.say({ beam: "blocked", cover: "shut" });
  await until("the new zone guards", async () => (await status()).durable.zones["fence-2"]?.state === "breached");
  await other.close();
  await until("it is recorded with the inventory", async () => {
    const applied = await records("config.applied");
    return JSON.stringify(applied.at(-1)?.data).includes("fence-2");
  });
});

it.each([
  ["the same revision again", () => smallSite({ ...box.site, revision: 2 }), "config.not-newer"],
  [
    "another site",
    () => smallSite({ ...box.site, revision: 9 }).replace("site: small", "site: other"),
    "config.edge-unknown",
  ],
])("refuses %s and changes nothing", async (_name, text, problem) => {
  const [storedBefore, before] = [stored(), await status()];
  const { code, out } = await apply(text());
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false, revision: 2, troubles: [{ code: problem }] });
  expect(stored()).toBe(storedBefore);
  expect((await status()).drivers).toHaveProperty("field-2");
  expect((await status()).revision).toBe(2);
  expect(Object.keys((await status()).durable.incidents)).toEqual(
    expect.arrayContaining(Object.keys(before.durable.incidents)),
  );
  await until("the refusal is recorded", async () =>
    (await records("config.refused")).some(({ data }) => data["code"] === problem),
  );
});

it("refuses a file with trouble before it reaches the box, and a box that the file does not hold", async () => {
  const bad = await apply(smallSite({ ...box.site, revision: 3 }).replace("point: beam-blocked", "point: nowhere"));
  expect(bad).toMatchObject({ code: 1, err: expect.stringContaining("config.reference") });
  const other = await apply(smallSite({ ...box.site, revision: 3 }), "--edge", "tower");
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining("config.edge-unknown") });
  expect(existsSync(join(box.dataDir, settingsFiles.next))).toBe(false);
});

it("opens only the driver whose settings differ, and closes one that is gone", async () => {
  const { code } = await apply(smallSite({ ...box.site, revision: 4, filterMs: 60 }));
  expect(code).toBe(0);
  const after = await until("the box shows it", async () => {
    const now = await status();
    return now.revision === 4 && now.drivers["field-2"] === undefined && now;
  });
  expect(after.durable.zones).not.toHaveProperty("fence-2");
  expect(beam.connected()).toBe(true);
});

it("keeps a file for the next start when no box runs, and takes it then", async () => {
  const dataDir = join(box.dataDir, "resting");
  const offered = join(box.dataDir, "offered.yaml");
  writeFileSync(offered, smallSite({ ...box.site, revision: 6 }));
  const seed = join(box.dataDir, "given.yaml");
  expect(chooseSettings(dataDir, seed, "box").revision).toBe(1);
  const told = await portcullis("apply", offered, "--data", dataDir);
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining("next start") });
  expect(chooseSettings(dataDir, seed, "box")).toMatchObject({ revision: 6, refused: null });
  const outcome = JSON.parse(readFileSync(join(dataDir, settingsFiles.outcome), "utf8")) as Outcome;
  expect(outcome).toMatchObject({ ok: true, revision: 6 });
  writeFileSync(join(dataDir, settingsFiles.next), smallSite({ ...box.site, revision: 5 }));
  expect(chooseSettings(dataDir, seed, "box")).toMatchObject({ revision: 6, refused: { code: "config.not-newer" } });
  expect(existsSync(join(dataDir, settingsFiles.next))).toBe(false);
});
