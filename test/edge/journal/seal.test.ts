// Encrypted areas: nothing of them is readable on the disk, the chain verifies without the key, and a box whose key is
// away goes on writing and reads what it has written itself.
import { describe, expect, test } from "vitest";
import type { Sealing } from "../../../edge/journal/chain.js";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import type { JournalOptions } from "../../../edge/journal/journal.js";
import { openJournal } from "../../../edge/journal/open.js";
import { createSealer, makeSealingKey, openerOf, publicSealingKey } from "../../../edge/record/seal.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { draft, journalOptions, manualMachine, seededRandom, textMemory } from "../../support/journal.js";
import { createSimulatedDisk, type SimulatedDisk } from "../../support/simulated-disk.js";

const random = seededRandom(3);
const privateKey = makeSealingKey(random);
const publicKey = publicSealingKey(privateKey);
const signer = signerOf(makeSigningKey(random));
let lives = 0;

/** `key`: the private one, or null when it is away. What a text names "secret" is sealed, and all that is kept. */
async function openOn(device: SimulatedDisk, key: string | null, options: Partial<JournalOptions> = {}) {
  lives += 1;
  const machine = manualMachine(lives);
  const memory = textMemory();
  const sealing: Sealing = {
    sealer: createSealer(publicKey, machine.random, openerOf(key)),
    seals: ({ type, data }) => type === "texts.kept" || String(data["text"]).startsWith("secret"),
  };
  const journal = await openJournal({
    disk: async () => device.mount(),
    machine,
    memory,
    options: { ...journalOptions, run: `run-${lives}`, ...options },
    onTrouble: () => undefined,
    signer,
    sealing,
  });
  const put = (...texts: readonly string[]) =>
    journal.append(
      texts.map((text) => draft("alarm", text)),
      true,
    );
  const read = async () => {
    const { epoch } = journal.status();
    return (await journal.read({ epoch, lane: "alarm", sequence: 1 }, 100)).map(({ data }) => data["text"]);
  };
  return { journal, memory, put, read };
}

async function onDisk(device: SimulatedDisk): Promise<string> {
  const names = (await device.mount().list()).filter((name) => name.endsWith(".seg"));
  return names.map((name) => device.bytes(name).toString("latin1")).join("");
}

describe("a record of an encrypted area", () => {
  test("A-34: is on the disk in no readable form, and comes back with the key", async () => {
    const device = createSimulatedDisk();
    const first = await openOn(device, privateKey);
    await first.put("open", "secret one", "secret two");
    await first.journal.close();
    const bytes = await onDisk(device);
    expect(bytes).toContain("open");
    expect(bytes).not.toContain("secret");
    const second = await openOn(device, privateKey);
    expect(second.memory.texts).toEqual(["open", "secret one", "secret two"]);
    expect(await second.read()).toEqual(["open", "secret one", "secret two"]);
  });

  test("verifies without any key but the public one that signs", async () => {
    const device = createSimulatedDisk();
    const { put, journal } = await openOn(device, privateKey);
    await put("secret one", "open");
    await put("secret two");
    await journal.close();
    const keys = keyRingOf(signer.publicKey);
    const found = await verifyJournal("", device.mount(), { keys, hubHeads: journal.heads() });
    expect(found).toMatchObject({ ok: true, checkpoints: 2, closed: 3 });
    expect(await verifyJournal("", device.mount(), { keys, open: openerOf(privateKey) })).toMatchObject({
      ok: true,
      closed: 0,
    });
    const wrong = await verifyJournal("", device.mount(), { keys, open: openerOf(makeSealingKey(random)) });
    expect(wrong.faults.map(({ code }) => code)).toEqual(["journal.corrupt", "journal.corrupt", "journal.corrupt"]);
  });

  test("is written and read in the run of a box whose key is away, and read by the next one that has it", async () => {
    const device = createSimulatedDisk();
    const first = await openOn(device, privateKey);
    await first.put("secret one");
    await first.journal.close();
    const without = await openOn(device, null);
    expect(without.memory.texts).toEqual([]);
    await without.put("open", "secret two");
    expect(await without.read()).toEqual(["open", "secret two"]);
    await without.journal.close();
    const again = await openOn(device, privateKey);
    expect(await again.read()).toEqual(["secret one", "open", "secret two"]);
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
  });

  test("that was not synced before the key went away is written again as it was sealed", async () => {
    const device = createSimulatedDisk();
    const first = await openOn(device, privateKey);
    await first.put("secret one");
    device.failSyncs(1);
    const without = await openOn(device, null);
    await without.put("open");
    await without.journal.close();
    const again = await openOn(device, privateKey);
    expect(await again.read()).toEqual(["secret one", "open"]);
    expect((await verifyJournal("", device.mount())).faults).toEqual([]);
  });

  test("is closed to another key, and to a text that was moved to another record", () => {
    const sealer = createSealer(publicKey, random, openerOf(null));
    const sealed = sealer.seal("text", "box/1");
    expect(openerOf(privateKey)(sealed, "box/1")).toBe("text");
    expect(openerOf(privateKey)(sealed, "box/2")).toBeNull();
    expect(openerOf(makeSealingKey(random))(sealed, "box/1")).toBeNull();
    expect(openerOf(null)(sealed, "box/1")).toBeNull();
  });
});
