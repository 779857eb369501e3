// What the journal does with torn tails, flipped bits, failed syncs, full and lost disks, and with age.
import { describe, expect, test } from "vitest";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import type { JournalOptions } from "../../../edge/journal/journal.js";
import { openLog } from "../../../edge/journal/log.js";
import { openJournal } from "../../../edge/journal/open.js";
import type { Trouble } from "../../../edge/model/error.js";
import type { JournalRecord, Lane } from "../../../edge/model/record.js";
import { verifyChain } from "../../../edge/record/verify.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";
import { createSimulatedDisk, type SimulatedDisk } from "../../support/simulated-disk.js";

async function textsOf(journal: { replay(): AsyncIterable<JournalRecord> }) {
  const found: unknown[] = [];
  for await (const { data } of journal.replay()) found.push(data["text"] ?? data["detail"]);
  return found;
}

let lives = 0;

async function logOn(device: SimulatedDisk, more: Partial<JournalOptions> = {}) {
  lives += 1;
  const machine = manualMachine(lives);
  const troubles: Trouble[] = [];
  const onTrouble = (trouble: Trouble) => troubles.push(trouble);
  const options = { ...journalOptions, ...more };
  const log = await openLog({ disk: device.mount(), machine, options, memory: noMemory, durable: true, onTrouble });
  const put = (text: string, lane: Lane = "alarm") => log.append([draft(lane, text)], true);
  return { log, machine, troubles, put, codes: () => troubles.map(({ code }) => code) };
}

const onlySegment = async (device: SimulatedDisk) =>
  (await device.mount().list()).filter((name) => name.endsWith(".seg"))[0] ?? "";

describe("damage", () => {
  test("S-12: a torn tail is cut off and named, and writing goes on", async () => {
    const device = createSimulatedDisk();
    const first = await logOn(device);
    for (const text of ["a", "b", "c"]) await first.put(text);
    const name = await onlySegment(device);
    const file = await device.mount().open(name, "append");
    const at = device.bytes(name).indexOf('"text":"c"');
    await file.write(at, Buffer.alloc(300));
    const second = await logOn(device);
    expect(second.codes()).toEqual(["journal.torn-tail"]);
    expect(second.troubles[0]?.place).toContain(name);
    await second.put("d");
    expect(await textsOf(second.log)).toEqual(["a", "b", "d"]);
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
  });

  test("S-12: a flipped bit is named with file and byte, stays on disk, and reading goes on after it", async () => {
    const device = createSimulatedDisk();
    const first = await logOn(device);
    for (const text of ["a", "b", "c"]) await first.put(text);
    const name = await onlySegment(device);
    device.flipBit(name, device.bytes(name).indexOf('"text":"b"') + 8);
    const second = await logOn(device);
    expect(second.codes()).toEqual(["journal.corrupt"]);
    await second.put("d");
    expect(await textsOf(second.log)).toEqual(["a", "c", "d"]);
    expect(device.bytes(name).includes('"text":"c"')).toBe(true);
    const { ok, faults } = await verifyJournal("", device.mount());
    expect(ok).toBe(false);
    expect(faults.map(({ code }) => code)).toEqual(["journal.corrupt", "journal.chain-broken"]);
    expect(faults[0]?.place).toMatch(new RegExp(`${name} at byte \\d+`));
    expect(faults[1]?.place).toMatch(new RegExp(`${name} at byte \\d+, alarm \\d+`));
  });

  test("a flipped bit in the last record is not taken for a torn tail", async () => {
    const device = createSimulatedDisk();
    const first = await logOn(device);
    for (const text of ["a", "b"]) await first.put(text);
    const name = await onlySegment(device);
    device.flipBit(name, device.bytes(name).indexOf('"text":"b"') + 8);
    expect((await logOn(device)).codes()).toEqual(["journal.corrupt"]);
  });

  test("a flipped bit in the header costs nothing, because it is there twice", async () => {
    const device = createSimulatedDisk();
    await (await logOn(device)).put("a");
    device.flipBit(await onlySegment(device), 40);
    expect(await textsOf((await logOn(device)).log)).toEqual(["a"]);
  });

  test("S-12: the cut end of a segment that has a successor is named by verification", async () => {
    const device = createSimulatedDisk();
    const first = await logOn(device);
    for (const text of ["a", "b"]) await first.put(text);
    await first.log.close();
    const name = await onlySegment(device);
    await (await logOn(device)).put("c");
    const file = await device.mount().open(name, "append");
    await file.truncate(device.bytes(name).lastIndexOf("\n", device.bytes(name).length - 2) + 1);
    const { faults } = await verifyJournal("", device.mount());
    expect(faults[0]?.code).toBe("journal.chain-broken");
    expect(faults[0]?.place).toMatch(/^beginning of 00000002-/);
  });

  test("an end that the hub has and the disk has lost begins a new epoch, so that no number is given twice", async () => {
    const device = createSimulatedDisk();
    const first = await logOn(device);
    for (const text of ["a", "b"]) await first.put(text);
    await first.log.acknowledge(first.log.heads());
    await first.log.close();
    const name = await onlySegment(device);
    const file = await device.mount().open(name, "append");
    await file.truncate(device.bytes(name).lastIndexOf("\n", device.bytes(name).length - 2) + 1);
    const second = await logOn(device);
    expect(second.codes()).toEqual(["journal.chain-broken"]);
    await second.put("c");
    expect(second.log.status().epoch).not.toBe(first.log.status().epoch);
    expect(await textsOf(second.log)).toEqual(["a", "c"]);
  });
});

