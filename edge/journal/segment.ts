// Segment files: given their whole size before use, so that a group later costs one write and no change of the file's size.
// Only what is written takes blocks: filling them with zeros first would write every byte twice, and an SD card wears.
import type { Disk, DiskFile } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import type { Lane } from "../model/record.js";
import { headerMisfit } from "./entry.js";
import { decodeLine, encodeLine, type SegmentHeader } from "./line.js";
import { type Scan, scanSegment } from "./scan.js";

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
export const headerMark = '{"portcullis":';
const checksumBytes = 9;
const fillBytes = 256 * 1024;
/** A larger file is not read: far above what a box writes into one. */
const fileBytesMax = 64 * 1024 * 1024;
/** A file with a higher number is not ours: the box would count on from it, and come to the end of what a name can say. */
const numberMax = 90_000_000;
/** What a file answers that can be listed and not read, whatever the rest of the disk does. */
const unreadable = ["EISDIR", "EACCES", "EPERM", "EIO"];

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

/** Of a file that is a segment by its name. */
export function numberOf(name: string): number {
  return Number(name.slice(0, name.indexOf("-")));
}

export function epochOf(name: string): string {
  return name.slice(name.indexOf("-") + 1, name.indexOf("."));
}

export function isOurNumber(number: number): boolean {
  return number <= numberMax;
}

/** The segment, or why the file of that name is none that can be read: it is then left as it is and passed over. */
export type Opened = { readonly segment: Segment } | { readonly unusable: Trouble };

/** Rejects with the system's error when there is no such file. */
export async function openSegment(disk: Disk, name: string): Promise<Opened> {
  const setAside = (code: Trouble["code"], detail: string) => ({ unusable: { code, place: name, detail } });
  const number = numberOf(name);
  if (!isOurNumber(number)) return setAside("journal.misshapen", `number ${number}, at most ${numberMax}`);
  try {
    const { start, bytes } = await lookInto(disk, name);
    if (bytes > fileBytesMax) return setAside("journal.oversize", `${bytes} bytes, at most ${fileBytesMax} are read`);
    const found = headerIn(start, epochOf(name));
    if (typeof found === "string") return setAside("journal.misshapen", `header ${found}`);
    if (found === null) return setAside("journal.corrupt", "both copies of the segment's header are damaged");
    return { segment: { name, number, header: found, bytes } };
  } catch (error) {
    if (!unreadable.includes(String((error as NodeJS.ErrnoException).code))) throw error;
    return setAside("journal.corrupt", String(error));
  }
}

async function lookInto(disk: Disk, name: string): Promise<{ start: Buffer; bytes: number }> {
  const file = await disk.open(name, "read");
  try {
    return { start: Buffer.from(await file.read(0, headerBytesMax)), bytes: await file.size() };
  } finally {
    await file.close();
  }
}

/**
 * The first copy that is whole and a header: also when the line feed between the two is what was damaged. Else why the
 * first whole one is none; null when none is whole.
 */
function headerIn(start: Buffer, epoch: string): SegmentHeader | string | null {
  let misfit: string | null = null;
  for (let at = start.indexOf(headerMark); at >= 0; at = start.indexOf(headerMark, at + 1)) {
    const feed = start.indexOf("\n", at);
    const next = start.indexOf(headerMark, at + 1);
    for (const end of [feed, next - checksumBytes - 1]) {
      const line = end < at ? null : decodeLine(start.subarray(Math.max(0, at - checksumBytes), end));
      const found = line === null ? null : headerMisfit(line.value, epoch);
      if (line !== null && found === null) return line.value as SegmentHeader;
      misfit ??= found?.detail ?? null;
    }
  }
  return misfit;
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
