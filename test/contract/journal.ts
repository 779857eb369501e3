// The suite that every journal passes, whatever disk lies below it.
import { describe, expect, test } from "vitest";
import type { Journal, Memory } from "../../edge/journal/journal.js";
import { openJournal } from "../../edge/journal/open.js";
import type { Disk } from "../../edge/machine/ports.js";
import type { Trouble } from "../../edge/model/error.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { verifyChain } from "../../edge/record/verify.js";
import { draft, journalOptions, manualMachine, noMemory, textMemory } from "../support/journal.js";

async function all(records: AsyncIterable<JournalRecord>): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

const texts = (records: readonly JournalRecord[]) => records.map(({ data }) => data["text"]);

/** `makeDisk` gives a new empty disk; opened again it must hold what was synced. */
export function journalContract(name: string, makeDisk: () => Promise<Disk>): void {
  describe(`a journal on ${name}`, () => {
    async function openOn(disk: Disk, run = "run-1", memory: Memory = noMemory) {
      const machine = manualMachine();
      const troubles: Trouble[] = [];
      const options = { ...journalOptions, run };
      const setup = {
        disk: () => Promise.resolve(disk),
        machine,
        options,
        memory,
        onTrouble: (t: Trouble) => troubles.push(t),
      };
      return { journal: await openJournal(setup), machine, troubles };
    }

    async function fill(journal: Journal, count: number) {
      for (let at = 1; at <= count; at += 1)
        await journal.append([draft(at % 3 === 0 ? "alarm" : "state", `${at}`)], true);
    }

    test("gives sequences per lane, one order over all, and a chain that verifies", async () => {
      const { journal } = await openOn(await makeDisk());
      await journal.append([draft("alarm"), draft("state"), draft("alarm"), draft("telemetry")], true);
      const records = await all(journal.replay());
      expect(records.map(({ lane, sequence, order }) => `${order} ${lane} ${sequence}`)).toEqual([
        "1 alarm 1",
        "2 state 1",
        "3 alarm 2",
        "4 telemetry 1",
      ]);
      expect(verifyChain(records)).toBeNull();
      await journal.close();
    });

    test("stores an alarm without any wait, state within 50 ms and telemetry within a second", async () => {
      const { journal, machine } = await openOn(await makeDisk());
      await journal.append([draft("alarm")]);
      const state = journal.append([draft("state")]);
      machine.advance(50);
      expect((await state).records).toHaveLength(1);
      const telemetry = journal.append([draft("telemetry")]);
      machine.advance(999);
      expect(journal.status().syncs).toBe(2);
      machine.advance(1);
      expect((await telemetry).records).toHaveLength(1);
      await journal.close();
    });

    test("goes on after a restart with the same epoch and the next sequence, over many segments", async () => {
      const disk = await makeDisk();
      const first = await openOn(disk);
      await fill(first.journal, 200);
      await first.journal.close();
      const second = await openOn(disk);
      expect(second.journal.status().segments).toBeGreaterThan(2);
      await second.journal.append([draft("alarm", "after")]);
      const records = await all(second.journal.replay());
      expect(texts(records)).toEqual([...Array.from({ length: 200 }, (_, at) => `${at + 1}`), "after"]);
      expect(records.map(({ order }) => order)).toEqual(Array.from({ length: 201 }, (_, at) => at + 1));
      expect(verifyChain(records)).toBeNull();
      expect(new Set(records.map(({ epoch }) => epoch)).size).toBe(1);
      expect(second.troubles).toEqual([]);
      await second.journal.close();
    });

    test("reads one lane from any sequence", async () => {
      const { journal } = await openOn(await makeDisk());
      await fill(journal, 150);
      const { epoch } = journal.status();
      expect(texts(await journal.read({ epoch, lane: "alarm", sequence: 20 }, 3))).toEqual(["60", "63", "66"]);
      expect(texts(await journal.read({ epoch, lane: "alarm", sequence: 49 }, 10))).toEqual(["147", "150"]);
      expect(await journal.read({ epoch, lane: "alarm", sequence: 51 }, 10)).toEqual([]);
      await journal.close();
    });

    test("remembers what was recorded before a start, from the last segment alone", async () => {
      const disk = await makeDisk();
      const first = await openOn(disk, "run-1", textMemory());
      await fill(first.journal, 200);
      await first.journal.close();
      const memory = textMemory();
      const names = (await disk.list()).filter((name) => name.endsWith(".seg")).sort();
      expect(names.length).toBeGreaterThan(2);
      for (const name of names.slice(0, -1)) await disk.remove(name);
      const second = await openOn(disk, "run-2", memory);
      expect(memory.texts).toEqual(Array.from({ length: 200 }, (_, at) => `${at + 1}`));
      await second.journal.append([draft("alarm", "after")]);
      await second.journal.close();
      const again = textMemory();
      const third = await openOn(disk, "run-3", again);
      expect(again.texts).toEqual(memory.texts);
      expect(again.texts.at(-1)).toBe("after");
      await third.journal.close();
    });

    test("writes an entry once that is handed over twice in one run, but not one of another run", async () => {
      const disk = await makeDisk();
      const first = await openOn(disk);
      await first.journal.append([draft("alarm", "a", 1), draft("alarm", "b", 2)]);
      await first.journal.close();
      const second = await openOn(disk);
      expect(second.journal.status().lastEntry).toBe(2);
      await second.journal.append([draft("alarm", "b", 2), draft("alarm", "c", 3)]);
      await second.journal.close();
      const third = await openOn(disk, "run-2");
      await third.journal.append([draft("alarm", "d", 1)]);
      expect(texts(await all(third.journal.replay()))).toEqual(["a", "b", "c", "d"]);
      await third.journal.close();
    });

    test("begins a new epoch when the hub has more of the present one than the disk", async () => {
      const { journal, troubles } = await openOn(await makeDisk());
      await journal.append([draft("alarm", "old")]);
      const before = journal.status().epoch;
      await journal.acknowledge([{ epoch: before, lane: "alarm", sequence: 5, hash: "f".repeat(64) }]);
      await journal.append([draft("alarm", "new")]);
      const records = await all(journal.replay());
      expect(records.map(({ epoch, sequence }) => [epoch === before, sequence])).toEqual([
        [true, 1],
        [false, 1],
      ]);
      expect(troubles.map(({ code }) => code)).toEqual(["journal.chain-broken"]);
      await journal.close();
    });
  });
}
