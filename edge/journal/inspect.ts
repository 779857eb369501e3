// Reads and verifies a journal folder from outside, of a dead box or beside a running one. Writes nothing.
import { diskAt } from "../machine/disk.js";
import type { Disk } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import { isWhole, type JournalRecord, type KeptRecord } from "../model/record.js";
import { type AuditOptions, createAudit, type Findings } from "../record/audit.js";
import { type Open, openerOf } from "../record/seal.js";
import { unsignedRecordsMax } from "./checkpoints.js";
import { damageTrouble, trouble } from "./recover.js";
import {
  damagesOf,
  entriesOf,
  type IndexedEntry,
  isSegmentName,
  openSegment,
  type Segment,
  scanFile,
} from "./segment.js";

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

/** The same with what is sealed: whole with its key, else by the header only. */
export async function* readKept(folder: string, open: Open): AsyncGenerator<KeptRecord> {
  for await (const { entries } of walk(diskAt(folder), open)) for (const { record } of entries) yield record;
}

/** Checks every checksum, chain and signature from the first record that is kept. What was retired before is no fault. */
export async function verifyJournal(
  folder: string,
  disk: Disk = diskAt(folder),
  options: VerifyOptions = {},
): Promise<Verification> {
  const audit = createAudit({ ...options, unsignedRecordsMax });
  const counts = { segments: 0, bytes: 0 };
  for await (const { segment, name, entries, damages, end } of walk(disk, options.open ?? openerOf(null))) {
    damages.forEach(audit.fault);
    if (segment === null) continue;
    counts.segments += 1;
    counts.bytes += end;
    audit.begin(segment.header.heads, `beginning of ${name}`);
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
    audit.check(parse(line), `${place} line ${number}`);
  }
  const findings = audit.finish();
  return { ok: findings.faults.length === 0, ...counts, ...findings };
}

/** Null for what is no JSON. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Told by the audit, with the line's number.
    return null;
  }
}

interface Step {
  readonly name: string;
  readonly segment: Segment | null;
  readonly entries: readonly IndexedEntry[];
  readonly damages: readonly Trouble[];
  /** Behind the last byte that is in use. */
  readonly end: number;
}

async function* walk(disk: Disk, open: Open): AsyncGenerator<Step> {
  const names = (await disk.list()).filter(isSegmentName).sort();
  for (const [at, name] of names.entries()) {
    const segment = await openSegment(disk, name);
    const following = names[at + 1];
    const next = following === undefined ? undefined : ((await openSegment(disk, following)) ?? undefined);
    if (segment === null) {
      const unreadable = trouble("journal.corrupt", name, "both copies of the segment's header are damaged");
      yield { name, segment, entries: [], damages: [unreadable], end: 0 };
      continue;
    }
    const scan = await scanFile(disk, segment);
    const damages = damagesOf(scan, next).map((damage) => damageTrouble(segment, damage));
    yield { name, segment, entries: entriesOf(scan, segment, next, open), damages, end: scan.end };
  }
}
