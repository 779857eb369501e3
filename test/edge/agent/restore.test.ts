// A spare box is set up by what its hub gives: all of it, once, and nothing that is not whole.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSite } from "../../../config/load.js";
import { createMemory } from "../../../edge/agent/memory.js";
import { restoreBox } from "../../../edge/agent/restore.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { readJournal } from "../../../edge/journal/inspect.js";
import { createClock } from "../../../edge/machine/clock.js";
import { createRandom } from "../../../edge/machine/random.js";
import { createTimer } from "../../../edge/machine/timer.js";
import { readWallFloor } from "../../../edge/machine/wall-floor.js";
import type { Durable } from "../../../edge/model/durable.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { JournalRecord } from "../../../edge/model/record.js";
import type { KeptState, Replacement } from "../../../edge/model/replacement.js";
import { testFolder } from "../../support/folder.js";

const text = readFileSync("config/office.yaml", "utf8");
const loaded = loadSite(text, "office.yaml");
if (!loaded.ok) throw new Error("the example is good");
const { site, hash } = loaded;
const [config] = site.edges;
if (config === undefined) throw new Error("the example has a box");
const stamp = { boot: "dead", mono: 5, wall: Date.parse("2026-05-01T00:00:00Z"), clock: "synchronised" } as const;
const [zone] = config.zones;

const before: Durable = {
  ...initialDurable(config),
  cycles: { "bollard-1": 41 },
  watchedSince: stamp,
  out: {
    [zone?.id ?? ""]: { how: "isolated", by: ["wang"], reason: "rain", until: { ...stamp, wall: 9e12 }, guard: null },
  },
};
const kept = createMemory(before)
  .kept(stamp)
  .map(({ data }) => data as unknown as KeptState);

const pole = {
  device: "barrier:bollard-1",
  place: "主门 pole 1",
  plan: "A-3 / 7",
  maker: "",
  model: "",
  serial: "SN 7",
  installedOn: "2026-01-02",
  intervalDays: 180,
  servicedOn: "2026-03-01",
};

const replacement: Replacement = {
  site: site.site,
  edge: config.id,
  config: { revision: site.revision, hash, text },
  book: JSON.stringify({ format: 1, inventory: [], travel: {} }),
  inventory: JSON.stringify({ format: 1, devices: [pole] }),
  kept,
  facts: [
    {
      type: "posture.changed",
      data: { level: "level-2", from: "normal", issuer: "HQ", reference: "1", by: "li", leader: null, at: stamp },
    },
    { type: "something.newer", data: { whatever: true } },
  ],
  missing: 3,
  heads: [{ epoch: "00112233445566aa", lane: "alarm", sequence: 9, hash: "h" }],
  lastAt: "2026-05-01T00:00:00.000Z",
  replaced: ["0A"],
  hubAt: Date.parse("2026-05-02T00:00:00Z"),
};

const restore = (folder: string, given: Partial<Replacement> = {}, serial = "0B") =>
  restoreBox(folder, {
    replacement: { ...replacement, ...given },
    serial,
    machine: { clock: createClock(), timer: createTimer(), random: createRandom() },
    onTrouble: (trouble) => expect.unreachable(JSON.stringify(trouble)),
  });

async function recordsIn(folder: string) {
  const records: JournalRecord[] = [];
  for await (const record of readJournal(join(folder, "journal"))) records.push(record);
  return records;
}

describe("a spare box", () => {
  it("has settings, book, clock floor and the state of the old one as the first records of an epoch of its own", async () => {
    const folder = testFolder();
    const { durable, revision } = await restore(folder);
    const posture = { level: "level-2", issuer: "HQ", reference: "1", by: "li", leader: null, since: stamp };
    expect(durable).toEqual({ ...before, posture });
    expect(revision).toBe(site.revision);
    expect(readFileSync(join(folder, "site.yaml"), "utf8")).toBe(text);
    expect(JSON.parse(readFileSync(join(folder, "book.json"), "utf8"))).toMatchObject({ format: 1 });
    expect(JSON.parse(readFileSync(join(folder, "inventory.json"), "utf8"))).toEqual({ format: 1, devices: [pole] });
    expect(statSync(join(folder, "inventory.json")).mode & 0o077).toBe(0);
    expect(readWallFloor(folder)).toBe(replacement.hubAt);
    expect(await recordsIn(folder)).toMatchObject([
      { type: "state.kept", order: 1 },
      {
        type: "box.replaced",
        lane: "alarm",
        sequence: 1,
        data: { serial: "0B", replaced: ["0A"], epochs: ["00112233445566aa"], missing: 3 },
      },
      { type: "journal.checkpointed" },
    ]);
  });

  it("is the same when it is set up again, as after a cut", async () => {
    const folder = testFolder();
    const first = await restore(folder);
    expect(await restore(folder)).toEqual(first);
    const words = (await recordsIn(folder)).filter(({ type }) => type === "box.replaced");
    expect(words).toHaveLength(1);
  });

  it("starts as a new one where no state and no book had come up", async () => {
    const folder = testFolder();
    const { durable } = await restore(folder, { kept: [], facts: [], book: null, inventory: null, hubAt: null });
    expect(durable).toEqual(initialDurable(config));
    const isThere = (file: string) => existsSync(join(folder, file));
    expect([isThere("book.json"), isThere("inventory.json"), readWallFloor(folder)]).toEqual([false, false, 0]);
  });

  it("is set up by an older hub too, which knows of no inventory", async () => {
    const folder = testFolder();
    const { inventory: _, ...older } = replacement;
    await restoreBox(folder, {
      replacement: older,
      serial: "0B",
      machine: { clock: createClock(), timer: createTimer(), random: createRandom() },
      onTrouble: (trouble) => expect.unreachable(JSON.stringify(trouble)),
    });
    expect(existsSync(join(folder, "inventory.json"))).toBe(false);
  });

  it.each<[string, Partial<Replacement>, string]>([
    ["no configuration", { config: null }, "replace.nothing-kept"],
    ["a configuration that is not whole", { config: { revision: 1, hash, text: text.slice(0, 2000) } }, "config."],
    ["a configuration of another hash", { config: { revision: 1, hash: "other", text } }, "replace.damaged"],
    ["a configuration of another site", { site: "elsewhere" }, "replace.damaged"],
    ["a box that the configuration does not have", { edge: "nobody" }, "config.edge-unknown"],
    ["an inventory that is none", { inventory: "{" }, "replace.damaged"],
    [
      "an inventory of unfit details",
      { inventory: JSON.stringify({ format: 1, devices: [{ ...pole, intervalDays: -1 }] }) },
      "replace.damaged",
    ],
    ["a book that is none", { book: "{" }, "replace.damaged"],
  ])("is refused %s, and records nothing", async (_what, given, code) => {
    const folder = testFolder();
    const refused = await restore(folder, given).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PortcullisError);
    expect(refused).toMatchObject({ trouble: { code: expect.stringContaining(code) } });
    expect(existsSync(join(folder, "journal"))).toBe(false);
  });

  it("is not done on a disk that takes no journal", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "keys"));
    writeFileSync(join(folder, "journal"), "in the way");
    const troubles: string[] = [];
    const refused = await restoreBox(folder, {
      replacement,
      serial: "0B",
      machine: { clock: createClock(), timer: createTimer(), random: createRandom() },
      onTrouble: ({ code }) => troubles.push(code),
    }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ trouble: { code: "journal.sync-failed" } });
    expect(troubles).toContain("journal.volatile");
  });
});