describe("a failed sync", () => {
  test("ends the segment; the records are written again into the next one, once each", async () => {
    const device = createSimulatedDisk();
    const { log, put, codes } = await logOn(device);
    await put("a");
    device.failSyncs(1);
    await put("b");
    await put("c");
    expect(codes()).toEqual(["journal.sync-failed"]);
    expect(await textsOf(log)).toEqual(["a", "b", "c"]);
    expect(log.status().segments).toBe(2);
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
  });
});

describe("space", () => {
  const small = { quotaBytes: 160 * 1024, reserveBytes: 32 * 1024 };
  const big = "x".repeat(2000);

  test("telemetry is refused first, then state, and alarms take the reserve", async () => {
    const { log, put, codes } = await logOn(createSimulatedDisk(), small);
    const order: string[] = [];
    for (let at = 0; at < 200 && order.length < 2; at += 1) {
      await put(big, "alarm");
      for (const lane of ["telemetry", "state"] as const) {
        const { refused } = await put("x", lane);
        if (refused.length > 0 && !order.includes(lane)) order.push(lane);
      }
    }
    expect(order).toEqual(["telemetry", "state"]);
    const before = log.heads().find(({ lane }) => lane === "alarm")?.sequence ?? 0;
    for (let at = 0; at < 12; at += 1) await put(big, "alarm");
    expect(log.heads().find(({ lane }) => lane === "alarm")?.sequence).toBe(before + 12);
    expect(codes()).toContain("journal.disk-full");
    expect(log.status().refused).toBeGreaterThan(1);
  });

  test("a disk that is full before the quota is, keeps alarms going from the reserve", async () => {
    const device = createSimulatedDisk();
    const { log, put } = await logOn(device, { reserveBytes: 64 * 1024 });
    await put("first");
    device.setFree(0);
    for (let at = 0; at < 20; at += 1) await put(big, "alarm");
    expect((await put("state", "state")).refused).toHaveLength(1);
    expect(log.status().space).toBe("alarms-only");
    expect((await textsOf(log)).filter((text) => text === big)).toHaveLength(20);
  });

  test("old segments go when the hub has them and retention is over, and leave a tombstone", async () => {
    const { log, machine, put } = await logOn(createSimulatedDisk());
    for (let at = 0; at < 30; at += 1) await put(big);
    const { segments } = log.status();
    machine.advance(91 * 86_400_000);
    for (let at = 0; at < 8; at += 1) await put(big);
    expect(log.status().retired).toBe(0);
    await log.acknowledge(log.heads());
    for (let at = 0; at < 8; at += 1) await put(big);
    machine.advance(100);
    await log.close();
    expect(log.status().retired).toBeGreaterThanOrEqual(segments - 1);
    const texts = await textsOf(log);
    expect(texts.some((text) => String(text).startsWith("retired"))).toBe(true);
    expect(texts.find((text) => String(text).startsWith("retired"))).toMatch(/alarm 1\.\.\d+/);
  });

  test("a retired journal still verifies from its first kept record", async () => {
    const device = createSimulatedDisk();
    const { log, put } = await logOn(device, small);
    for (let at = 0; at < 200; at += 1) {
      await put(big);
      await log.acknowledge(log.heads());
    }
    await log.close();
    expect(log.status().retired).toBeGreaterThan(5);
    expect(log.status().refused).toBe(0);
    expect(log.status().usedBytes).toBeLessThanOrEqual(small.quotaBytes);
    const { faults, records } = await verifyJournal("", device.mount());
    expect(faults).toEqual([]);
    expect(records).toBeGreaterThan(10);
  });
});

describe("no disk at all", () => {
  test("records go into a volatile epoch in memory and say so, and back to the disk when it can be written", async () => {
    const device = createSimulatedDisk();
    const machine = manualMachine();
    const troubles: Trouble[] = [];
    const onTrouble = (trouble: Trouble) => troubles.push(trouble);
    device.refuse("EROFS");
    const disk = () => Promise.resolve(device.mount());
    const journal = await openJournal({ disk, machine, options: journalOptions, memory: noMemory, onTrouble });
    const inMemory = (await journal.append([draft("alarm", "a")])).records[0];
    expect(inMemory?.durable).toBe(false);
    expect(journal.status()).toMatchObject({ volatile: true, epoch: inMemory?.epoch });
    expect(await journal.read({ epoch: inMemory?.epoch ?? "", lane: "alarm", sequence: 1 }, 10)).toHaveLength(1);
    device.refuse(null);
    machine.advance(10_001);
    const onDisk = (await journal.append([draft("alarm", "b")])).records[0];
    expect(onDisk?.durable).toBeUndefined();
    expect(onDisk?.epoch).not.toBe(inMemory?.epoch);
    expect(journal.status().volatile).toBe(false);
    const records: JournalRecord[] = [];
    for await (const record of journal.replay()) records.push(record);
    expect(records.map(({ type, durable }) => [type, durable ?? true])).toEqual([
      ["limit.reached", true],
      ["test.happened", true],
      ["test.happened", false],
    ]);
    expect(verifyChain(records)).toBeNull();
    expect(troubles.map(({ code }) => code)).toContain("journal.volatile");
    await journal.close();
  });

  test("a disk that has become read-only still gives back what it holds", async () => {
    const device = createSimulatedDisk();
    await (await logOn(device)).put("before");
    device.refuse("EROFS");
    const disk = () => Promise.resolve(device.mount());
    const setup = {
      disk,
      machine: manualMachine(9),
      options: journalOptions,
      memory: noMemory,
      onTrouble: () => undefined,
    };
    const journal = await openJournal(setup);
    await journal.append([draft("alarm", "after")]);
    expect(await textsOf(journal)).toEqual(["before", "after"]);
    expect(journal.heads().filter(({ sequence }) => sequence > 0)).toHaveLength(2);
  });
});
