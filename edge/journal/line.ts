// One line of a segment file: checksum, group mark, JSON. What the segment's header states is not repeated in each line.
import { crc32 } from "node:zlib";
import type { JournalRecord, KeptRecord, LaneHead } from "../model/record.js";
import type { ClockTrust, Stamp } from "../model/time.js";
import { dataHash } from "../record/hash.js";
import { idOf, type Origin, sourceOf } from "../record/make.js";
import type { Open, Sealed, SealedKey } from "../record/seal.js";
import { isMembers, misfitIn } from "../record/shape.js";

/** First line of a segment: whose journal, and where it stood when the segment began. */
export interface SegmentHeader extends Origin {
  readonly portcullis: 1;
  readonly epoch: string;
  readonly boot: string;
  /** Wall clock at the segment's beginning in ms, and whether it could be believed. */
  readonly wall: number;
  readonly clock: ClockTrust;
  /** Last record before this segment, over all lanes of the epoch; 0 for the first. */
  readonly order: number;
  readonly heads: readonly LaneHead[];
  /** Which run of the box wrote it, and the last entry of that run before this segment; see `Entry`. */
  readonly run: string;
  readonly entry: number;
  /** Data key of what is sealed in it, itself sealed. */
  readonly seal?: SealedKey;
  /** The first group holds what all before amounts to; absent in segments of an older version. */
  readonly remembers?: true;
}

/** A record with the writer's own number for what it recorded: unique in one run, ascending; absent for our own records. */
export interface Entry {
  readonly record: KeptRecord;
  /** Its salt and data go to the disk in this form only. */
  readonly sealed?: Sealed | undefined;
  readonly entry?: number | undefined;
}

type Derived = "specversion" | "id" | "source" | "epoch" | "datahash" | "boot" | "exercise";
export interface Packed extends Omit<JournalRecord, Derived | "salt" | "data"> {
  readonly boot?: string;
  readonly exercise?: true;
  readonly entry?: number;
  readonly salt?: string;
  readonly data?: JournalRecord["data"];
  /** In place of `salt` and `data`; `by` when it is not the key that the segment's header states. */
  readonly datahash?: string;
  readonly sealed?: string;
  readonly by?: SealedKey;
}

/** What a line leaves to the segment's header. */
export type Context = Pick<SegmentHeader, "boot" | "seal">;

/** Of a segment that begins now, where its log stands. */
export function headerFrom(
  { site, edge, run }: Pick<SegmentHeader, "site" | "edge" | "run">,
  { epoch, boot, seal, order, heads, entry }: Pick<SegmentHeader, "epoch" | "order" | "heads" | "entry"> & Context,
  { wall, clock }: Stamp,
): SegmentHeader {
  const about = { site, edge, epoch, boot, ...(seal === undefined ? {} : { seal }) };
  return { portcullis: 1, ...about, wall, clock, order, heads, run, entry, remembers: true };
}

/** What a line holds besides its checksum. `first`: the line begins a group, so all before it had been synced. */
export interface Line {
  readonly first: boolean;
  readonly value: unknown;
}

export function encodeLine(first: boolean, value: unknown): Buffer {
  return frameText(first, JSON.stringify(value));
}

/** The text as a line; that it is JSON is the caller's business. */
export function frameText(first: boolean, text: string): Buffer {
  return Buffer.from(lineText(first, text));
}

/** The same before it becomes bytes: a group becomes them in one piece. */
export function lineText(first: boolean, text: string): string {
  const body = `${first ? "+" : "-"}${text}`;
  return `${checksum(body)}${body}\n`;
}

/** `bytes` without the line feed; null when the checksum does not fit, or what it is over is no JSON. */
export function decodeLine(bytes: Buffer): Line | null {
  const checked = checkLine(bytes);
  const value = checked === null ? undefined : jsonIn(checked.text);
  return checked === null || value === undefined ? null : { first: checked.first, value };
}

/** Larger ones are not read: far above what a box records at once. */
export const lineBytesMax = 8 * 1024 * 1024;

/** What the text says; undefined when it is no JSON or too large. */
export function jsonIn(text: Buffer): unknown {
  if (text.length > lineBytesMax) return undefined;
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    // A right checksum says only that somebody wrote it so.
    return undefined;
  }
}

/** The same with the JSON left as it is. */
export function checkLine(bytes: Buffer): { readonly first: boolean; readonly text: Buffer } | null {
  if (bytes.length < 10 || bytes.toString("latin1", 0, 8) !== checksum(bytes.subarray(8))) return null;
  return { first: bytes[8] === plus, text: bytes.subarray(9) };
}

export function packRecord({ record, entry, sealed }: Entry, segment: Context): Packed {
  const { specversion: _v, id: _i, source: _s, epoch: _e, datahash, boot, exercise, ...rest } = record;
  return {
    ...(sealed === undefined ? rest : { ...withoutContent(rest), datahash, sealed: sealed.text }),
    ...(sealed === undefined || sealed.by.wrapped === segment.seal?.wrapped ? {} : { by: sealed.by }),
    ...(boot === segment.boot ? {} : { boot }),
    ...(exercise ? { exercise } : {}),
    ...(entry === undefined ? {} : { entry }),
  };
}

function withoutContent<T extends object>(record: T): Omit<T, "salt" | "data"> {
  const { salt: _s, data: _d, ...rest } = record as T & Partial<JournalRecord>;
  return rest;
}

/** Salt and data of a record, as they are sealed. */
export function sealContent({ salt, data }: Pick<JournalRecord, "salt" | "data">): string {
  return JSON.stringify({ salt, data });
}

/** `packed` has been looked at. Null when what is sealed opens to something else than data of a record. */
export function unpackRecord(packed: Packed, header: SegmentHeader, open: Open): Entry | null {
  const { entry, sealed: text, by = header.seal, datahash, salt, data, ...rest } = packed;
  const { epoch, boot } = header;
  const common = {
    boot,
    exercise: false,
    ...rest,
    specversion: "1.0",
    id: idOf(header.edge, { ...rest, epoch }),
    source: sourceOf(header),
    epoch,
  } as const;
  if (salt !== undefined && data !== undefined)
    return { record: { ...common, salt, data, datahash: dataHash(salt, data) }, entry };
  const sealed = { by: by ?? noSeal, text: text ?? "" };
  const record = { ...common, datahash: datahash ?? "" };
  const opened = open(sealed, common.id);
  if (opened === null) return { record, entry, sealed };
  const content = jsonIn(Buffer.from(opened));
  const whole = isMembers(content) && { ...record, salt: content["salt"], data: content["data"] };
  return whole && isWholeRecord(whole) ? { record: whole, entry, sealed } : null;
}

function isWholeRecord(value: object): value is JournalRecord {
  return misfitIn(value) === null && "data" in value && value.data !== undefined;
}

const noSeal: SealedKey = { key: "", wrapped: "" };

const plus = "+".charCodeAt(0);

function checksum(bytes: Buffer | string): string {
  return crc32(bytes).toString(16).padStart(8, "0");
}
