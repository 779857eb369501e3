// What earlier releases have written down is read as what it was, and what later ones add does no harm: the way back from an upgrade.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadSite } from "../../config/load.js";
import { type Recorder, startRecorder } from "../../edge/agent/recorder.js";
import { initialDurable } from "../../edge/incident/durable.js";
import { readJournal, verifyJournal } from "../../edge/journal/inspect.js";
import { createClock } from "../../edge/machine/clock.js";
import type { Durable } from "../../edge/model/durable.js";
import { type Fact, fact } from "../../edge/model/fact.js";
import { keyRingOf } from "../../edge/record/sign.js";

const releases = new URL("../fixtures/releases/", import.meta.url).pathname;
const versions = readdirSync(releases).filter((name) => /^\d/.test(name));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function open(folder: string, work: string): Promise<Recorder> {
  const site = loadSite(readFileSync(join(folder, "site.yaml"), "utf8"), "site.yaml");
  if (!site.ok) throw new Error(JSON.stringify(site.troubles));
  const [config] = site.site.edges;
  if (config === undefined) throw new Error("no box");
  const recorder = await startRecorder({
    dataDir: join(work, "journal"),
    keysDir: join(work, "keys"),
    site: site.site.site,
    edge: config.id,
    initial: initialDurable(config),
    journal: { ...config.journal, reserveMiB: 1 },
    secretIds: [],
    isAlone: true,
  });
  cleanups.push(() => recorder.close());
  return recorder;
}

function copyOf(folder: string): string {
  const work = mkdtempSync(join(tmpdir(), "release-"));
  cleanups.push(() => rmSync(work, { recursive: true }));
  cpSync(folder, work, { recursive: true });
  return work;
}

it("has what each release left behind, this one's too", () => {
  expect(versions).toContain(JSON.parse(readFileSync("package.json", "utf8")).version);
});

describe.each(versions)("release %s", (version) => {
  const folder = join(releases, version);
  const expected: Durable = JSON.parse(readFileSync(join(folder, "durable.json"), "utf8"));

  it("left a state that is worth keeping", () => {
    expect(expected.posture.level).toBe("level-2");
    expect(Object.keys(expected.out)).toEqual(["beam-east"]);
    expect(Object.keys(expected.lockDowns)).toContain("all-lanes");
    expect(Object.values(expected.incidents).map(({ kind }) => kind)).toContain("panic");
  });

  it("is read as the same durable state, from the records and then from what they were kept as", async () => {
    const work = copyOf(folder);
    for (const time of ["first", "second"]) {
      const recorder = await open(folder, work);
      expect(await recorder.durable(), time).toMatchObject(expected);
      await recorder.close();
    }
  });

  it("verifies with the key that the box showed then", async () => {
    const keys = keyRingOf(readFileSync(join(folder, "journal.pub"), "utf8"));
    expect(await verifyJournal(join(folder, "journal"), undefined, { keys })).toMatchObject({ ok: true });
  });

  it("is still that state after a newer release has written records and members that this one does not know", async () => {
    const work = copyOf(folder);
    const newer = await open(folder, work);
    const now = createClock().now();
    const known = await newer.durable();
    const kept = { ...known, weather: { wind: "strong" } } as Durable;
    const unknown = { ...fact("agent.stopped", "box", { reason: "x" }), type: "weather.changed" } as unknown as Fact;
    await newer.append(
      [unknown, fact("state.kept", "box", { durable: kept, part: 0, at: now })].map((each) => ({
        fact: each,
        now,
        exercise: false,
      })),
    );
    await newer.close();
    const older = await open(folder, work);
    expect(await older.durable()).toMatchObject(expected);
    await older.close();
    const types: string[] = [];
    for await (const { type } of readJournal(join(work, "journal"))) types.push(type);
    expect(types).toContain("weather.changed");
  });
});
