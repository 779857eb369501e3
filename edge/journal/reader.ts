// Reads records back out of the segments, by lane and sequence for the uplink, in order for the controller's fold.
import type { Disk } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import { isWhole, type JournalRecord, type Lane, type LaneHead } from "../model/record.js";
import type { Open } from "../record/seal.js";
import { misshapen } from "../record/shape.js";
import { AlarmPlaces } from "./alarm-places.js";
import { lastOrder, placesOf } from "./content.js";
import { type ReadEntry, readEntry } from "./entry.js";
import { checkLine } from "./line.js";
import { damageTrouble, damageTroubles } from "./recover.js";
import type { Damage } from "./scan.js";
import { type IndexEntry, type Segment, scanFile } from "./segment.js";

/** Indexes of this many segments stay in memory. */
const indexesMax = 4;
/** Damaged places that are known as told; beyond it they are told again. */
const namedMax = 10_000;
/** Records that are further apart than this are read one by one. */
const gapBytesMax = 16 * 1024;

/** Where to begin: that sequence of that lane, or the next one that is there. */
export type Position = Pick<LaneHead, "epoch" | "lane" | "sequence">;

export class Reader {
  readonly #disk: Disk;
  readonly #segments: readonly Segment[];
  readonly #onTrouble: (trouble: Trouble) => void;
  readonly #open: Open;
  readonly #indexes = new Map<string, IndexEntry[]>();
  readonly #named = new Set<string>();
  readonly #alarms: AlarmPlaces;

  /** `segments` is the log's own list, oldest first; the last one may be growing. */
  constructor(
    disk: Disk,
    segments: readonly Segment[],
    { onTrouble, open }: { onTrouble: (trouble: Trouble) => void; open: Open },
  ) {
    this.#disk = disk;
    this.#segments = segments;
    this.#onTrouble = onTrouble;
    this.#open = open;
    this.#alarms = new AlarmPlaces(disk);
  }

  /** Takes note of records that have become durable in `segment`. */
  added(segment: Segment, entries: readonly IndexEntry[]): void {
    const index = this.#indexes.get(segment.name);
    if (index === undefined) this.#keep(segment.name, [...entries]);
    else index.push(...entries);
    this.#alarms.added(segment, entries);
  }

  /** Notes where the alarms of ended segments lie; `isLast`: nothing more is added. */
  save(isLast = false): Promise<void> {
    return this.#alarms.save(isLast);
  }

