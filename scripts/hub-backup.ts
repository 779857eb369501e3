// A hub's data folder as a backup and back: the ledger, the keys, and where each control room stands. A list of checksums tells
// whether a backup is whole.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { unfinished, writeWhole } from "../edge/machine/whole-file.js";
import { refusal } from "../edge/model/error.js";
import { copyLedger, reviveLedger } from "../hub/ledger/backup.js";
import { giveToOwner } from "./data-owner.js";

const ledgerName = "ledger.sqlite";
const listName = "backup.json";
/** Folders and files that a hub cannot make anew. */
const kept = ["pki", "curve", "opcua", "outlets", "existing-broker.json"];

interface List {
  readonly madeAt: string;
  /** SHA-256 (hex) by relative path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Writes a backup of `data` into `out`, which must not be there. The hub may run. */
export async function makeBackup(dataPath: string, outPath: string, madeAt: string): Promise<List> {
  // What is made beside a folder would lie in it, were a slash left at the end.
  const [data, out] = [resolve(dataPath), resolve(outPath)];
  const ledger = join(data, ledgerName);
  if (!existsSync(ledger)) throw refusal("backup.unusable", data, `no ${ledgerName}`);
  if (existsSync(out)) throw refusal("backup.unusable", out, "it is there already");
  const making = `${out}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  // First where control rooms stand, then the ledger: what is told in between is told again, never left out.
  for (const name of kept) {
    const from = join(data, name);
    // What is being written is there under its own name too, as it was before.
    const filter = (path: string) => !path.endsWith(unfinished);
    if (existsSync(from)) cpSync(from, join(making, name), { recursive: true, preserveTimestamps: true, filter });
  }
  await copyLedger(ledger, join(making, ledgerName));
  const list = { madeAt, files: checksums(making) };
  writeWhole(join(making, listName), `${JSON.stringify(list, null, 2)}\n`);
  renameSync(making, out);
  return list;
}

/** Puts a backup into `data`, which must be empty or not be there. Nothing is changed when the backup is not whole. */
export function restoreBackup(
  fromPath: string,
  dataPath: string,
): { readonly madeAt: string; readonly records: number } {
  const [from, data] = [resolve(fromPath), resolve(dataPath)];
  const list = readList(join(from, listName));
  if (existsSync(data) && readdirSync(data).length > 0)
    throw refusal("backup.unusable", data, "the folder is not empty");
  const found = checksums(from);
  for (const [file, sum] of Object.entries(list.files))
    if (found[file] !== sum) throw refusal("backup.damaged", join(from, file), found[file] ?? "it is missing");
  const making = `${data}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  for (const file of Object.keys(list.files)) {
    mkdirSync(dirname(join(making, file)), { recursive: true, mode: 0o700 });
    cpSync(join(from, file), join(making, file), { preserveTimestamps: true });
  }
  const { records } = reviveLedger(join(making, ledgerName));
  giveToOwner(data, making);
  rmSync(data, { recursive: true, force: true });
  renameSync(making, data);
  return { madeAt: list.madeAt, records };
}

function checksums(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => name !== listName && !name.endsWith("-wal") && !name.endsWith("-shm"))
    .sort();
  return Object.fromEntries(files.map((name) => [name, sumOf(join(folder, name))]));
}

function sumOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function readList(path: string): List {
  try {
    if (!statSync(path).isFile()) throw new Error("no file");
    return JSON.parse(readFileSync(path, "utf8")) as List;
  } catch (error) {
    throw refusal("backup.unusable", path, String(error));
  }
}
