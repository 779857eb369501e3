// A medium of 64 MiB that fills up while the hub takes nothing, with segments as large as a box's, and that gets room again.
import { expect, test } from "vitest";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import { openLog } from "../../../edge/journal/log.js";
import { createMemoryDisk } from "../../../edge/machine/memory-disk.js";
import type { Lane } from "../../../edge/model/record.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";

const mib = 1024 * 1024;
const group = 32;

test("64 MiB full: every alarm is recorded, telemetry goes first and is counted; with room again it goes on by itself", async () => {
  const disk = createMemoryDisk(64 * mib);
  const machine = manualMachine();
  const codes: string[] = [];
  const { segmentBytes: _small, ...options } = journalOptions;
  const log = await openLog({
    disk,
    machine,
    memory: noMemory,
    durable: true,
    options: { ...options, quotaBytes: 256 * mib, reserveBytes: 4 * mib },
    onTrouble: ({ code }) => codes.push(code),
  });
  const put = (lane: Lane, bytes: number) =>
    log.append(
      Array.from({ length: group }, () => draft(lane, "x".repeat(bytes))),
      true,
    );
  let alarms = 0;
  const alarm = async () => {
    const { records, refused } = await put("alarm", 100);
    expect(refused).toEqual([]);
    alarms += records.length;
  };

  let stored = 0;
  for (; log.status().space === "all"; stored += 1) {
    await put("telemetry", 16 * 1024);
    await alarm();
  }
  expect(stored * group * 16 * 1024).toBeGreaterThan(32 * mib);
  const refusedAtFirst = (await put("telemetry", 100)).refused.length;
  expect(refusedAtFirst).toBe(group);
  expect((await put("state", 100)).refused).toEqual([]);
  for (let at = 0; at < 20; at += 1) await alarm();
  expect(log.status()).toMatchObject({ refused: group, retired: 0 });
  expect(codes).toContain("journal.disk-full");

  await log.acknowledge(log.heads());
  machine.advance(11_000);
  await alarm();
  expect(log.status().space).toBe("all");
  expect((await put("telemetry", 100)).refused).toEqual([]);
  await log.close();
  expect(log.status().retired).toBeGreaterThan(0);
  expect(log.heads().find(({ lane }) => lane === "alarm")?.sequence).toBe(alarms);
  expect((await verifyJournal("", disk)).faults).toEqual([]);
}, 90_000);
