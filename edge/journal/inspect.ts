// Reads and verifies a journal folder from outside, of a dead box or beside a running one. Writes nothing.
import { diskAt } from "../machine/disk.js";
import type { Disk } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import type { JournalRecord, LaneHead } from "../model/record.js";
import { type ChainCheck, createChainCheck } from "../record/verify.js";
import { damageTrouble, trouble } from "./recover.js";
import { damagesOf, entriesOf, isSegmentName, openSegment, type Segment, scanFile } from "./segment.js";

export interface Verification {
  readonly ok: boolean;
  readonly records: number;
  readonly segments: number;
  readonly bytes: number;
  /** The last good record of each lane of each epoch. */
  readonly heads: readonly LaneHead[];
  /** Every fault with its place: damaged bytes, broken chain, missing records. */
  readonly faults: readonly Trouble[];
}

/** Every record of a journal folder in order. Rejects with the system's error when the folder cannot be read. */
export async function* readJournal(folder: string): AsyncGenerator<JournalRecord> {
  for await (const { records } of walk(diskAt(folder))) yield* records;
}

/** Checks every checksum and every chain from the first record that is kept. What was retired before is no fault. */
export async function verifyJournal(folder: string, disk: Disk = diskAt(folder)): Promise<Verification> {
  const faults: Trouble[] = [];
  const counts = { records: 0, segments: 0, bytes: 0 };
  const chains = new Map<string, ChainCheck>();
  for await (const { segment, name, records, damages } of walk(disk)) {
    faults.push(...damages);
    if (segment === null) continue;
    counts.segments += 1;
    counts.bytes += segment.bytes;
    const { epoch, heads } = segment.header;
    const chain = chains.get(epoch) ?? createChainCheck(heads);
    chains.set(epoch, chain);
    faults.push(...missingBefore(name, heads, chain));
    for (const record of records) {
      const fault = chain.check(record);
      if (fault !== null) faults.push({ ...fault, place: `${name} record ${fault.place}` });
      counts.records += 1;
    }
  }
  const heads = [...chains.values()].flatMap((chain) => chain.heads());
  return { ok: faults.length === 0, ...counts, heads, faults };
}

/** The heads with which a segment begins are those with which the one before ended; else its end was cut off. */
function missingBefore(name: string, stated: readonly LaneHead[], chain: ChainCheck): readonly Trouble[] {
  const found = new Map(chain.heads().map((head) => [head.lane, head]));
  return stated
    .filter((head) => found.get(head.lane)?.hash !== head.hash)
    .map((head) => {
      const detail = `it states ${head.lane} ${head.sequence}, found was ${found.get(head.lane)?.sequence}`;
      return trouble("journal.chain-broken", `beginning of ${name}`, detail);
    });
}

interface Step {
  readonly name: string;
  readonly segment: Segment | null;
  readonly records: readonly JournalRecord[];
  readonly damages: readonly Trouble[];
}

async function* walk(disk: Disk): AsyncGenerator<Step> {
  const names = (await disk.list()).filter(isSegmentName).sort();
  for (const [at, name] of names.entries()) {
    const segment = await openSegment(disk, name);
    const following = names[at + 1];
    const next = following === undefined ? undefined : ((await openSegment(disk, following)) ?? undefined);
    if (segment === null) {
      const unreadable = trouble("journal.corrupt", name, "both copies of the segment's header are damaged");
      yield { name, segment, records: [], damages: [unreadable] };
      continue;
    }
    const scan = await scanFile(disk, segment);
    const damages = damagesOf(scan, next).map((damage) => damageTrouble(segment, damage));
    yield { name, segment, records: entriesOf(scan, segment, next).map(({ record }) => record), damages };
  }
}
