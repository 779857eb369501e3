// Recordings on a real disk, among rubbish.
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordingLimits, recordingText } from "../../../../edge/commissioning/vibration/recording.js";
import { openStore, storeLimits } from "../../../../edge/commissioning/vibration/store.js";
import { initialFibre } from "../../../../edge/detection/vibration-fibre.js";
import { quietFor } from "../../../../scripts/recordings/signals.js";
import { plainSettings, recordingOf } from "../../../support/fibre-recordings.js";
import { testFolder } from "../../../support/folder.js";

const recording = recordingOf("quiet", quietFor(5));
const { id } = recording.head;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: { trouble?: { code: string } }) => error.trouble?.code ?? String(error),
  );

function folder() {
  const dataDir = testFolder();
  const zoneDir = join(dataDir, "recordings", "fence");
  mkdirSync(zoneDir, { recursive: true });
  return { store: openStore(dataDir), zoneDir, path: (name: string) => join(zoneDir, name) };
}

describe("a recording", () => {
  it("is written whole, for its owner only, and read as it was", async () => {
    const { store, path } = folder();
    const head = await store.write(recording);
    expect(head).toEqual(recording.head);
    expect(await store.read("fence", id)).toEqual(recording);
    expect(statSync(path(`${id}.jsonl`)).mode & 0o777).toBe(0o600);
    expect(await store.list("fence")).toEqual([{ id, bytes: expect.any(Number), head }]);
  });

  it("of the same second gets a name of its own, and takes no other's place", async () => {
    const { store } = folder();
    await store.write(recording);
    expect((await store.write(recording)).id).toBe(`${id}-2`);
    expect((await store.write(recording)).id).toBe(`${id}-3`);
    expect((await store.list("fence")).map((each) => each.head?.id)).toEqual([id, `${id}-2`, `${id}-3`]);
  });

  it("is gone when a person removes it", async () => {
    const { store } = folder();
    await store.write(recording);
    await store.remove("fence", id);
    expect(await store.list("fence")).toEqual([]);
    expect(await codeOf(store.remove("fence", id))).toBe("api.not-found");
  });

  it("of a detector that had heard nothing and of values that are none is read as it was", async () => {
    const { store } = folder();
    const block = { t0: 0, periodUs: 1000, values: [1, Number.NaN, 3] };
    const head = { ...recording.head, blocks: 1, values: 3 };
    await store.write({ head, start: initialFibre(), blocks: [{ at: 3, block }] });
    const read = await store.read("fence", id);
    expect(read.start).toEqual(initialFibre());
    expect(read.blocks[0]?.block.values).toEqual([1, Number.NaN, 3]);
  });
});

describe("rubbish in the folder", () => {
  const rubbish: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["half a line", '{"format":1,"id":'],
    ["another form", `${JSON.stringify({ format: 2, id })}\n`],
    ["a list", "[1,2,3]\n"],
    ["bytes", "\u0000\u0001\ufffd\n\n\n"],
    ["another's id", recordingText({ ...recording, head: { ...recording.head, id: "20261127T040001Z-wind" } })],
    ["another zone", recordingText({ ...recording, head: { ...recording.head, zone: "moat" } })],
    [
      "settings out of range",
      recordingText({ ...recording, head: { ...recording.head, settings: { ...plainSettings, threshold: 0 } } }),
    ],
  ];

  it.each(rubbish)("is shown as damaged and read as no recording: %s", async (_name, text) => {
    const { store, path } = folder();
    writeFileSync(path(`${id}.jsonl`), text);
    expect(await store.list("fence")).toEqual([{ id, bytes: Buffer.byteLength(text), head: null }]);
    expect(await codeOf(store.read("fence", id))).toBe("recording.damaged");
    await store.remove("fence", id);
  });

  it("that was cut off in the middle is no recording", async () => {
    const { store, path } = folder();
    await store.write(recording);
    truncateSync(path(`${id}.jsonl`), Math.floor(statSync(path(`${id}.jsonl`)).size / 2));
    expect(await codeOf(store.read("fence", id))).toBe("recording.damaged");
    expect((await store.list("fence"))[0]?.head).not.toBeNull();
  });

  it("under other names is neither shown nor touched", async () => {
    const { store, path, zoneDir } = folder();
    writeFileSync(path("notes.txt"), "mine");
    writeFileSync(path("x.jsonl"), "mine");
    mkdirSync(path("20261127T040000Z-wind.jsonl"));
    symlinkSync("/nowhere", path("20261127T040000Z-tap.jsonl"));
    expect(await store.list("fence")).toEqual([]);
    await store.write(recording);
    expect((await store.list("fence")).map((each) => each.id)).toEqual([id]);
    expect(readFileSync(path("notes.txt"), "utf8")).toBe("mine");
    expect(readdirSync(zoneDir)).toHaveLength(5);
  });

  it("that is too large is not read", async () => {
    const { store, path } = folder();
    writeFileSync(path(`${id}.jsonl`), "");
    truncateSync(path(`${id}.jsonl`), recordingLimits.bytes + 1);
    expect(await codeOf(store.read("fence", id))).toBe("recording.damaged");
  });

  it("in place of the folder is no recording, and names that lead elsewhere are none", async () => {
    const dataDir = testFolder();
    writeFileSync(join(dataDir, "recordings"), "a file");
    const store = openStore(dataDir);
    expect(await store.list("fence")).toEqual([]);
    for (const [zone, name] of [
      ["..", id],
      ["fence", "../../keys/box"],
      ["fence", `${id}/../x`],
      ["", ""],
    ] as const) {
      expect(await codeOf(store.read(zone, name))).toBe("api.not-found");
      expect(await codeOf(store.remove(zone, name))).toBe("api.not-found");
      expect(await store.list(zone)).toEqual([]);
    }
    expect(await codeOf(store.write(recording))).not.toBe("done");
  });
});

describe("a full store", () => {
  it("refuses another of the zone, names its oldest and removes nothing", async () => {
    const { store, path } = folder();
    for (let index = 0; index < storeLimits.perZone; index += 1)
      writeFileSync(path(`202611${10 + (index % 20)}T0400${10 + index}Z-tap.jsonl`), "x");
    await expect(store.makeRoom("fence")).rejects.toMatchObject({
      trouble: { code: "recording.full", detail: expect.stringContaining("fence/20261110T040010Z-tap") },
    });
    expect(await codeOf(store.makeRoom("moat"))).toBe("done");
    expect(await store.list("fence")).toHaveLength(storeLimits.perZone);
  });

  it("counts the bytes of all zones", async () => {
    const { store, path } = folder();
    writeFileSync(path(`${id}.jsonl`), "");
    truncateSync(path(`${id}.jsonl`), storeLimits.bytes);
    expect(await codeOf(store.makeRoom("moat"))).toBe("recording.full");
  });
});
