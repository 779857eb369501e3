// Segment files: given their whole size before use, so that a group later costs one write and no change of the file's size.
// Only what is written takes blocks: filling them with zeros first would write every byte twice, and an SD card wears.
import type { Disk, DiskFile } from "../machine/ports.js";
import type { Lane } from "../model/record.js";
import type { Open } from "../record/seal.js";
import { decodeLine, type Entry, encodeLine, type SegmentHeader, unpackRecord } from "./line.js";
import { type Damage, type Scan, type ScannedLine, scanSegment } from "./scan.js";

/** Where a record lies in its segment. */
export interface IndexEntry {
  readonly lane: Lane;
  readonly sequence: number;
  readonly order: number;
  readonly offset: number;
  readonly length: number;
}

/** A segment on disk. `bytes` is what the file takes. */
export interface Segment {
  readonly name: string;
  readonly number: number;
  readonly header: SegmentHeader;
  bytes: number;
}

/** The segment that takes new records: `end` is behind the last synced byte. */
export interface ActiveSegment {
  readonly segment: Segment;
  readonly file: DiskFile;
  end: number;
}

const suffix = ".seg";
const unfinished = ".new";
/** Two copies of the header lie within this many bytes. */
const headerBytesMax = 8192;
/** What both copies begin with, behind checksum and group mark. */
const headerMark = '{"portcullis":';
const checksumBytes = 9;
const fillBytes = 256 * 1024;

export function isSegmentName(name: string): boolean {
  return /^\d{8}-[0-9a-f]+\.seg$/.test(name);
}

/** Left over from a creation that a crash ended; nothing was in it. */
export function isUnfinishedName(name: string): boolean {
  return name.endsWith(unfinished);
}

/** The header twice, so that one flipped bit does not cost the segment. */
export function encodeHeader(header: SegmentHeader): Buffer {
  return Buffer.concat([encodeLine(true, header), encodeLine(false, header)]);
}

/** Makes segment `number` of `bytes` bytes; when it resolves the header and the first group are on the medium. */
export async function createSegment(
  disk: Disk,
  number: number,
  { header, group, bytes }: { header: SegmentHeader; group: Uint8Array; bytes: number },
): Promise<ActiveSegment> {
  const name = `${String(number).padStart(8, "0")}-${header.epoch}${suffix}`;
  const head = Buffer.concat([encodeHeader(header), group]);
  await createWhole(disk, name, (file) => write(file, head, bytes));
  const file = await disk.open(name, "append");
  return { segment: { name, number, header, bytes }, file, end: head.length };
}

/** A file `name` of zeros that takes its room: on the medium in one piece or not at all. */
export function createFilled(disk: Disk, name: string, bytes: number): Promise<void> {
  return createWhole(disk, name, (file) => fill(file, bytes));
}

async function createWhole(disk: Disk, name: string, make: (file: DiskFile) => Promise<void>): Promise<void> {
  const temporary = name + unfinished;
  try {
    const file = await disk.open(temporary, "create");
    await make(file)
      .then(() => file.sync())
      .finally(() => file.close());
    await disk.rename(temporary, name);
    await disk.syncFolder();
  } catch (error) {
    // A full disk is not to stay full of the attempt; the next start removes, or passes over, what cannot be removed now.
    for (const left of [temporary, name]) await disk.remove(left).catch(() => null);
    throw error;
  }
}

async function write(file: DiskFile, head: Uint8Array, bytes: number): Promise<void> {
  await file.truncate(bytes);
  await file.write(0, head);
}

async function fill(file: DiskFile, bytes: number): Promise<void> {
  const zeros = Buffer.alloc(fillBytes);
  for (let offset = 0; offset < bytes; offset += fillBytes) await file.write(offset, zeros.subarray(0, bytes - offset));
}

/** The segment behind a file name, or null when neither copy of its header can be read. */
export async function openSegment(disk: Disk, name: string): Promise<Segment | null> {
  const file = await disk.open(name, "read");
  try {
    const header = headerIn(Buffer.from(await file.read(0, headerBytesMax)));
    if (header === null) return null;
    return { name, number: Number(name.slice(0, 8)), header, bytes: await file.size() };
  } finally {
    await file.close();
  }
}

/** The first copy that is whole: also when the line feed between the two is what was damaged. */
function headerIn(start: Buffer): SegmentHeader | null {
  for (let at = start.indexOf(headerMark); at >= 0; at = start.indexOf(headerMark, at + 1)) {
    const feed = start.indexOf("\n", at);
    const next = start.indexOf(headerMark, at + 1);
    for (const end of [feed, next - checksumBytes - 1]) {
      const value = end < at ? null : decodeLine(start.subarray(Math.max(0, at - checksumBytes), end))?.value;
      if (isHeader(value)) return value;
    }
  }
  return null;
}

/** All bytes of the segment, judged. */
export async function scanFile(disk: Disk, segment: Segment): Promise<Scan> {
  const file = await disk.open(segment.name, "read");
  try {
    return scanSegment(Buffer.from(await file.read(0, await file.size())));
  } finally {
    await file.close();
  }
}

export interface IndexedEntry extends Entry {
  readonly at: IndexEntry;
}

/**
 * The records of a scanned segment. `next` is the following segment: records behind the order at which it began were
 * written again there after a failed sync, and do not count here.
 */
export function entriesOf(scan: Scan, segment: Segment, next: Segment | undefined, open: Open): IndexedEntry[] {
  const last = lastOrder(segment, next);
  return recordLines(scan)
    .map(({ text, offset, length }) => {
      const entry = unpackRecord(JSON.parse(text.toString("utf8")), segment.header, open);
      const { lane, sequence, order } = entry.record;
      return { ...entry, at: { lane, sequence, order, offset, length } };
    })
    .filter(({ at }) => at.order <= last);
}

/** Only where they lie, which costs a tenth. */
export function placesOf(scan: Scan, segment: Segment, next: Segment | undefined): IndexEntry[] {
  const last = lastOrder(segment, next);
  return recordLines(scan)
    .map(({ text, offset, length }) => ({ ...placeIn(text), offset, length }))
    .filter(({ order }) => order <= last);
}

function recordLines(scan: Scan): readonly ScannedLine[] {
  return scan.lines.filter(({ text }) => text.toString("latin1", 0, headerMark.length) !== headerMark);
}

/** The last order that counts in the segment: what lies behind it was written again into the next one. */
export function lastOrder(segment: Segment, next: Segment | undefined): number {
  return next?.header.epoch === segment.header.epoch ? next.header.order : Number.POSITIVE_INFINITY;
}

/** As they stand in the text: what else it holds has its quotes escaped. */
const placePattern = /"lane":"([a-z]+)","sequence":(\d+),"order":(\d+)/;
/** What stands before them is short nearly always. */
const placeBytes = 512;

function placeIn(text: Buffer): Pick<IndexEntry, "lane" | "sequence" | "order"> {
  const [, lane = "", sequence, order] =
    placePattern.exec(text.toString("latin1", 0, placeBytes)) ?? placePattern.exec(text.toString("latin1")) ?? [];
  return { lane: lane as Lane, sequence: Number(sequence), order: Number(order) };
}

/** Damage that a reader must name: the torn tail of a segment that has a successor was dealt with when that began. */
export function damagesOf(scan: Scan, next: Segment | undefined): readonly Damage[] {
  return scan.damages.filter(({ kind }) => kind === "corrupt" || next === undefined);
}

function isHeader(value: unknown): value is SegmentHeader {
  return typeof value === "object" && value !== null && "portcullis" in value;
}
