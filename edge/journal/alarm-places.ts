// Where the alarms of each segment lie, so that they overtake a backlog of any length: none of the other records is read to find
// them. Beside each complete segment stands a file of them; it can be made again from the segment and is worth no sync.
import type { Disk } from "../machine/ports.js";
import { isCount, memberMisfit } from "../record/shape.js";
import { decodeLine, encodeLine } from "./line.js";
import type { IndexEntry, Segment } from "./segment.js";

const suffix = ".alarms";
/** Places in memory; those of the oldest segments are read again when they are wanted. */
const placesMax = 20_000;

type Place = Omit<IndexEntry, "lane">;

const placeChecks = { sequence: isCount, order: isCount, offset: isCount, length: isCount };
const isPlace = (value: unknown): value is Place => memberMisfit(value, placeChecks) === null;

export class AlarmPlaces {
  readonly #disk: Disk;
  /** By segment, oldest first; the newest is always there from its beginning. */
  readonly #places = new Map<string, IndexEntry[]>();
  /** Segments that ended and whose file was not written yet. */
  readonly #ended = new Set<string>();
  #newest: string | null = null;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Takes note of records that have become durable in `segment`; the first ones begin it. */
  added({ name }: Segment, entries: readonly IndexEntry[]): void {
    if (this.#newest !== null && this.#newest !== name) this.#ended.add(this.#newest);
    this.#newest = name;
    const places = this.#places.get(name) ?? [];
    places.push(...entries.filter(isAlarm));
    this.#places.set(name, places);
  }

  /**
   * `scan` reads the whole segment, for one that has no file, or another one than it must have with so many alarms; where
   * nobody knows how many there are, no file is believed.
   */
  async of(
    segment: Segment,
    count: number | null,
    scan: () => Promise<readonly IndexEntry[]>,
  ): Promise<readonly IndexEntry[]> {
    const { name } = segment;
    const known = this.#places.get(name) ?? (count === null ? null : await this.#read(segment, count));
    if (known !== null) return this.#keep(name, known);
    const found = (await scan()).filter(isAlarm);
    await this.#write(name, found);
    return this.#keep(name, found);
  }

  /** Writes the files of the segments that have ended; `isLast`: no record follows in the newest either. */
  async save(isLast = false): Promise<void> {
    if (isLast && this.#newest !== null) this.#ended.add(this.#newest);
    for (const name of this.#ended) await this.#write(name, this.#places.get(name) ?? []);
    this.#ended.clear();
  }

  #keep(name: string, places: IndexEntry[]): readonly IndexEntry[] {
    this.#places.set(name, places);
    let count = [...this.#places.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [old, { length }] of this.#places) {
      if (count <= placesMax) break;
      if (old === name || old === this.#newest || this.#ended.has(old)) continue;
      this.#places.delete(old);
      count -= length;
    }
    return places;
  }

  async #read({ name, bytes: end }: Segment, count: number): Promise<IndexEntry[] | null> {
    try {
      const file = await this.#disk.open(alarmsOf(name), "read");
      const bytes = await file
        .size()
        .then((size) => file.read(0, size))
        .finally(() => file.close());
      const places = decodeLine(Buffer.from(bytes).subarray(0, -1))?.value;
      const areOfIt = Array.isArray(places) && places.length === count && places.every(isPlace);
      if (!areOfIt || places.some(({ offset, length }) => offset + length > end)) return null;
      return places.map((place) => ({ lane: "alarm", ...place }));
    } catch {
      // The segment itself tells.
      return null;
    }
  }

  async #write(name: string, places: readonly IndexEntry[]): Promise<void> {
    try {
      const file = await this.#disk.open(alarmsOf(name), "create");
      const text = encodeLine(
        true,
        places.map(({ lane: _, ...place }) => place),
      );
      await file.write(0, text).finally(() => file.close());
    } catch {
      // A full or failing disk is told by those who write what must be written.
    }
  }
}

/** The file beside a segment. */
export function alarmsOf(name: string): string {
  return name + suffix;
}

function isAlarm({ lane }: IndexEntry): boolean {
  return lane === "alarm";
}
