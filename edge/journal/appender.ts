// Writes groups into the active segment. A failed write or sync ends the segment, never the process: the group is written
// again into a new one.
import type { Disk } from "../machine/ports.js";
import { PortcullisError } from "../model/error.js";
import type { OnTrouble } from "./journal.js";
import { type Entry, encodeLine, packRecord, type SegmentHeader } from "./line.js";
import { trouble } from "./recover.js";
import { type ActiveSegment, createSegment, encodeHeader, type IndexEntry, type Segment } from "./segment.js";
import type { Space } from "./space.js";

/** A group is tried on this many segments before the disk counts as gone. */
const attemptsMax = 2;

export interface AppenderSetup {
  readonly disk: Disk;
  readonly segments: Segment[];
  readonly space: Space;
  readonly segmentBytes: number;
  readonly nextNumber: number;
  readonly onTrouble: OnTrouble;
  /** A segment begins to take records. */
  readonly onBegin: (segment: Segment) => void;
}

/** A group that is on the medium. */
export interface Written {
  readonly segment: Segment;
  readonly index: readonly IndexEntry[];
  readonly bytes: number;
}

export class Appender {
  readonly #setup: AppenderSetup;
  #nextNumber: number;
  #active: ActiveSegment | null = null;

  constructor(setup: AppenderSetup) {
    this.#setup = setup;
    this.#nextNumber = setup.nextNumber;
  }

  /** Whether a group of that many bytes goes into the present segment. */
  hasRoom(bytes: number): boolean {
    return this.#active !== null && this.#active.end + bytes <= this.#active.segment.bytes;
  }

  /**
   * Resolves when the lines are on the medium. `begin` is the header that a new segment would get. Rejects with
   * `journal.disk-full` when there is no space, also not in the reserve, which only `isUrgent` may use; with
   * `journal.sync-failed` when the disk takes nothing any more.
   */
  async write(lines: readonly Line[], begin: SegmentHeader, isUrgent: boolean): Promise<Written> {
    const bytes = Buffer.concat(lines.map(({ line }) => line));
    let cause: unknown;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const active = await this.#segmentFor(bytes.length, begin, isUrgent);
      try {
        await active.file.write(active.end, bytes);
        await active.file.sync();
        return this.#written(active, lines, bytes.length);
      } catch (error) {
        cause = error;
        this.#setup.onTrouble(trouble("journal.sync-failed", active.segment.name, String(error)));
        await this.seal();
      }
    }
    throw failed("journal.sync-failed", cause);
  }

  /** Ends the active segment and gives back what it has not used. */
  async seal(): Promise<void> {
    const active = this.#active;
    if (active === null) return;
    this.#active = null;
    try {
      await active.file.truncate(active.end);
      active.segment.bytes = active.end;
    } catch (error) {
      this.#setup.onTrouble(trouble("journal.sync-failed", active.segment.name, String(error)));
    } finally {
      await active.file.close();
    }
  }

  #written(active: ActiveSegment, lines: readonly Line[], bytes: number): Written {
    let offset = active.end;
    const index = lines.map(({ record, line }) => {
      const { lane, sequence, order } = record;
      const entry = { lane, sequence, order, offset, length: line.length };
      offset += line.length;
      return entry;
    });
    active.end = offset;
    return { segment: active.segment, index, bytes };
  }

  async #segmentFor(bytes: number, begin: SegmentHeader, isUrgent: boolean): Promise<ActiveSegment> {
    if (this.#active !== null && this.hasRoom(bytes)) return this.#active;
    await this.seal();
    const { space, segments, segmentBytes } = this.#setup;
    const size = Math.max(segmentBytes, encodeHeader(begin).length + bytes);
    if (!space.fits(size) && !(isUrgent && (await space.releaseReserve()))) throw failed("journal.disk-full", "quota");
    const active = await this.#create(begin, size, isUrgent);
    segments.push(active.segment);
    this.#setup.onBegin(active.segment);
    this.#active = active;
    return active;
  }

  async #create(begin: SegmentHeader, size: number, isUrgent: boolean): Promise<ActiveSegment> {
    const { disk, space } = this.#setup;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    try {
      return await createSegment(disk, number, begin, size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw failed("journal.sync-failed", error);
      space.full();
      if (isUrgent && (await space.releaseReserve())) return this.#create(begin, size, isUrgent);
      throw failed("journal.disk-full", error);
    }
  }
}

/** A record with its line as it goes to the disk. */
export interface Line extends Entry {
  readonly line: Buffer;
}

/** The lines of one group; `boot` is the one that the segments of this process state. */
export function groupLines(entries: readonly Entry[], boot: string): Line[] {
  return entries.map((entry, at) => ({ ...entry, line: encodeLine(at === 0, packRecord(entry, boot)) }));
}

function failed(code: "journal.disk-full" | "journal.sync-failed", cause: unknown): PortcullisError {
  return new PortcullisError(trouble(code, "journal", String(cause)), { cause });
}
