// How old a segment is when the box did not know the time.
import { expect, test } from "vitest";
import { openLog } from "../../../edge/journal/log.js";
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
