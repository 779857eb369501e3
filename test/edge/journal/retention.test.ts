// How old a segment is when the box did not know the time, and that none goes without a word.
import { describe, expect, test } from "vitest";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import { encodeLine } from "../../../edge/journal/line.js";
import { openLog } from "../../../edge/journal/log.js";
import { retiredIn } from "../../../edge/journal/retired.js";
import type { Disk } from "../../../edge/machine/ports.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";
import { createSimulatedDisk } from "../../support/simulated-disk.js";

test("a segment that began without a clock makes the one before it no older", async () => {
  const device = createSimulatedDisk();
  const machine = manualMachine();
  const trouble = { onTrouble: () => undefined, options: journalOptions, memory: noMemory, durable: true };
  const first = await openLog({ ...trouble, disk: device.mount(), machine });
  await first.append([draft("alarm", "before the power loss")], true);
  await first.close();

  let clock = { boot: "boot-2", mono: 5, wall: 60_000, clock: "never-set" as "never-set" | "synchronised" };
  const lost = { ...machine, clock: { mono: () => clock.mono, now: () => clock } };
  const second = await openLog({ ...trouble, disk: device.mount(), machine: lost });
  await second.append([draft("alarm", "without a clock")], true);
  await second.acknowledge(second.heads());
  clock = { boot: "boot-2", mono: 50_000, wall: Date.parse("2026-11-22T01:00:00Z"), clock: "synchronised" };
  for (let count = 0; count < 40; count += 1) await second.append([draft("alarm", "x".repeat(1000))], true);

  expect(second.status().segments).toBeGreaterThan(2);
  expect(second.status().retired).toBe(0);
});

test("records that were written stay counted when their epoch is let go", async () => {
  const options = { ...journalOptions, quotaBytes: 160 * 1024, reserveBytes: 32 * 1024, isAlone: true };
  const setup = { disk: createSimulatedDisk().mount(), machine: manualMachine(), memory: noMemory, durable: true };
  const log = await openLog({ ...setup, options, onTrouble: () => undefined });
  await log.append([draft("alarm", "of the first epoch")], true);
  const { epoch } = log.status();
  await log.acknowledge([{ epoch, lane: "alarm", sequence: 9, hash: "of a hub that has more" }]);
  for (let count = 0; count < 200; count += 1) await log.append([draft("telemetry", "x".repeat(2000))], true);
  await log.close();
  expect(log.heads().filter((head) => head.epoch === epoch)).toEqual([]);
  const ofSecond = log.heads().reduce((sum, { sequence }) => sum + sequence, 0);
  expect(log.status().recordsWritten).toBe(1 + ofSecond);
});

test("a box without a hub lets its oldest segments go when the quota is reached, and refuses nothing", async () => {
  const options = { ...journalOptions, quotaBytes: 160 * 1024, reserveBytes: 32 * 1024, isAlone: true };
  const setup = { disk: createSimulatedDisk().mount(), machine: manualMachine(), memory: noMemory, durable: true };
  const log = await openLog({ ...setup, options, onTrouble: () => undefined });
  for (let count = 0; count < 200; count += 1) await log.append([draft("telemetry", "x".repeat(2000))], true);
  await log.close();
  const tombstones = [];
  for await (const { type, data } of log.replay()) if (type === "limit.reached") tombstones.push(data["limit"]);
  expect(log.status().retired).toBeGreaterThan(5);
  expect(log.status().refused).toBe(0);
  expect(tombstones).toContain("journal.quota");
});

