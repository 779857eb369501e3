// Reads the bytes of a segment line by line and tells a torn tail (a write that power cut off) from a flipped bit.
import type { Misfit } from "../record/shape.js";
import { checkLine } from "./line.js";

export interface ScannedLine {
  /** It begins a group. */
  readonly first: boolean;
  /** JSON. */
  readonly text: Buffer;
  readonly offset: number;
  /** With the line feed. */
  readonly length: number;
}

/** A stretch whose checksum does not fit, or that is whole and no record. */
export interface Damage {
  readonly offset: number;
  readonly length: number;
  readonly kind: "torn" | "corrupt" | Misfit;
  /** Lane and sequence, as far as they can still be read. */
  readonly about?: string | undefined;
}

export interface Scan {
  readonly lines: readonly ScannedLine[];
  readonly damages: readonly Damage[];
  /** Offset behind the last byte that is kept; what follows is preallocated or torn. */
  readonly end: number;
}

/** A stretch of a preallocated file that no write has reached; shorter runs may be flipped bits. */
const untouched = Buffer.alloc(8);
const sectorBytes = 512;
const lineFeed = 10;

/**
 * A group is one write, and the next group is written only after the sync of the one before. So damage that has a later
 * group behind it was synced once and is corrupt: kept, named, and reading goes on after it. Damage in the last group
 * that shows untouched bytes is torn: nobody was told of that group's remainder, it is cut off from there.
 */
export function scanSegment(bytes: Buffer): Scan {
  const { lines, bad, end } = split(bytes);
  const lastGroupAt = lines.findLast((line) => line.first)?.offset ?? 0;
  const torn = bad.find((region) => region.offset > lastGroupAt && isUnwritten(bytes, region));
  const keep = torn?.offset ?? end;
  const damages: Damage[] = bad
    .filter(({ offset }) => offset < keep)
    .map((region) => ({ ...region, kind: "corrupt" as const, about: aboutOf(bytes, region) }));
  if (torn !== undefined) damages.push({ offset: keep, length: end - keep, kind: "torn" });
  return { lines: lines.filter(({ offset }) => offset < keep), damages, end: keep };
}

function aboutOf(bytes: Buffer, { offset, length }: { offset: number; length: number }): string | undefined {
  const text = bytes.toString("latin1", offset, offset + length);
  const [, lane, sequence] = /"lane":"([a-z]+)","sequence":(\d+),/.exec(text) ?? [];
  return lane === undefined ? undefined : `${lane} ${sequence}`;
}

/** No line holds a zero. A sector that was not written may reach into a line by a few bytes only: then they lie at its edge. */
function isUnwritten(bytes: Buffer, { offset, length }: { offset: number; length: number }): boolean {
  if (bytes.subarray(offset, offset + length).includes(untouched)) return true;
  for (let edge = (Math.floor(offset / sectorBytes) + 1) * sectorBytes; edge < offset + length; edge += sectorBytes)
    if (bytes[edge - 1] === 0 || bytes[edge] === 0) return true;
  return false;
}

function split(bytes: Buffer) {
  const lines: ScannedLine[] = [];
  const bad: { offset: number; length: number }[] = [];
  let end = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const feed = bytes.indexOf(lineFeed, offset);
    const next = feed < 0 ? bytes.length : feed + 1;
    const line = feed < 0 ? null : checkLine(bytes.subarray(offset, feed));
    if (line !== null) lines.push({ ...line, offset, length: next - offset });
    else if (feed < 0 && isUntouched(bytes.subarray(offset))) break;
    else bad.push({ offset, length: next - offset });
    end = next;
    offset = next;
  }
  return { lines, bad, end };
}

function isUntouched(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
