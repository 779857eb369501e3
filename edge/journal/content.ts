// What the lines of a segment amount to: records, or where they lie, and every place that is neither, by its bytes.
import { lanes } from "../model/record.js";
import type { Open } from "../record/seal.js";
import { misshapen } from "../record/shape.js";
import { placeMisfit, readEntry } from "./entry.js";
import { type Entry, lineBytesMax } from "./line.js";
import type { Damage, Scan, ScannedLine } from "./scan.js";
import { encodeHeader, headerMark, type IndexEntry, type Segment } from "./segment.js";

export interface IndexedEntry extends Entry {
  readonly at: IndexEntry;
}

/** What a segment holds, and what is amiss in it. */
export interface Content<T> {
  readonly records: readonly T[];
  readonly damages: readonly Damage[];
}

/**
 * The records of a scanned segment. `next` is the following segment: records behind the order at which it began were
 * written again there after a failed sync, and do not count here.
 */
export function entriesOf(scan: Scan, segment: Segment, next: Segment | undefined, open: Open): Content<IndexedEntry> {
  return contentOf<IndexedEntry>(scan, { segment, next }, ({ text, offset, length }) => {
    const read = readEntry(text, segment, open);
    if ("misfit" in read) return { offset, length, kind: read.misfit };
    const { lane, sequence, order } = read.entry.record;
    return { ...read.entry, at: { lane, sequence, order, offset, length } };
  });
}

const isDamage = (value: object): value is Damage => "kind" in value;

/** Only where they lie, which costs a tenth; that they are records shows when they are read. */
export function placesOf(scan: Scan, segment: Segment, next: Segment | undefined, open: Open): Content<IndexEntry> {
  const content = contentOf(scan, { segment, next }, ({ text, offset, length }) => {
    const place = placeIn(text);
    if (place !== null && placeMisfit(place, segment) === null) return { at: { ...place, offset, length } };
    // Written by another program, or by nobody who knew how.
    const read = readEntry(text, segment, open);
    if ("misfit" in read) return { offset, length, kind: read.misfit };
    const { lane, sequence, order } = read.entry.record;
    return { at: { lane, sequence, order, offset, length } };
  });
  return { ...content, records: content.records.map(({ at }) => at) };
}

function contentOf<T extends { readonly at: IndexEntry }>(
  scan: Scan,
  { segment, next }: { segment: Segment; next: Segment | undefined },
  read: (line: ScannedLine) => T | Damage,
): Content<T> {
  const last = lastOrder(segment, next);
  const records: T[] = [];
  const damages = [...damagesOf(scan, next)];
  for (const line of scan.lines) {
    const found = isHeaderLine(line) ? headerDamage(line, segment) : read(line);
    if (found === null) continue;
    if (isDamage(found)) damages.push(found);
    else if (found.at.order <= last) records.push(found);
  }
  return { records, damages: damages.toSorted((one, other) => one.offset - other.offset) };
}

function isHeaderLine({ text }: ScannedLine): boolean {
  return text.toString("latin1", 0, headerMark.length) === headerMark;
}

/** The two copies stand at the beginning and say the same. */
function headerDamage({ text, offset, length }: ScannedLine, { header }: Segment): Damage | null {
  const isCopy = offset < encodeHeader(header).length && text.equals(Buffer.from(JSON.stringify(header)));
  return isCopy
    ? null
    : { offset, length, kind: misshapen("/portcullis", "another header, or one between the records") };
}

/** The last order that counts in the segment: what lies behind it was written again into the next one. */
export function lastOrder(segment: Segment, next: Segment | undefined): number {
  return next?.header.epoch === segment.header.epoch ? next.header.order : Number.POSITIVE_INFINITY;
}

/** As our own lines begin. */
const jsonText = '"(?:[^"\\\\]|\\\\.)*"';
const placePattern = new RegExp(
  `^\\{"type":${jsonText},"subject":${jsonText},"time":${jsonText},"lane":"([a-z]+)","sequence":(\\d{1,16}),"order":(\\d{1,16}),`,
);
/** What stands before them is short nearly always. */
const placeBytes = 512;

/** Null when it is not where our own lines have it. */
function placeIn(line: Buffer): Pick<IndexEntry, "lane" | "sequence" | "order"> | null {
  if (line.length > lineBytesMax) return null;
  const [, lane, sequence, order] = placePattern.exec(line.toString("latin1", 0, placeBytes)) ?? [];
  const known = lanes.find((each) => each === lane);
  return known === undefined ? null : { lane: known, sequence: Number(sequence), order: Number(order) };
}

/** The torn tail of a segment that has a successor was dealt with when that began. */
function damagesOf(scan: Scan, next: Segment | undefined): readonly Damage[] {
  return scan.damages.filter(({ kind }) => kind !== "torn" || next === undefined);
}