describe("segments that are gone", () => {
  const small = { ...journalOptions, quotaBytes: 160 * 1024, reserveBytes: 32 * 1024, isAlone: true };

  async function filled(disk: Disk, count = 200, seed = 1) {
    const machine = manualMachine(seed);
    const setup = { disk, machine, memory: noMemory, durable: true, onTrouble: () => undefined };
    const log = await openLog({ ...setup, options: small });
    for (let at = 0; at < count; at += 1)
      await log.append([draft(at % 5 === 0 ? "alarm" : "telemetry", "x".repeat(2000))], true);
    return { log, machine };
  }
  const segmentsOf = async (disk: Disk) => (await disk.list()).filter((name) => name.endsWith(".seg")).toSorted();
  const retiredFiles = async (disk: Disk) => (await disk.list()).filter((name) => retiredIn(name) !== null);

  test("because the box let them go are told of by tombstones; one that somebody removes beside them is named", async () => {
    const disk = createSimulatedDisk().mount();
    await (await filled(disk)).log.close();
    expect(await retiredFiles(disk)).toEqual([]);
    expect((await verifyJournal("", disk)).faults).toEqual([]);
    const [oldest = "", second = ""] = await segmentsOf(disk);
    await disk.remove(oldest);
    const { faults } = await verifyJournal("", disk);
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(["journal.beginning-cut"]));
    for (const { place, detail } of faults) {
      expect(place).toBe(`beginning of ${second}`);
      expect(detail).toMatch(/^(alarm|state|telemetry) [1-9]\d*\.\.\d+ is gone/);
    }
    expect(faults.length).toBeGreaterThan(0);
  });

  test("say so themselves until their tombstone is on the medium, and give their room back at once", async () => {
    const device = createSimulatedDisk();
    const disk = device.mount();
    const { log } = await filled(disk, 60);
    const retired = log.status().retired;
    const lastWrites = await retiredFiles(disk);
    expect(lastWrites.length).toBeLessThan(retired);
    const [oldest = ""] = await segmentsOf(disk);
    await log.close();
    await disk.rename(oldest, `${oldest}.retention`);
    expect((await verifyJournal("", disk)).faults).toEqual([]);

    const { log: next } = await filled(disk, 3, 2);
    await next.close();
    expect(await retiredFiles(disk)).toEqual([]);
    expect((await verifyJournal("", disk)).faults).toEqual([]);
    const details: unknown[] = [];
    for await (const { data } of next.replay())
      if (data["file"] === `${oldest}.retention`) details.push(data["detail"]);
    expect(details).toHaveLength(1);
    expect(details[0]).toMatch(/^retired [0-9a-f]{16}: .*telemetry \d+\.\.\d+/);
  });

  test("with a tombstone and still there are removed without a second one", async () => {
    const disk = createSimulatedDisk().mount();
    const { log } = await filled(disk);
    await log.close();
    const buried: string[] = [];
    for await (const { data } of log.replay()) if (typeof data["file"] === "string") buried.push(data["file"]);
    const last = buried.at(-1) ?? "";
    await (await disk.open(last, "create")).write(0, encodeLine(true, "?"));
    const { log: next } = await filled(disk, 1, 2);
    await next.close();
    expect(await retiredFiles(disk)).toEqual([]);
    let tombstones = 0;
    for await (const { data } of next.replay()) if (data["file"] === last) tombstones += 1;
    expect(tombstones).toBe(1);
  });

  test("and whose rest nobody can read get a tombstone all the same", async () => {
    const disk = createSimulatedDisk().mount();
    await (await filled(disk, 20)).log.close();
    const file = "00000000-0011223344556677.seg.quota";
    await (await disk.open(file, "create")).write(0, Buffer.from("?"));
    const { log } = await filled(disk, 1, 2);
    await log.close();
    expect(await retiredFiles(disk)).toEqual([]);
    const details: unknown[] = [];
    for await (const { data } of log.replay()) details.push(data["detail"]);
    expect(details).toContain("retired 0011223344556677: ");
  });

  test("while only alarms find room are told of when there is room again", async () => {
    const device = createSimulatedDisk();
    const { log, machine } = await filled(device.mount(), 20);
    device.setFree(0);
    for (let at = 0; at < 60; at += 1) {
      await log.append([draft("alarm", "x".repeat(2000))], true);
      machine.advance(11_000);
    }
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
    device.setFree(1e9);
    machine.advance(11_000);
    for (let at = 0; at < 5; at += 1) await log.append([draft("alarm", "x".repeat(2000))], true);
    await log.close();
    expect(await retiredFiles(device.mount())).toEqual([]);
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
  });
});
