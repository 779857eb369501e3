// From a line whose checksum is right to a record. Somebody else's program, or a newer version, may have written it: what is no
// record of this segment is told with its reason and never stops the reading of the rest.
import type { KeptRecord } from "../model/record.js";
import type { ClockTrust } from "../model/time.js";
import type { Open } from "../record/seal.js";
import {
  type Check,
  type Checks,
  isCount,
  isEpoch,
  isHead,
  isText,
  type Members,
  type Misfit,
  memberMisfit,
  misfitIn,
  misshapen,
} from "../record/shape.js";
import { type Entry, jsonIn, lineBytesMax, type Packed, type SegmentHeader, unpackRecord } from "./line.js";

/** No line of ours is shorter; so a segment of so many bytes has room for so many records. */
const lineBytesMin = 128;
/** Members that a line leaves to its segment's header, or that stand for others. */
const derived = ["specversion", "id", "source", "epoch", "datahash", "boot", "exercise"];

const isSealedText = (value: unknown) => typeof value === "string";
const isKey = (value: unknown) => memberMisfit(value, { key: isText, wrapped: isText }) === null;
const besides: Checks = { entry: isCount, sealed: isSealedText, by: isKey };

const trusts: readonly unknown[] = ["never-set", "holdover", "synchronised"] satisfies ClockTrust[];
/** Of the wall clock: what a Date can hold, ms. */
const wallMsMax = 8.64e15;
const areHeads = (value: unknown) => Array.isArray(value) && value.length <= headsMax && value.every(isHead);
const headsMax = 1000;

const headerChecks: { readonly [K in keyof Required<SegmentHeader>]: Check } = {
  portcullis: (value) => value === 1,
  site: isText,
  edge: isText,
  epoch: isEpoch,
  boot: isText,
  wall: (value) => Number.isFinite(value) && Math.abs(Number(value)) <= wallMsMax,
  clock: (value) => trusts.includes(value),
  order: isCount,
  heads: areHeads,
  run: isText,
  entry: isCount,
  seal: isKey,
  remembers: (value) => value === true,
};

/** The segment that the line is in, as far as its records follow from it. */
export interface Room {
  readonly header: SegmentHeader;
  readonly bytes: number;
}

export type ReadEntry = { readonly entry: Entry } | { readonly misfit: Misfit };

export function readEntry(text: Buffer, room: Room, open: Open): ReadEntry {
  if (text.length > lineBytesMax)
    return { misfit: { code: "journal.oversize", detail: `${text.length} bytes, at most ${lineBytesMax} are read` } };
  const value = jsonIn(text);
  if (value === undefined) return { misfit: { code: "journal.unreadable", detail: `${text.length} bytes` } };
  const misfit = packedMisfit(value) ?? placeMisfit(value as Packed, room);
  if (misfit !== null) return { misfit };
  const entry = unpackRecord(value as Packed, room.header, open);
  return entry === null ? { misfit: misshapen("/sealed", "it opens to no data of a record") } : { entry };
}

function packedMisfit(value: unknown): Misfit | null {
  const misfit = misfitIn(value, derived) ?? memberMisfit(value, besides, Object.keys(besides));
  if (misfit !== null) return misfit;
  const { data, sealed, datahash } = value as Members;
  if (data !== undefined || (sealed !== undefined && datahash !== undefined)) return null;
  return misshapen("/data", "missing, and nothing sealed in its place");
}

/** Numbers that cannot be of this segment: taken over they would be the ones from which the box counts on. */
export function placeMisfit(
  { lane, sequence, order }: Pick<KeptRecord, "lane" | "sequence" | "order">,
  { header, bytes }: Room,
): Misfit | null {
  const before = header.heads.find((head) => head.lane === lane && head.epoch === header.epoch)?.sequence ?? 0;
  const records = Math.ceil(bytes / lineBytesMin);
  const outside = (number: number, from: number) => number <= from || number > from + records;
  if (outside(order, header.order)) return misshapen("/order", `${order}, the segment begins behind ${header.order}`);
  if (outside(sequence, before)) return misshapen("/sequence", `${sequence}, the segment begins behind ${before}`);
  return null;
}

/** Why the first line of a segment is no header; its epoch is the one in the file's name. */
export function headerMisfit(value: unknown, epoch: string): Misfit | null {
  return memberMisfit(value, { ...headerChecks, epoch: (each) => each === epoch }, ["seal", "remembers"]);
}
