// The power goes at every single act upon the disk, before it and after it: what was promised is there, once, and verifies.
import { expect, test } from "vitest";
import { verifyJournal } from "../../../edge/journal/inspect.js";
import type { Journal } from "../../../edge/journal/journal.js";
import { openJournal } from "../../../edge/journal/open.js";
import { retiredIn } from "../../../edge/journal/retired.js";
import type { Disk, DiskFile } from "../../../edge/machine/ports.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { draft, journalOptions, manualMachine, seededRandom, textMemory } from "../../support/journal.js";
import { createSimulatedDisk, type SimulatedDisk } from "../../support/simulated-disk.js";

const signer = signerOf(makeSigningKey(seededRandom(7)));
const keys = keyRingOf(signer.publicKey);
const never = new Promise<never>(() => undefined);

interface Cut {
  /** The act at which the power goes, counted from 0, and whether it is still done. */
  readonly at: number;
  readonly isDone: boolean;
}

/** `device` until the cut; nothing answers from then on. */
function cutDisk(device: SimulatedDisk, cut: Cut, acts: string[], onCut: () => void): Disk {
  const disk = device.mount();
  async function act<T>(name: string, work: () => Promise<T>): Promise<T> {
    const isCut = acts.length === cut.at;
    acts.push(name);
    if (acts.length > cut.at + 1) return never;
    if (!isCut) return work();
    if (cut.isDone) await work();
    device.crash();
    onCut();
    return never;
  }
  const fileOf = (name: string, file: DiskFile): DiskFile => ({
    ...file,
    write: (offset, bytes) => act(`write ${name}`, () => file.write(offset, bytes)),
    sync: () => act(`sync ${name}`, () => file.sync()),
    truncate: (length) => act(`truncate ${name}`, () => file.truncate(length)),
  });
  return {
    ...disk,
    async open(name, mode) {
      const open = () => disk.open(name, mode);
      return fileOf(name, mode === "create" ? await act(`create ${name}`, open) : await open());
    },
    rename: (from, to) => act(`rename ${from}`, () => disk.rename(from, to)),
    remove: (name) => act(`remove ${name}`, () => disk.remove(name)),
    syncFolder: () => act("sync folder", () => disk.syncFolder()),
  };
}

async function openOn(disk: Disk, run: string) {
  const memory = textMemory();
  const options = { ...journalOptions, run, segmentBytes: 4096, quotaBytes: 48 * 1024, reserveBytes: 8192 };
  const setup = {
    disk: async () => disk,
    machine: manualMachine(),
    options,
    memory,
    signer,
    onTrouble: () => undefined,
  };
  return { journal: await openJournal(setup), memory };
}

/** A life with groups, several segments, a reserve, acknowledgements, retirement and an orderly end. */
async function live(journal: Journal, life: number, promised: string[]): Promise<void> {
  for (let at = 0; at < 10; at += 1) {
    const texts = [`${life}-${at}-a`, `${life}-${at}-b`];
    await journal.append([draft("alarm", texts[0]), draft("state", texts[1])], true);
    promised.push(...texts);
    if (at % 4 === 3) {
      await journal.append([{ ...draft("alarm", "x".repeat(3000)), type: "test.filled" }], true);
      await journal.acknowledge(journal.heads());
    }
  }
  await journal.close();
}

/** Lives until the cut falls; then what was promised, and the acts until then. */
async function run(device: SimulatedDisk, cut: Cut) {
  const promised: string[] = [];
  const acts: string[] = [];
  const fallen = new Promise<void>((resolve, reject) => {
    const disk = cutDisk(device, cut, acts, resolve);
    const lives = async () => {
      for (const life of [1, 2]) await live((await openOn(disk, `run-${life}`)).journal, life, promised);
    };
    // A life that was cut never ends; one that was not has nothing more to do.
    lives().then(resolve, reject);
  });
  await fallen;
  return { promised, acts };
}

const device = createSimulatedDisk();
const { acts } = await run(device, { at: Number.POSITIVE_INFINITY, isDone: true });

test("the life that is cut reaches every kind of act", () => {
  const kinds = new Set(acts.map((name) => name.split(" ")[0]));
  expect([...kinds].sort()).toEqual(["create", "remove", "rename", "sync", "truncate", "write"]);
  expect(acts.length).toBeGreaterThan(100);
  const retirements = acts.filter(
    (act) => act.startsWith("remove ") && retiredIn(act.slice("remove ".length)) !== null,
  );
  expect(retirements.length).toBeGreaterThan(2);
});

test.each([true, false])(
  "nothing promised is lost at any of its acts, the act itself done: %s",
  async (isDone) => {
    for (const [at, name] of acts.entries()) {
      const cut = createSimulatedDisk(at);
      const { promised } = await run(cut, { at, isDone });
      const asLeft = await verifyJournal("", cut.mount(), { keys });
      expect(
        asLeft.faults.filter(({ code }) => code !== "journal.torn-tail"),
        `${at}: ${name}, before the next start`,
      ).toEqual([]);
      const { journal, memory } = await openOn(cut.mount(), "run-3");
      const where = `act ${at}: ${name}`;
      const known = memory.texts.map(String);
      expect(
        promised.filter((text) => !known.includes(text)),
        where,
      ).toEqual([]);
      expect(new Set(known).size, where).toBe(known.length);
      await journal.append([draft("alarm", "after")], true);
      await journal.close();
      const found = await verifyJournal("", cut.mount(), { keys, hubHeads: journal.heads() });
      expect(found.faults, where).toEqual([]);
      expect(
        (await cut.mount().list()).filter((file) => retiredIn(file) !== null),
        where,
      ).toEqual([]);
    }
  },
  120_000,
);
