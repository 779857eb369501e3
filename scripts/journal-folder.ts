// Where commands find a box's journal and its public key, and what a hub has said of it; running or dead, nothing is changed.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { keyVariable, publicName } from "../edge/agent/journal-keys.js";
import {
  auditExport,
  readKept,
  type Verification,
  type VerifyOptions,
  verifyJournal,
} from "../edge/journal/inspect.js";
import { holderOf } from "../edge/machine/claim.js";
import { PortcullisError, type Trouble } from "../edge/model/error.js";
import type { LaneHead } from "../edge/model/record.js";
import { type Open, openerOf } from "../edge/record/seal.js";
import { isHead } from "../edge/record/shape.js";
import { type KeyRing, keyRingOf } from "../edge/record/sign.js";

/** A running box writes while it is read: what looks torn is looked at again so often. */
const looksMax = 5;

/** The journal's folder, given itself or as the box's data folder. */
export function journalIn(path: string): string {
  const inner = join(path, "journal");
  return existsSync(inner) ? inner : path;
}

/** The box's data folder, given itself or as the journal's folder. */
export function dataIn(path: string): string {
  return basename(path) === "journal" ? dirname(path) : path;
}

/** The keys in `file`, else the public key that the box has written beside its journal; null when there is none. */
export function keysFor(path: string, file: string | undefined): KeyRing | null {
  const own = join(dataIn(path), "keys", publicName);
  if (file === undefined && !existsSync(own)) return null;
  return keysIn(file ?? own);
}

/** @throws PortcullisError `journal.key-unusable` */
export function keysIn(file: string): KeyRing {
  try {
    return keyRingOf(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new PortcullisError({ code: "journal.key-unusable", place: file, detail: String(cause) }, { cause });
  }
}

/** For readers that leave out what cannot be read: each place is told once; whether there are any. A running box's tail is none. */
export function damageOf(path: string, tell: (trouble: Trouble) => void) {
  const isRunning = holderOf(dataIn(path)) !== null;
  const told = new Set<string>();
  return {
    onTrouble(trouble: Trouble): void {
      if ((isRunning && trouble.code === "journal.torn-tail") || told.has(trouble.place)) return;
      told.add(trouble.place);
      tell(trouble);
    },
    isDamaged: () => told.size > 0,
  };
}

export const keyText = `private key of encrypted areas; ${keyVariable} unless given 加密区域的密钥`;

/** @throws PortcullisError `journal.key-unusable` */
export function openerFor(file = process.env[keyVariable]): Open {
  if (file === undefined) return openerOf(null);
  try {
    return openerOf(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new PortcullisError({ code: "journal.key-unusable", place: file, detail: String(cause) }, { cause });
  }
}

/** Journal or export, whatever `path` is. */
export async function verifyPath(path: string, options: VerifyOptions): Promise<Verification> {
  if (statSync(path).isFile()) return auditExport(createInterface({ input: createReadStream(path) }), path, options);
  for (let look = 1; ; look += 1) {
    const found = await verifyJournal(journalIn(path), undefined, options).catch((error: NodeJS.ErrnoException) => {
      // A segment was retired between the list and the look.
      if (error.code === "ENOENT" && look < looksMax) return null;
      throw error;
    });
    const isMoving = holderOf(dataIn(path)) !== null && found?.faults.some(({ code }) => code === "journal.torn-tail");
    if (found !== null && (!isMoving || look === looksMax)) return found;
  }
}

/** `source` of the first record: whose journal or export it is. */
export async function sourceAt(path: string): Promise<string | null> {
  const isFile = statSync(path).isFile();
  const lines = isFile ? createInterface({ input: createReadStream(path) }) : null;
  for await (const line of lines ?? []) {
    const source = sourceIn(line);
    if (source !== null) return source;
  }
  if (!isFile) for await (const { source } of readKept(journalIn(path), openerOf(null))) return source;
  return null;
}

/** Null for a line that is no record; the verifier names it. */
function sourceIn(line: string): string | null {
  try {
    const { source } = Object(JSON.parse(line)) as { source?: unknown };
    return typeof source === "string" ? source : null;
  } catch {
    return null;
  }
}

/**
 * The heads of the box that writes as `source` in what a hub's API gives: a box of `/api/v1/edges`, the list of them, or heads alone.
 * @throws PortcullisError `api.invalid-body`
 */
export function headsIn(file: string, source: string | null): readonly LaneHead[] {
  const invalid = (detail: string) => new PortcullisError({ code: "api.invalid-body", place: file, detail });
  const value = jsonAt(file, invalid);
  const boxes = boxesIn(value);
  const box = boxes.length === 1 ? boxes[0] : boxes.find(({ site, edge }) => `/portcullis/${site}/${edge}` === source);
  const heads = box?.heads ?? (Array.isArray(value) ? value : []);
  const found = heads.filter(isHead);
  if (found.length === 0 || found.length < heads.length)
    throw invalid(`no heads with epoch, lane, sequence and hash for ${source}`);
  return found;
}

function jsonAt(file: string, invalid: (detail: string) => PortcullisError): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(String(cause));
  }
}

interface BoxHeads {
  readonly site?: unknown;
  readonly edge?: unknown;
  readonly heads: readonly unknown[];
}

function boxesIn(value: unknown): readonly BoxHeads[] {
  const list = Array.isArray(value) ? value : Object.values(Object(value)).find(Array.isArray);
  return [value, ...(Array.isArray(list) ? list : [])].filter(
    (each): each is BoxHeads => typeof each === "object" && each !== null && Array.isArray((each as BoxHeads).heads),
  );
}
