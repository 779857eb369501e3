// Which configuration a box runs: the newest good revision in the data folder; a file given at start seeds it (rule 12).
import { join } from "node:path";
import { type LoadedSite, loadSite, type Refused, readConfigFile } from "../../config/load.js";
import { PortcullisError, type Trouble } from "../model/error.js";
import { settingsFiles } from "../model/revision.js";
import type { EdgeConfig } from "../model/site.js";
import { checkNext, refusedBecause, taken } from "./next-settings.js";
import { answerNext, isNextStored, isNextWaiting, storeIfWritable } from "./stored-settings.js";

export interface Settings {
  readonly site: string;
  readonly config: EdgeConfig;
  readonly revision: number;
  readonly hash: string;
  /** The file as it was read. */
  readonly text: string;
  /** Why a given or waiting file was not taken; null when it was. */
  readonly refused: Trouble | null;
}

/**
 * Chooses between the given file and the stored revision, and stores the given one when it is newer and good; then takes
 * the file that waits, if it may follow.
 * @throws PortcullisError with the first trouble when no good configuration is left, `config.edge-unknown` when it has no such box.
 */
export function chooseSettings(dataDir: string, givenFile: string | null, edge: string): Settings {
  const present = presentSettings(dataDir, givenFile, edge);
  return isNextWaiting(dataDir) ? takeWaiting(dataDir, present) : present;
}

/** On a disk that cannot be written the box guards with what it has. */
function takeWaiting(dataDir: string, present: Settings): Settings {
  // The box ended between storing it and saying so.
  if (isNextStored(dataDir)) {
    answerNext(dataDir, taken(present, "restarted"));
    return present;
  }
  const next = checkNext(dataDir, present);
  if (next.ok && storeIfWritable(dataDir, next.text)) {
    answerNext(dataDir, taken(next.settings, "restarted"));
    return next.settings;
  }
  const unwritable: Trouble = { code: "config.unreadable", place: dataDir, detail: "the disk cannot be written" };
  const troubles = next.ok ? [unwritable] : next.troubles;
  answerNext(dataDir, refusedBecause(present, troubles));
  return { ...present, refused: troubles[0] ?? null };
}

function presentSettings(dataDir: string, givenFile: string | null, edge: string): Settings {
  const given = givenFile === null ? null : read(givenFile);
  const stored = read(join(dataDir, settingsFiles.stored));
  const chosen = newest(stored, given);
  if (chosen === null) throw refusal(given ?? stored);
  if (given?.loaded.ok && chosen === given) {
    storeIfWritable(dataDir, given.text);
  }
  const { site, hash } = chosen.loaded;
  const config = site.edges.find((known) => known.id === edge);
  if (config === undefined) {
    const detail = `site ${site.site} has the boxes ${site.edges.map(({ id }) => id).join(", ")}`;
    throw new PortcullisError({ code: "config.edge-unknown", place: edge, detail });
  }
  return {
    site: site.site,
    config,
    revision: site.revision,
    hash,
    text: chosen.text,
    refused: given !== null && !given.loaded.ok ? (given.loaded.troubles[0] ?? null) : null,
  };
}

interface Read<T> {
  readonly text: string;
  readonly loaded: T;
}

function read(file: string): Read<LoadedSite | Refused> {
  const text = readConfigFile(file);
  return text.ok ? { text: text.text, loaded: loadSite(text.text, file) } : { text: "", loaded: text };
}

/** Of two good ones the higher revision; at the same revision the given file, which a person has just named. */
function newest(stored: Read<LoadedSite | Refused>, given: Read<LoadedSite | Refused> | null): Read<LoadedSite> | null {
  const good = [stored, given].filter((each): each is Read<LoadedSite> => each?.loaded.ok === true);
  return good.reduce<Read<LoadedSite> | null>(
    (best, each) => (best === null || each.loaded.site.revision >= best.loaded.site.revision ? each : best),
    null,
  );
}

function refusal(read: Read<LoadedSite | Refused>): PortcullisError {
  const trouble = read.loaded.ok ? undefined : read.loaded.troubles[0];
  return new PortcullisError(
    trouble ?? { code: "config.unreadable", place: settingsFiles.stored, detail: "no configuration" },
  );
}
