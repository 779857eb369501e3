// Writes groups into the active segment, and begins new ones. A failed write or sync ends the segment, never the process: the
// group is written again into a new one.
import type { Disk } from "../machine/ports.js";
import { PortcullisError } from "../model/error.js";
import type { OnTrouble } from "./journal.js";
import { type Context, type Entry, lineText, packRecord, type SegmentHeader } from "./line.js";
import { trouble } from "./recover.js";
import { type ActiveSegment, createSegment, encodeHeader, type IndexEntry, type Segment } from "./segment.js";
import type { Space } from "./space.js";

/** So many segments are tried to be made before the disk counts as gone. */
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
   * Into the present segment; resolves when the lines are on the medium. Null when there is no room or the sync fails: a
   * new segment must begin.
   */
  async append(lines: readonly Line[]): Promise<Written | null> {
    const bytes = bytesOf(lines);
    const active = this.#active;
    if (active === null || !this.hasRoom(bytes.length)) return null;
    try {
      await active.file.write(active.end, bytes);
      await active.file.sync();
    } catch (error) {
      // Only what is written takes blocks: a full disk shows here, and a new segment says what may still go in.
      if (!isFull(error)) this.#setup.onTrouble(trouble("journal.sync-failed", active.segment.name, String(error)));
      await this.seal();
      return null;
    }
    const start = active.end;
    active.end += bytes.length;
    return { segment: active.segment, index: indexOf(lines, start), bytes: bytes.length };
  }

  /**
   * Into a new segment, which comes to be together with the lines. Rejects with `journal.disk-full` when there is no space,
   * also not in the reserve, which only `isUrgent` may use; with `journal.sync-failed` when the disk takes nothing.
   */
  async begin(lines: readonly Line[], header: SegmentHeader, isUrgent: boolean): Promise<Written> {
    await this.seal();
    const { space, segments, segmentBytes, onBegin } = this.#setup;
    const group = bytesOf(lines);
    const bytes = Math.max(segmentBytes, encodeHeader(header).length + group.length);
    if (!space.fits(bytes) && !(isUrgent && (await space.releaseReserve()))) throw failed("journal.disk-full", "quota");
    const active = await this.#create({ header, group, bytes }, isUrgent);
    segments.push(active.segment);
    onBegin(active.segment);
    this.#active = active;
    return { segment: active.segment, index: indexOf(lines, active.end - group.length), bytes: group.length };
  }

  /** Ends the active segment and gives back what it has not used. */
  async seal(): Promise<void> {
    const active = this.#active;
    if (active === null) return;
    this.#active = null;
    try {
      await active.file.truncate(active.end).finally(active.file.close);
      active.segment.bytes = active.end;
    } catch (error) {
      this.#setup.onTrouble(trouble("journal.sync-failed", active.segment.name, String(error)));
    }
  }

  async #create(
    content: { header: SegmentHeader; group: Uint8Array; bytes: number },
    isUrgent: boolean,
    attempt = 1,
  ): Promise<ActiveSegment> {
    const { disk, space, onTrouble } = this.#setup;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    try {
      return await createSegment(disk, number, content);
    } catch (error) {
      if (isFull(error)) {
        space.full();
        if (isUrgent && (await space.releaseReserve())) return this.#create(content, isUrgent, attempt);
        throw failed("journal.disk-full", error);
      }
      if (attempt === attemptsMax) throw failed("journal.sync-failed", error);
      onTrouble(trouble("journal.sync-failed", `segment ${number}`, String(error)));
      return this.#create(content, isUrgent, attempt + 1);
    }
  }
}

/** A record with its line as it goes to the disk. */
export interface Line extends Entry {
  readonly text: string;
  readonly bytes: number;
}

/** The lines of one group; `segment` is what the segments of this process state. */
export function groupLines(entries: readonly Entry[], segment: Context): Line[] {
  return entries.map((entry, at) => {
    const text = lineText(at === 0, JSON.stringify(packRecord(entry, segment)));
    return { ...entry, text, bytes: Buffer.byteLength(text) };
  });
}

function bytesOf(lines: readonly Line[]): Buffer {
  return Buffer.from(lines.map(({ text }) => text).join(""));
}

/** Where the lines lie in a segment, the first of them at `offset`. */
function indexOf(lines: readonly Line[], offset: number): readonly IndexEntry[] {
  let end = offset;
  return lines.map(({ record, bytes }) => {
    const { lane, sequence, order } = record;
    end += bytes;
    return { lane, sequence, order, offset: end - bytes, length: bytes };
  });
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOSPC";
}

function failed(code: "journal.disk-full" | "journal.sync-failed", cause: unknown): PortcullisError {
  return new PortcullisError(trouble(code, "journal", String(cause)), { cause });
}
