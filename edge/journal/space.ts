// Room for records: what may still be written, the reserve for alarms, and the retirement of old segments (rule 10).
import type { Disk } from "../machine/ports.js";
import type { Lane, LaneHead } from "../model/record.js";
import type { Stamp } from "../model/time.js";
import { laneKey } from "../record/verify.js";
import type { JournalOptions, JournalStatus } from "./journal.js";
import { emptyHeads } from "./recover.js";
import { type Retired, type RetirementLimit, retire, retiredOf } from "./retired.js";
import { createFilled, type Segment } from "./segment.js";

export const segmentBytesDefault = 2 * 1024 * 1024;
/** Room, counted in segments, below which a lane is refused (rule 10); alarms may use the reserve besides. */
export const roomMin: Record<Lane, number> = { alarm: 0, state: 2, telemetry: 4 };
const reserveName = "reserve";
const dayMs = 86_400_000;

export interface SpaceOptions
  extends Pick<JournalOptions, "retentionDays" | "quotaBytes" | "reserveBytes" | "isAlone"> {
  readonly segmentBytes: number;
}

export class Space {
  readonly #disk: Disk;
  readonly #options: SpaceOptions;
  readonly #segments: Segment[];
  readonly #heads: Map<string, LaneHead>;
  #reserved = 0;
  #level: JournalStatus["space"] = "all";

  /** Both are the log's own: `segments` oldest first, retirement takes from its front; `heads` of the epochs that are kept. */
  constructor(disk: Disk, options: SpaceOptions, log: { segments: Segment[]; heads: Map<string, LaneHead> }) {
    this.#disk = disk;
    this.#options = options;
    this.#segments = log.segments;
    this.#heads = log.heads;
  }

  get level(): JournalStatus["space"] {
    return this.#level;
  }

  usedBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, this.#reserved);
  }

  /** Judges the room anew, retires what may go, keeps the reserve filled. Returns what now wants a tombstone. */
  async assess(acknowledged: ReadonlyMap<string, LaneHead>, now: Stamp): Promise<readonly Retired[]> {
    const retired: Retired[] = [];
    while (this.#isOld(now) && this.#mayGo(acknowledged)) retired.push(await this.#retire("journal.retention"));
    await this.#countReserve();
    while ((await this.#room()) < roomMin.telemetry && this.#mayGo(acknowledged)) {
      retired.push(await this.#retire("journal.quota"));
    }
    const room = await this.#room();
    if (room < roomMin.state) this.#level = "alarms-only";
    else this.#level = room < roomMin.telemetry ? "no-telemetry" : "all";
    await this.#fillReserve(room);
    return retired;
  }

  /** Whether another segment of `bytes` fits into the quota. The disk itself may still say no. */
  fits(bytes: number): boolean {
    return this.usedBytes() + bytes <= this.#options.quotaBytes;
  }

  /** The disk says that it is full, whatever it said before. */
  full(): void {
    this.#level = "alarms-only";
  }

  /** Gives the reserve to the alarms; false when it is gone already. */
  async releaseReserve(): Promise<boolean> {
    if (this.#reserved === 0) return false;
    await this.#disk.remove(reserveName);
    await this.#disk.syncFolder();
    this.#reserved = 0;
    return true;
  }

  /** In segments, beyond the reserve: what the alarms have taken of it is not free for others. */
  async #room(): Promise<number> {
    const { quotaBytes, reserveBytes, segmentBytes } = this.#options;
    const free = Math.min(await this.#disk.freeBytes(), quotaBytes - this.usedBytes());
    return (free - (reserveBytes - this.#reserved)) / segmentBytes;
  }

  async #countReserve(): Promise<void> {
    const isThere = (await this.#disk.list()).includes(reserveName);
    this.#reserved = isThere ? this.#options.reserveBytes : 0;
  }

  async #fillReserve(room: number): Promise<void> {
    const { reserveBytes } = this.#options;
    if (this.#reserved > 0 || reserveBytes === 0 || room < roomMin.telemetry) return;
    try {
      await createFilled(this.#disk, reserveName, reserveBytes);
      this.#reserved = reserveBytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }

  /**
   * The oldest segment ended longer ago than records must be kept: by the beginning of the next one that knew the time,
   * for what began without a clock says 1970.
   */
  #isOld(now: Stamp): boolean {
    const endedAt = this.#segments.find(({ header }, at) => at > 0 && header.clock !== "never-set")?.header.wall;
    return (
      endedAt !== undefined && now.clock !== "never-set" && now.wall - endedAt > this.#options.retentionDays * dayMs
    );
  }

  /** The hub, if there is one, has all of the oldest segment, and a later one begins with what it amounts to. */
  #mayGo(acknowledged: ReadonlyMap<string, LaneHead>): boolean {
    const [oldest, ...later] = this.#segments;
    if (oldest === undefined || !later.some(({ header }) => header.remembers === true)) return false;
    if (this.#options.isAlone === true) return true;
    return this.#headsAfter(oldest).every((head) => (acknowledged.get(laneKey(head))?.sequence ?? 0) >= head.sequence);
  }

  /** Where the lanes stood at the end of the oldest segment. */
  #headsAfter({ header }: Segment): readonly LaneHead[] {
    const next = this.#segments[1]?.header;
    if (next?.epoch === header.epoch) return next.heads;
    return [...this.#heads.values()].filter(({ epoch }) => epoch === header.epoch);
  }

  async #retire(limit: RetirementLimit): Promise<Retired> {
    const oldest = this.#segments[0];
    if (oldest === undefined) throw new Error("only a segment with a successor is retired");
    const after = this.#headsAfter(oldest);
    const file = await retire(this.#disk, oldest, limit);
    this.#segments.shift();
    const { header } = oldest;
    if (this.#segments[0]?.header.epoch !== header.epoch)
      for (const head of emptyHeads(header.epoch)) this.#heads.delete(laneKey(head));
    return retiredOf({ header, file, limit }, after);
  }

  /** Its tombstone is on the medium. */
  async bury({ file }: Retired): Promise<void> {
    await this.#disk.remove(file);
  }
}
