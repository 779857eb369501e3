// Finds out after a start what the folder holds: segments, the head of every lane, the last entry of this run.
import type { Disk } from "../machine/ports.js";
import type { ErrorCode, Trouble } from "../model/error.js";
import { type LaneHead, lanes } from "../model/record.js";
import { headerHash, noHash } from "../record/hash.js";
import { laneKey } from "../record/verify.js";
import type { Entry } from "./line.js";
import {
  damagesOf,
  entriesOf,
  isSegmentName,
  isUnfinishedName,
  openSegment,
  type Segment,
  scanFile,
} from "./segment.js";

export interface Recovered {
  readonly segments: Segment[];
  /** Heads of every lane of every epoch in the folder, oldest epoch first. */
  readonly heads: Map<string, LaneHead>;
  /** Of the newest epoch: its last order. */
  readonly order: number;
  /** Last entry of `run` that reached the disk; 0 when none did. */
  readonly entry: number;
  readonly nextNumber: number;
  readonly troubles: readonly Trouble[];
}

export const trouble = (code: ErrorCode, place: string, detail: string): Trouble => ({ code, place, detail });

/** Lanes at their beginning. */
export function emptyHeads(epoch: string): LaneHead[] {
  return lanes.map((lane) => ({ epoch, lane, sequence: 0, hash: noHash }));
}

/**
 * Reads the headers of all segments, and the records of the last segment of each epoch. Cuts off a torn tail. A disk that
 * can be read but not written any more is a trouble, not an end: what it holds is still needed.
 */
export async function recover(disk: Disk, run: string): Promise<Recovered> {
  const names = [...(await disk.list())].sort();
  const troubles: Trouble[] = [];
  const tidy = async (place: string, work: Promise<void>) =>
    work.catch((error) => troubles.push(trouble("journal.sync-failed", place, String(error))));
  for (const name of names.filter(isUnfinishedName)) await tidy(name, disk.remove(name));
  const segments = await openSegments(disk, names, troubles);
  const heads = new Map<string, LaneHead>();
  let last = { order: 0, entry: 0 };
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next?.header.epoch === segment.header.epoch) continue;
    const scan = await scanFile(disk, segment);
    for (const damage of damagesOf(scan, next)) troubles.push(damageTrouble(segment, damage));
    last = readEnd(segment, entriesOf(scan, segment, next), { heads, run });
    if (next === undefined && scan.end < segment.bytes) await tidy(segment.name, cut(disk, segment, scan.end));
  }
  return { segments, heads, ...last, nextNumber: (segments.at(-1)?.number ?? 0) + 1, troubles };
}

/** Where the epoch of its last segment ends. */
function readEnd(segment: Segment, entries: readonly Entry[], into: { heads: Map<string, LaneHead>; run: string }) {
  const { header } = segment;
  const isThisRun = header.run === into.run;
  const last = { order: header.order, entry: isThisRun ? header.entry : 0 };
  for (const head of header.heads) into.heads.set(laneKey(head), head);
  for (const { record, entry } of entries) {
    const { epoch, lane, sequence } = record;
    into.heads.set(laneKey(record), { epoch, lane, sequence, hash: headerHash(record) });
    last.order = record.order;
    if (isThisRun) last.entry = Math.max(last.entry, entry ?? 0);
  }
  return last;
}

/** Opens every segment of `names`; one without a readable header is set aside by name, never deleted. */
async function openSegments(disk: Disk, names: readonly string[], troubles: Trouble[]): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of names.filter(isSegmentName)) {
    const segment = await openSegment(disk, name);
    if (segment !== null) segments.push(segment);
    else troubles.push(trouble("journal.corrupt", name, "both copies of the segment's header are damaged"));
  }
  return segments;
}

/** How a damaged stretch of a segment is named. */
export function damageTrouble(
  segment: Segment,
  damage: { offset: number; length: number; kind: "torn" | "corrupt" },
): Trouble {
  const code = damage.kind === "torn" ? "journal.torn-tail" : "journal.corrupt";
  return trouble(code, `${segment.name} at byte ${damage.offset}`, `${damage.length} bytes`);
}

/** Frees what a segment has preallocated and not used; the next records go into a segment of their own. */
async function cut(disk: Disk, segment: Segment, end: number): Promise<void> {
  const file = await disk.open(segment.name, "append");
  try {
    await file.truncate(end);
    await file.sync();
    segment.bytes = end;
  } finally {
    await file.close();
  }
}
