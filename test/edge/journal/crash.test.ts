// Power cuts at random points under a seed: what an append has promised is there afterwards.
import { expect, test } from "vitest";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import { openLog } from "../../../edge/journal/log.js";
import type { Trouble } from "../../../edge/model/error.js";
import type { JournalRecord } from "../../../edge/model/record.js";
import { verifyChain } from "../../../edge/record/verify.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";
import { seeded } from "../../support/seeded.js";
import { createSimulatedDisk, type SimulatedDisk } from "../../support/simulated-disk.js";

async function recordsOf(replay: AsyncIterable<JournalRecord>): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of replay) found.push(record);
  return found;
}

/** Appends without waiting until the power goes after some turns of the loop; returns what was promised. */
async function liveUntilCrash(disk: SimulatedDisk, seed: number, life: number): Promise<string[]> {
  const random = seeded(seed * 1000 + life);
  const machine = manualMachine(seed * 1000 + life);
  const log = await openLog({
    disk: disk.mount(),
    machine,
    options: journalOptions,
    memory: noMemory,
    durable: true,
    onTrouble: () => undefined,
  });
  const promised: string[] = [];
  const turns = 20 + Math.floor(random() * 200);
  for (let turn = 0; turn < turns; turn += 1) {
    if (random() < 0.05) disk.failSyncs(1);
    const text = `${life}-${turn}-${"x".repeat(Math.floor(random() * 400))}`;
    const lane = random() < 0.5 ? "alarm" : "state";
    log.append([draft(lane, text)], random() < 0.3).then(
      () => promised.push(text),
      () => undefined,
    );
    if (random() < 0.3) machine.advance(random() * 30);
    await Promise.resolve();
    if (random() < 0.2) await new Promise(setImmediate);
  }
  disk.failSyncs(0);
  disk.crash();
  return promised;
}

test.each(Array.from({ length: 25 }, (_, seed) => seed))(
  "nothing promised is lost in five power cuts, seed %i",
  async (seed) => {
    const disk = createSimulatedDisk(seed);
    const promised: string[] = [];
    for (let life = 0; life < 5; life += 1) promised.push(...(await liveUntilCrash(disk, seed, life)));
    const troubles: Trouble[] = [];
    const onTrouble = (trouble: Trouble) => troubles.push(trouble);
    const log = await openLog({
      disk: disk.mount(),
      machine: manualMachine(),
      options: journalOptions,
      memory: noMemory,
      durable: true,
      onTrouble,
    });
    const records = await recordsOf(log.replay());
    const kept = new Set(records.map(({ data }) => data["text"]));
    expect(promised.length).toBeGreaterThan(20);
    expect(promised.filter((text) => !kept.has(text))).toEqual([]);
    expect(kept.size).toBe(records.length);
    expect(verifyChain(records)).toBeNull();
    expect(records.map(({ order }) => order)).toEqual(records.map((_, at) => at + 1));
    expect(troubles.filter(({ code }) => code !== "journal.torn-tail")).toEqual([]);
    expect((await verifyJournal("", disk.mount())).faults).toEqual([]);
  },
);
