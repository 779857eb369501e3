// The box's journal as its options say: disk, memory, signature, and what is sealed on the disk.
import { dirname } from "node:path";
import type { Journal, JournalMachine, OnTrouble } from "../journal/journal.js";
import { openJournal } from "../journal/open.js";
import { openDisk } from "../machine/disk.js";
import type { Random } from "../machine/ports.js";
import { keyVariable, openSealer, openSigner } from "./journal-keys.js";
import { createMemory, type DurableMemory } from "./memory.js";
import type { WorkerOptions } from "./recorder-messages.js";
import { createSecrecy, type Secrecy } from "./secrecy.js";

const mib = 1024 * 1024;

export interface BoxJournal {
  readonly journal: Journal;
  readonly memory: DurableMemory;
  /** Undefined where no area is encrypted. */
  readonly secrecy: Secrecy | undefined;
}

/** Never rejects: without a disk the journal begins in memory. */
export async function openBoxJournal(
  options: WorkerOptions,
  machine: JournalMachine,
  onTrouble: OnTrouble,
): Promise<BoxJournal> {
  const { site, edge, run, isAlone } = options;
  const { retentionDays, quotaMiB, reserveMiB } = options.journal;
  const sealing = openSealing(options, machine.random, onTrouble);
  const plain = createMemory(options.initial);
  const memory = sealing === undefined ? plain : notedBy(sealing, plain);
  const journal = await openJournal({
    disk: () => openDisk(options.dataDir),
    machine,
    options: { site, edge, run, isAlone, retentionDays, quotaBytes: quotaMiB * mib, reserveBytes: reserveMiB * mib },
    memory,
    signer: openSigner(options.keysDir, machine.random, onTrouble),
    sealing,
    onTrouble,
  });
  return { journal, memory, secrecy: sealing };
}

/** Nothing is sealed where no area is encrypted. */
function openSealing({ journal, secretIds, dataDir, keysDir }: WorkerOptions, random: Random, onTrouble: OnTrouble) {
  const { encryptedAreas = [], keyFile } = journal;
  if (encryptedAreas.length === 0) return undefined;
  const path = process.env[keyVariable] ?? keyFile;
  const sealer = openSealer({ dataDir: dirname(dataDir), keysDir, keyFile: path, random, onTrouble });
  return { sealer, ...createSecrecy(secretIds) };
}

function notedBy({ note }: Pick<Secrecy, "note">, memory: DurableMemory): DurableMemory {
  return {
    ...memory,
    remember(known) {
      note(known);
      memory.remember(known);
    },
  };
}