  /** Up to `max` records of one lane from `from` on, in sequence; what is damaged, retired or cannot be opened is left out. */
  async read(from: Position, max: number): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    const segments = [...this.#segments];
    for (const [at, segment] of segments.entries()) {
      const next = segments[at + 1];
      if (segment.header.epoch !== from.epoch || holdsNone(segment, next, from)) continue;
      const scan = () => this.#indexOf(segment, next);
      const index = await (from.lane === "alarm" ? this.#alarms.of(segment, alarmsIn(segment, next), scan) : scan());
      const end = lastOrder(segment, next);
      const wanted = index.filter(
        ({ lane, sequence, order }) => lane === from.lane && sequence >= from.sequence && order <= end,
      );
      records.push(...(await this.#load(segment, wanted.slice(0, max - records.length))));
      if (records.length >= max) break;
    }
    return records;
  }

  /** All records of all epochs, oldest first. */
  replay(): AsyncGenerator<JournalRecord> {
    return this.#records([...this.#segments]);
  }

  /** Records from which the memory follows: those of the last segment that begins with it, and what came after. */
  recall(): AsyncGenerator<JournalRecord> {
    const from = this.#segments.findLastIndex(({ header }) => header.remembers === true);
    return this.#records(this.#segments.slice(Math.max(0, from)));
  }

  async *#records(segments: readonly Segment[]): AsyncGenerator<JournalRecord> {
    for (const segment of segments) {
      const next = this.#segments[this.#segments.indexOf(segment) + 1];
      yield* await this.#load(segment, await this.#indexOf(segment, next));
    }
  }

  async #indexOf(segment: Segment, next: Segment | undefined): Promise<readonly IndexEntry[]> {
    const known = this.#indexes.get(segment.name);
    if (known !== undefined) {
      const end = lastOrder(segment, next);
      return (known.at(-1)?.order ?? 0) <= end ? known : known.filter(({ order }) => order <= end);
    }
    const { records, damages } = placesOf(await scanFile(this.#disk, segment), segment, next, this.#open);
    if (this.#isFirst(segment.name)) damageTroubles(segment, damages).forEach(this.#onTrouble);
    this.#keep(segment.name, [...records]);
    return records;
  }

  #keep(name: string, index: IndexEntry[]): void {
    this.#indexes.set(name, index);
    const newest = this.#segments.at(-1)?.name;
    for (const old of this.#indexes.keys()) {
      if (this.#indexes.size <= indexesMax) break;
      if (old !== newest && old !== name) this.#indexes.delete(old);
    }
  }

  async #load(segment: Segment, entries: readonly IndexEntry[]): Promise<JournalRecord[]> {
    if (entries.length === 0) return [];
    const file = await this.#disk.open(segment.name, "read");
    const records: JournalRecord[] = [];
    try {
      for (const run of runsOf(entries)) {
        const bytes = Buffer.from(await file.read(run.offset, run.end - run.offset));
        for (const entry of run.entries)
          records.push(...this.#decode(segment, entry, bytes.subarray(entry.offset - run.offset)));
      }
      return records;
    } finally {
      await file.close();
    }
  }

  /** `bytes` begin with the record. */
  #decode(segment: Segment, place: IndexEntry, bytes: Buffer): readonly JournalRecord[] {
    const { offset, length } = place;
    const line = checkLine(bytes.subarray(0, length - 1));
    const read = line === null ? null : heldTo(place, readEntry(line.text, segment, this.#open));
    if (read !== null && "entry" in read) return [read.entry.record].filter(isWhole);
    const damage: Damage = { offset, length, kind: read === null ? "corrupt" : read.misfit };
    if (this.#isFirst(`${segment.name} ${offset}`)) this.#onTrouble(damageTrouble(segment, damage));
    return [];
  }

  /** Whether the place was not told of yet: it is read again and again. */
  #isFirst(place: string): boolean {
    if (this.#named.has(place)) return false;
    if (this.#named.size >= namedMax) this.#named.clear();
    this.#named.add(place);
    return true;
  }
}

/** A line may begin as one record and say further on that it is another. */
function heldTo({ lane, sequence, order }: IndexEntry, read: ReadEntry): ReadEntry {
  if ("misfit" in read) return read;
  const { record } = read.entry;
  const isSame = record.lane === lane && record.sequence === sequence && record.order === order;
  return isSame ? read : { misfit: misshapen("/", `begins as ${lane} ${sequence}, ends as another record`) };
}

interface Run {
  readonly offset: number;
  end: number;
  readonly entries: IndexEntry[];
}

/** Entries that are read together. */
function runsOf(entries: readonly IndexEntry[]): readonly Run[] {
  const runs: Run[] = [];
  for (const entry of entries) {
    const end = entry.offset + entry.length;
    const last = runs.at(-1);
    if (last === undefined || entry.offset - last.end > gapBytesMax)
      runs.push({ offset: entry.offset, end, entries: [entry] });
    else {
      last.end = end;
      last.entries.push(entry);
    }
  }
  return runs;
}

/** Whether the headers say that the segment has nothing of the lane from there on, so that it need not be read. */
function holdsNone(segment: Segment, next: Segment | undefined, from: Position): boolean {
  if (next?.header.epoch !== from.epoch) return false;
  const end = headOf(next, from.lane);
  return end < from.sequence || end === headOf(segment, from.lane);
}

/** As the headers say; null where no segment of the epoch follows. */
function alarmsIn(segment: Segment, next: Segment | undefined): number | null {
  return next?.header.epoch === segment.header.epoch ? headOf(next, "alarm") - headOf(segment, "alarm") : null;
}

function headOf({ header }: Segment, of: Lane): number {
  return header.heads.find(({ lane }) => lane === of)?.sequence ?? 0;
}
