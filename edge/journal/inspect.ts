// Reads and verifies a journal folder from outside, of a dead box or beside a running one. Writes nothing.
import { diskAt } from "../machine/disk.js";
import type { Disk } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import { isWhole, type JournalRecord, type KeptRecord } from "../model/record.js";
import { type AuditOptions, createAudit, type Findings } from "../record/audit.js";
import { type Open, openerOf } from "../record/seal.js";
import { unsignedRecordsMax } from "./checkpoints.js";
import { entriesOf, type IndexedEntry } from "./content.js";
import type { OnTrouble } from "./journal.js";
import { jsonIn } from "./line.js";
import { damageTrouble, trouble } from "./recover.js";
import { retiredIn } from "./retired.js";
import { epochOf, isSegmentName, openSegment, type Segment, scanFile } from "./segment.js";

export interface Verification extends Findings {
  readonly ok: boolean;
  readonly segments: number;
  readonly bytes: number;
}

export interface VerifyOptions extends Omit<AuditOptions, "unsignedRecordsMax"> {
  /** Opens what is sealed; what it does not open is a fault then. */
  readonly open?: Open | undefined;
}

/** Every record of a journal folder in order that can be read. Rejects with the system's error when the folder cannot be read. */
export async function* readJournal(folder: string): AsyncGenerator<JournalRecord> {
  for await (const record of readKept(folder, openerOf(null))) if (isWhole(record)) yield record;
}

/** The same with what is sealed: whole with its key, else by the header only. `onTrouble` hears of all that is left out. */
export async function* readKept(
  folder: string,
  open: Open,
  onTrouble: OnTrouble = () => undefined,
): AsyncGenerator<KeptRecord> {
  for await (const { entries, damages } of walk(diskAt(folder), open, true)) {
    damages.forEach(onTrouble);
    for (const { record } of entries) yield record;
  }
}

/** Checks every checksum, chain and signature from the first record that is kept. What was retired before is no fault. */
export async function verifyJournal(
  folder: string,
  disk: Disk = diskAt(folder),
  options: VerifyOptions = {},
): Promise<Verification> {
  const audit = createAudit({ ...options, unsignedRecordsMax });
  const counts = { segments: 0, bytes: 0 };
  for await (const { segment, name, entries, damages, end, isFirst } of walk(disk, options.open ?? openerOf(null))) {
    damages.forEach(audit.fault);
    if (segment === null) continue;
    counts.segments += 1;
    counts.bytes += end;
    audit.begin(segment.header.heads, `beginning of ${name}`, isFirst);
    for (const { record, at } of entries) {
      const where = `${name} at byte ${at.offset}`;
      if (options.open !== undefined && !isWhole(record))
        audit.fault(trouble("journal.corrupt", `${where}, ${at.lane} ${at.sequence}`, "it does not open with the key"));
      audit.check(record, where);
    }
  }
  const findings = audit.finish();
  return { ok: findings.faults.length === 0, ...counts, ...findings };
}

/** The same for records that were exported, one JSON text each. */
export async function auditExport(
  lines: AsyncIterable<string> | Iterable<string>,
  place: string,
  options: VerifyOptions = {},
): Promise<Verification> {
  const audit = createAudit({ ...options, unsignedRecordsMax });
  const counts = { segments: 0, bytes: 0 };
  let number = 0;
  for await (const line of lines) {
    number += 1;
    counts.bytes += line.length + 1;
    const where = `${place} line ${number}`;
    const value = jsonIn(Buffer.from(line));
    if (value === undefined) audit.fault(trouble("journal.unreadable", where, `${line.length} characters`));
    else audit.check(value, where);
  }
  const findings = audit.finish();
  return { ok: findings.faults.length === 0, ...counts, ...findings };
}

interface Step {
  readonly name: string;
  readonly segment: Segment | null;
  readonly entries: readonly IndexedEntry[];
  readonly damages: readonly Trouble[];
  /** Behind the last byte that is in use. */
  readonly end: number;
  /** The one before of its epoch is about to go and says so itself. */
  readonly isFirst: boolean;
}

/** `mayGo`: a box that runs lets segments go while they are read; one that is gone by its turn is left out. */
async function* walk(disk: Disk, open: Open, mayGo = false): AsyncGenerator<Step> {
  const all = (await disk.list()).toSorted();
  const names = all.filter(isSegmentName);
  for (const [at, name] of names.entries()) {
    const before = all.findLast((file) => file < name && (isSegmentName(file) || retiredIn(file) !== null)) ?? "";
    const isFirst = retiredIn(before) !== null && epochOf(before) === epochOf(name);
    const step = await stepAt(disk, { name, following: names[at + 1], isFirst }, open).catch((error) => {
      if (mayGo && error.code === "ENOENT") return null;
      throw error;
    });
    if (step !== null) yield step;
  }
}

async function stepAt(
  disk: Disk,
  { name, following, isFirst }: { name: string; following: string | undefined; isFirst: boolean },
  open: Open,
): Promise<Step> {
  const opened = await openSegment(disk, name);
  if ("unusable" in opened) return { name, segment: null, entries: [], damages: [opened.unusable], end: 0, isFirst };
  const { segment } = opened;
  const next = following === undefined ? null : await openSegment(disk, following);
  const scan = await scanFile(disk, segment);
  const content = entriesOf(scan, segment, next !== null && "segment" in next ? next.segment : undefined, open);
  const damages = content.damages.map((each) => damageTrouble(segment, each));
  return { name, segment, entries: content.records, damages, end: scan.end, isFirst };
}
