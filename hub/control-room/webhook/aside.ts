// Messages that a receiver never took: kept in one small file until a person sends them again.
import { readFileSync } from "node:fs";
import { writeWhole } from "../../../edge/machine/whole-file.js";

export interface Aside<M> {
  readonly message: M;
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export interface AsideList<M> {
  list(): readonly Aside<M>[];
  add(entry: Aside<M>): void;
  remove(entry: Aside<M>): void;
}

/** Beyond it the oldest goes; the ledger still has its record. */
const asideMax = 1000;

/** Throws when the file is there and cannot be read as what it is. */
export function openAside<M>(file: string): AsideList<M> {
  let entries: readonly Aside<M>[] = read(file);
  const keep = (next: readonly Aside<M>[]) => {
    writeWhole(file, `${JSON.stringify(next)}\n`);
    entries = next;
  };
  return {
    list: () => entries,
    add: (entry) => keep([...entries, entry].slice(-asideMax)),
    remove: (entry) => keep(entries.filter((other) => other !== entry)),
  };
}

function read<M>(file: string): readonly Aside<M>[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error(`${file} is no list of messages`);
  return entries;
}
