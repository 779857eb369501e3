// Sets up a box on an empty data folder with what the hub has of the one that it replaces: settings, book, and a journal of its
// own whose first records are the state of the old one. Can be called again wherever it was cut short.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { loadSite } from "../../config/load.js";
import type { Book } from "../commissioning/book.js";
import type { DetailsBook } from "../commissioning/inventory/details.js";
import { detailsFile, detailsIn, writeDetails } from "../commissioning/inventory/details-file.js";
import type { JournalDraft } from "../journal/journal.js";
import type { Clock, Random, Timer } from "../machine/ports.js";
import { writeWallFloor } from "../machine/wall-floor.js";
import { writeWhole } from "../machine/whole-file.js";
import type { Durable } from "../model/durable.js";
import { PortcullisError, refusal, type Trouble } from "../model/error.js";
import { type Fact, fact } from "../model/fact.js";
import type { Replacement } from "../model/replacement.js";
import { settingsFiles } from "../model/revision.js";
import { type BoxJournal, openBoxJournal } from "./box-journal.js";
import type { DurableMemory } from "./memory.js";
import { recorderOptions } from "./recorder-options.js";
import { chooseSettings, type Settings } from "./settings.js";

export interface RestoreOptions {
  readonly replacement: Replacement;
  /** Serial number of this box's certificate. */
  readonly serial: string;
  readonly machine: { readonly clock: MachineClock; readonly timer: Timer; readonly random: Random };
  /** The journal's trouble, which is no reason to stop. */
  readonly onTrouble: (trouble: Trouble) => void;
}
interface MachineClock extends Clock {
  raiseFloor(wallMs: number): void;
}

export interface Restored {
  readonly revision: number;
  readonly durable: Durable;
}

/** @throws PortcullisError `replace.nothing-kept`, `replace.damaged`, `config.*`, `journal.*`. */
export async function restoreBox(dataDir: string, options: RestoreOptions): Promise<Restored> {
  const { replacement, machine } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (replacement.hubAt !== null) {
    writeWallFloor(dataDir, replacement.hubAt);
    machine.clock.raiseFloor(replacement.hubAt);
  }
  writeWhole(join(dataDir, settingsFiles.stored), checkedConfig(replacement));
  const settings = chooseSettings(dataDir, null, replacement.edge);
  if (replacement.book !== null)
    writeWhole(join(dataDir, "book.json"), `${JSON.stringify(bookIn(replacement.book), null, 2)}\n`);
  if (typeof replacement.inventory === "string") writeDetails(dataDir, inventoryIn(replacement.inventory));
  const durable = await restoreJournal(dataDir, settings, options);
  return { revision: settings.revision, durable };
}

function checkedConfig({ config, site, edge }: Replacement): string {
  if (config === null) throw refusal("replace.nothing-kept", `${site}.${edge}`, "");
  const loaded = loadSite(config.text, settingsFiles.stored);
  const [trouble] = loaded.ok ? [] : loaded.troubles;
  if (trouble !== undefined) throw new PortcullisError(trouble);
  if (!loaded.ok || loaded.hash !== config.hash)
    throw refusal("replace.damaged", settingsFiles.stored, `its hash is not ${config.hash}`);
  if (loaded.site.site !== site) throw refusal("replace.damaged", settingsFiles.stored, `it is of ${loaded.site.site}`);
  return config.text;
}

function bookIn(text: string): Book {
  try {
    return JSON.parse(text) as Book;
  } catch (cause) {
    throw new PortcullisError({ code: "replace.damaged", place: "book.json", detail: String(cause) }, { cause });
  }
}

function inventoryIn(text: string): DetailsBook {
  try {
    return detailsIn(text);
  } catch (cause) {
    throw new PortcullisError({ code: "replace.damaged", place: detailsFile, detail: String(cause) }, { cause });
  }
}

/** The segment that the journal begins with comes to be in one piece: it holds the whole state and the word of the replacement. */
async function restoreJournal(dataDir: string, settings: Settings, options: RestoreOptions): Promise<Durable> {
  const { machine, onTrouble, replacement } = options;
  const recorder = recorderOptions(settings, dataDir, null);
  mkdirSync(recorder.keysDir, { recursive: true, mode: 0o700 });
  const box = await openBoxJournal({ ...recorder, run: randomUUID() }, machine, onTrouble);
  try {
    if (await isRestored(box, options.serial)) return box.memory.durable();
    recall(box.memory, replacement);
    const durable = box.memory.durable();
    await box.journal.append([draftOf(replacedFact(settings, options), machine.clock)], true);
    // In memory it would be gone with this process.
    if (box.journal.status().volatile) throw refusal("journal.sync-failed", recorder.dataDir, "no disk takes records");
    return durable;
  } finally {
    await box.journal.close();
  }
}

/** The box's own fold makes of it what the old box held to be true. */
function recall(memory: DurableMemory, { kept, facts }: Replacement): void {
  for (const data of kept) memory.remember({ type: "state.kept", data: { ...data } });
  for (const known of facts) memory.remember(known);
}

async function isRestored({ journal }: BoxJournal, serial: string): Promise<boolean> {
  for await (const { type, data } of journal.replay())
    if (type === "box.replaced" && data["serial"] === serial) return true;
  return false;
}

function replacedFact({ config, revision }: Settings, { replacement, serial, machine }: RestoreOptions): Fact {
  const { replaced, lastAt, missing, heads } = replacement;
  const epochs = [...new Set(heads.map(({ epoch }) => epoch))];
  const at = machine.clock.now();
  return fact("box.replaced", config.id, { serial, replaced, epochs, revision, lastAt, missing, at });
}

function draftOf(known: Fact, clock: Clock): JournalDraft {
  return { ...known, data: { ...known.data }, now: clock.now(), exercise: false };
}
