// Finds out after a start what the folder holds: segments, the head of every lane, the last entry of this run.
import type { Disk } from "../machine/ports.js";
import type { ErrorCode, Trouble } from "../model/error.js";
import { type LaneHead, lanes } from "../model/record.js";
import { headerHash, noHash } from "../record/hash.js";
import type { Open } from "../record/seal.js";
import { laneKey } from "../record/verify.js";
import { entriesOf, type IndexedEntry } from "./content.js";
import type { Entry } from "./line.js";
import { buriedIn, leftOver, type Retired } from "./retired.js";
import type { Damage, Scan } from "./scan.js";
import {
  isOurNumber,
  isSegmentName,
  isUnfinishedName,
  numberOf,
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
  /** The newest segment is set aside: which numbers its records have nobody can tell. */
  readonly isEndUnknown: boolean;
  /** The last group, when it could be read and not be synced: to be written again. Null when all is on the medium. */
  readonly unsynced: Unsynced | null;
  /** Segments that are gone and have no tombstone as yet. */
  readonly untold: readonly Retired[];
  readonly troubles: readonly Trouble[];
}

/** A group that may be in the machine's cache only, and where the lanes stood before it. */
export interface Unsynced {
  readonly entries: readonly Entry[];
  readonly heads: readonly LaneHead[];
  readonly order: number;
  readonly entry: number;
}

export const trouble = (code: ErrorCode, place: string, detail: string): Trouble => ({ code, place, detail });

/** Lanes at their beginning. */
export function emptyHeads(epoch: string): LaneHead[] {
  return lanes.map((lane) => ({ epoch, lane, sequence: 0, hash: noHash }));
}

/**
 * Reads the headers of all segments, and the records of the last segment of each epoch. Cuts off a torn tail and syncs the
 * rest: a process that died before its sync leaves what can be read and is on no medium. A disk that can be read but not
 * written any more is a trouble, not an end: what it holds is still needed.
 */
export async function recover(disk: Disk, run: string, open: Open): Promise<Recovered> {
  const names = [...(await disk.list())].sort();
  const troubles: Trouble[] = [];
  const tidy = (place: string, work: Promise<void>): Promise<boolean> =>
    work.then(
      () => true,
      (error) => {
        troubles.push(trouble("journal.sync-failed", place, String(error)));
        return false;
      },
    );
  for (const name of names.filter(isUnfinishedName)) await tidy(name, disk.remove(name));
  const { segments, setAside } = await openSegments(disk, names, troubles);
  const heads = new Map<string, LaneHead>();
  let last = { order: 0, entry: 0 };
  let unsynced: Unsynced | null = null;
  const told = new Set<string | null>();
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next?.header.epoch === segment.header.epoch) continue;
    const scan = await scanFile(disk, segment);
    const { records: entries, damages } = entriesOf(scan, segment, next, open);
    troubles.push(...damageTroubles(segment, damages));
    last = readEnd(segment, entries, { heads, run });
    for (const { record } of entries) told.add(buriedIn(record));
    if (next === undefined && !(await tidy(segment.name, settle(disk, segment, scan.end))))
      unsynced = lastGroup(segment, scan, { entries, run });
  }
  const newest = segments.at(-1)?.number ?? 0;
  const nextNumber = Math.max(newest, ...setAside) + 1;
  const left = await leftOver(disk, names, segments);
  // A tombstone that may be in the machine's cache only is none yet.
  const isTold = ({ file }: Retired) => unsynced === null && told.has(file);
  for (const each of left.filter(isTold)) await tidy(each.file, disk.remove(each.file));
  const untold = left.filter((each) => !isTold(each));
  return { segments, heads, ...last, nextNumber, isEndUnknown: nextNumber > newest + 1, unsynced, untold, troubles };
}

/** All before the last group had been synced, or it would not have been written. */
function lastGroup(
  segment: Segment,
  scan: Scan,
  { entries, run }: { entries: readonly IndexedEntry[]; run: string },
): Unsynced {
  const groupAt = scan.lines.findLast(({ first }) => first)?.offset ?? 0;
  const heads = new Map<string, LaneHead>();
  const before = entries.filter(({ at }) => at.offset < groupAt);
  const { order, entry } = readEnd(segment, before, { heads, run });
  return { entries: entries.filter(({ at }) => at.offset >= groupAt), heads: [...heads.values()], order, entry };
}

/** Where the epoch of its last segment ends. What stands behind its own successor, or twice, takes no head back. */
function readEnd(segment: Segment, entries: readonly Entry[], into: { heads: Map<string, LaneHead>; run: string }) {
  const { header } = segment;
  const isThisRun = header.run === into.run;
  const last = { order: header.order, entry: isThisRun ? header.entry : 0 };
  for (const head of header.heads) into.heads.set(laneKey(head), head);
  for (const { record, entry } of entries) {
    const { epoch, lane, sequence } = record;
    if (sequence > (into.heads.get(laneKey(record))?.sequence ?? 0))
      into.heads.set(laneKey(record), { epoch, lane, sequence, hash: headerHash(record) });
    last.order = Math.max(last.order, record.order);
    if (isThisRun) last.entry = Math.max(last.entry, entry ?? 0);
  }
  return last;
}

/** Opens every segment of `names`; one that cannot be used is set aside by name, never deleted or written over. */
async function openSegments(disk: Disk, names: readonly string[], troubles: Trouble[]) {
  const segments: Segment[] = [];
  const setAside: number[] = [];
  for (const name of names.filter(isSegmentName)) {
    const opened = await openSegment(disk, name);
    if ("segment" in opened) segments.push(opened.segment);
    else troubles.push(opened.unusable);
    if ("unusable" in opened && isOurNumber(numberOf(name))) setAside.push(numberOf(name));
  }
  return { segments, setAside };
}

/** How a damaged stretch of a segment is named. */
export function damageTrouble(segment: Segment, { offset, length, kind, about }: Damage): Trouble {
  const named = about === undefined ? "" : `, looks like ${about}`;
  const place = `${segment.name} at byte ${offset}${named}`;
  if (typeof kind === "object") return trouble(kind.code, place, kind.detail);
  return trouble(kind === "torn" ? "journal.torn-tail" : "journal.corrupt", place, `${length} bytes`);
}

/** Of one segment a running box names so many places; a verifier names all. */
const namedMax = 20;

export function damageTroubles(segment: Segment, damages: readonly Damage[]): readonly Trouble[] {
  const named = damages.slice(0, namedMax).map((damage) => damageTrouble(segment, damage));
  if (damages.length <= namedMax) return named;
  return [...named, trouble("journal.corrupt", segment.name, `${damages.length - namedMax} more places`)];
}

/** Frees what a segment has preallocated and not used; the next records go into a segment of their own. */
async function settle(disk: Disk, segment: Segment, end: number): Promise<void> {
  const file = await disk.open(segment.name, "append");
  try {
    if (end < segment.bytes) await file.truncate(end);
    segment.bytes = end;
    await file.sync();
  } finally {
    await file.close();
  }
}
