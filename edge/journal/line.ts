// One line of a segment file: checksum, group mark, JSON. What the segment's header states is not repeated in each line.
import { crc32 } from "node:zlib";
import type { JournalRecord, LaneHead } from "../model/record.js";
import type { ClockTrust } from "../model/time.js";
import { dataHash } from "../record/hash.js";
import { idOf, type Origin, sourceOf } from "../record/make.js";

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
  /** The first group holds what all before amounts to; absent in segments of an older version. */
  readonly remembers?: true;
}

/** A record with the writer's own number for what it recorded: unique in one run, ascending; absent for our own records. */
export interface Entry {
  readonly record: JournalRecord;
  readonly entry?: number | undefined;
}

type Derived = "specversion" | "id" | "source" | "epoch" | "datahash" | "boot" | "exercise";
type Packed = Omit<JournalRecord, Derived> & { boot?: string; exercise?: true; entry?: number };

/** What a line holds besides its checksum. `first`: the line begins a group, so all before it had been synced. */
export interface Line {
  readonly first: boolean;
  readonly value: unknown;
}

export function encodeLine(first: boolean, value: unknown): Buffer {
  const body = Buffer.from(`${first ? "+" : "-"}${JSON.stringify(value)}\n`);
  return Buffer.concat([Buffer.from(checksum(body.subarray(0, -1))), body]);
}

/** `bytes` without the line feed; null when the checksum does not fit. */
export function decodeLine(bytes: Buffer): Line | null {
  if (bytes.length < 10 || bytes.toString("latin1", 0, 8) !== checksum(bytes.subarray(8))) return null;
  return { first: bytes[8] === plus, value: JSON.parse(bytes.toString("utf8", 9)) };
}

/** `segmentBoot` is the boot id that the segment's header states. */
export function packRecord({ record, entry }: Entry, segmentBoot: string): Packed {
  const { specversion: _v, id: _i, source: _s, epoch: _e, datahash: _d, boot, exercise, ...rest } = record;
  return {
    ...rest,
    ...(boot === segmentBoot ? {} : { boot }),
    ...(exercise ? { exercise } : {}),
    ...(entry === undefined ? {} : { entry }),
  };
}

export function unpackRecord(value: unknown, header: SegmentHeader): Entry {
  const { entry, ...packed } = value as Packed;
  const { epoch, boot } = header;
  const record: JournalRecord = {
    boot,
    exercise: false,
    ...packed,
    specversion: "1.0",
    id: idOf(header.edge, { ...packed, epoch }),
    source: sourceOf(header),
    epoch,
    datahash: dataHash(packed.salt, packed.data),
  };
  return { record, entry };
}

const plus = "+".charCodeAt(0);

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, "0");
}
