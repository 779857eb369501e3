// What the journal remembers: nothing is forgotten with retired segments, refused drafts or a time without a disk.
import { describe, expect, test } from "vitest";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import type { JournalOptions } from "../../../edge/journal/journal.js";
import { openJournal } from "../../../edge/journal/open.js";
import type { Disk } from "../../../edge/machine/ports.js";
import type { Lane } from "../../../edge/model/record.js";
import { draft, journalOptions, manualMachine, textMemory } from "../../support/journal.js";
import { createSimulatedDisk, type SimulatedDisk } from "../../support/simulated-disk.js";

let lives = 0;

async function openOn(device: SimulatedDisk, more: Partial<JournalOptions> = {}, disk = device.mount()) {
  lives += 1;
  const machine = manualMachine(lives);
  const memory = textMemory();
  const codes: string[] = [];
  const journal = await openJournal({
    disk: async () => disk,
    machine,
    memory,
    options: { ...journalOptions, run: `run-${lives}`, ...more },
    onTrouble: ({ code }) => codes.push(code),
  });
  const put = (text: string, lane: Lane = "alarm") => journal.append([draft(lane, text)], true);
  /** Two kilobytes that nobody remembers. */
  const fill = () => journal.append([{ ...draft("alarm", "x".repeat(2000)), type: "test.filled" }], true);
  return { journal, machine, memory, put, fill, codes };
}

/** What a new life on the disk remembers. */
async function remembered(device: SimulatedDisk): Promise<readonly unknown[]> {
  return (await openOn(device)).memory.texts;
}

const small = { quotaBytes: 160 * 1024, reserveBytes: 32 * 1024 };

describe("retired segments", () => {
  test("are not missed: what they held is remembered, also after a power cut", async () => {
    const device = createSimulatedDisk();
    const { journal, put, fill } = await openOn(device, small);
    await put("lock-down");
    for (let at = 0; at < 80; at += 1) {
      await fill();
      await journal.acknowledge(journal.heads());
    }
    expect(journal.status().retired).toBeGreaterThan(3);
    device.crash();
    expect(await remembered(device)).toEqual(["lock-down"]);
  });

  test("go with the last segment of an epoch that is over, when the hub has it", async () => {
    const device = createSimulatedDisk();
    const { journal, put, fill } = await openOn(device, small);
    await put("old epoch");
    const old = journal.status().epoch;
    await journal.acknowledge([{ epoch: old, lane: "alarm", sequence: 9, hash: "f".repeat(64) }]);
    for (let at = 0; at < 80; at += 1) {
      await fill();
      await journal.acknowledge(journal.heads());
    }
    expect(journal.heads().map(({ epoch }) => epoch)).not.toContain(old);
    expect(journal.status().refused).toBe(0);
    expect(await journal.read({ epoch: old, lane: "alarm", sequence: 1 }, 10)).toEqual([]);
  });
});

describe("drafts that reach no disk", () => {
  test("for want of space are remembered as soon as there is space again", async () => {
    const device = createSimulatedDisk();
    const { put, fill, machine } = await openOn(device, { reserveBytes: 64 * 1024 });
    await put("first");
    device.setFree(0);
    for (let at = 0; at < 20; at += 1) await fill();
    expect((await put("disarmed", "state")).refused).toHaveLength(1);
    device.setFree(1e9);
    machine.advance(10_001);
    await put("after");
    await put("later");
    device.crash();
    expect(await remembered(device)).toEqual(["first", "disarmed", "after", "later"]);
  });

  test("because none can be written are remembered when it can be written again", async () => {
    const device = createSimulatedDisk();
    const { put, machine, codes } = await openOn(device);
    await put("before");
    device.refuse("EROFS");
    expect((await put("volatile")).records[0]?.durable).toBe(false);
    await put("disarmed", "state");
    device.refuse(null);
    machine.advance(10_001);
    await put("after");
    device.crash();
    expect(codes).toContain("journal.volatile");
    expect(await remembered(device)).toEqual(["before", "volatile", "disarmed", "after"]);
  });

  test("because none can be written are on it soon after, without another draft", async () => {
    const device = createSimulatedDisk();
    const { put, journal, machine } = await openOn(device);
    await put("before");
    device.refuse("EROFS");
    await put("volatile");
    device.refuse(null);
    machine.advance(10_001);
    await new Promise(setImmediate);
    expect(journal.status().volatile).toBe(false);
    device.crash();
    expect(await remembered(device)).toEqual(["before", "volatile"]);
  });

  test("are followed on the disk by the next ones, when what waited has shown that it takes records again", async () => {
    const device = createSimulatedDisk();
    const { put, journal, machine } = await openOn(device);
    await put("before");
    device.failSyncs(3);
    const volatile = put("volatile");
    const waiting = journal.append([draft("state", "waiting")]);
    expect((await volatile).records[0]?.durable).toBe(false);
    machine.advance(50);
    await waiting;
    expect((await put("after")).records[0]?.durable).toBeUndefined();
    device.crash();
    expect(await remembered(device)).toEqual(["before", "volatile", "waiting", "after"]);
  });

  test("that were waiting while the disk failed come before what follows them", async () => {
    const device = createSimulatedDisk();
    const { put } = await openOn(device);
    await put("before");
    device.failSyncs(3);
    await Promise.all([put("one"), put("two"), put("three")]);
    await put("four");
    const { memory } = await openOn(device);
    expect(memory.texts).toEqual(["before", "one", "two", "three", "four"]);
  });
});

describe("a tail that was read after a start and cannot be synced", () => {
  const seeds = [1, 2, 3, 4, 5, 6];

  test.each(seeds)("is written again with its numbers, and outlives a power cut, seed %i", async (seed) => {
    const device = createSimulatedDisk(seed);
    const first = await openOn(device, {}, syncsOf(device, 1));
    await first.put("synced");
    await Promise.race([first.put("in the cache"), new Promise(setImmediate)]);
    device.failSyncs(1);
    const second = await openOn(device);
    expect(second.codes).toEqual(["journal.sync-failed"]);
    expect(second.memory.texts).toEqual(["synced", "in the cache"]);
    await second.put("after");
    device.crash();
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
    const third = await openOn(device);
    expect(third.memory.texts).toEqual(["synced", "in the cache", "after"]);
    const alarms = [];
    for await (const record of third.journal.replay()) if (record.lane === "alarm") alarms.push(record);
    expect(alarms.map(({ sequence, data }) => [sequence, data["text"]])).toEqual([
      [1, "synced"],
      [2, "in the cache"],
      [3, "after"],
    ]);
  });

  test("is read when nothing can be written at all", async () => {
    const device = createSimulatedDisk();
    await (await openOn(device)).put("before");
    device.refuse("EROFS");
    const { memory, journal } = await openOn(device);
    expect(memory.texts).toEqual(["before"]);
    expect(journal.heads().find(({ lane }) => lane === "alarm")?.sequence).toBe(1);
  });
});

/** The disk as a process sees it that dies in the sync after so many. */
function syncsOf(device: SimulatedDisk, count: number): Disk {
  const disk = device.mount();
  let left = count;
  return {
    ...disk,
    async open(name, mode) {
      const file = await disk.open(name, mode);
      const sync = () => {
        left -= 1;
        return left < 0 ? new Promise<never>(() => undefined) : file.sync();
      };
      return { ...file, sync };
    },
  };
}
