// Says which lanes there is room for, and leaves tombstones: what was refused or retired stays visible in the record.
import type { Clock } from "../machine/ports.js";
import type { Lane, LaneHead } from "../model/record.js";
import type { JournalDraft, JournalStatus, OnTrouble } from "./journal.js";
import { trouble } from "./recover.js";
import type { Retired } from "./retired.js";
import type { Space } from "./space.js";

/** While there is too little space it is looked at again after this long. */
const againMs = 10_000;

const lanesAt: Record<JournalStatus["space"], readonly Lane[]> = {
  all: ["alarm", "state", "telemetry"],
  "no-telemetry": ["alarm", "state"],
  "alarms-only": ["alarm"],
};

export interface RoomSetup {
  readonly space: Space;
  readonly clock: Clock;
  readonly onTrouble: OnTrouble;
  /** Whether it is on the medium. */
  readonly leaveNote: (note: JournalDraft) => Promise<boolean>;
  /** Segments of which the last life has not said that they are gone. */
  readonly untold: readonly Retired[];
}

export class Room {
  readonly #setup: RoomSetup;
  readonly #counts = { refused: 0, retired: 0 };
  /** Gone, and without a tombstone as yet. */
  readonly #untold: Retired[];
  #burying: Promise<unknown> = Promise.resolve();
  #assessedAt = Number.NEGATIVE_INFINITY;
  #refusedUntold = 0;
  #announced: JournalStatus["space"] = "all";

  constructor(setup: RoomSetup) {
    this.#setup = setup;
    this.#untold = [...setup.untold];
  }

  /** Since the start, in records and in segments. */
  counts() {
    return this.#counts;
  }

  accepts({ lane }: Pick<JournalDraft, "lane">): boolean {
    return lanesAt[this.#setup.space.level].includes(lane);
  }

  /** Whether there was too little room long enough ago to look again. */
  isDue(): boolean {
    const { space, clock } = this.#setup;
    return space.level !== "all" && clock.mono() - this.#assessedAt >= againMs;
  }

  /** Retires what may go. True when there is room again for all, after something was refused. */
  async assess(acknowledged: ReadonlyMap<string, LaneHead>): Promise<boolean> {
    const { space, clock } = this.#setup;
    const now = clock.now();
    this.#assessedAt = now.mono;
    const retired = await space.assess(acknowledged, now);
    this.#counts.retired += retired.length;
    this.#untold.push(...retired);
    // A tombstone is no alarm; while only those are taken what is left of the segments says itself that they are gone.
    const burying = this.accepts({ lane: "state" }) ? this.#untold.splice(0) : [];
    this.#burying = Promise.all([this.#burying, ...burying.map((each) => this.#bury(each))]);
    if (space.level !== "all" || this.#refusedUntold === 0) return false;
    void this.#setup.leaveNote(noteOf("journal.space", `refused ${this.#refusedUntold} records`, clock));
    this.#refusedUntold = 0;
    this.#announced = "all";
    return true;
  }

  countRefused(count: number): void {
    if (count === 0) return;
    const { level } = this.#setup.space;
    if (this.#announced !== level) {
      this.#announced = level;
      this.#setup.onTrouble(trouble("journal.disk-full", "journal", level));
    }
    this.#refusedUntold += count;
    this.#counts.refused += count;
  }

  /** Nothing is being buried any more. */
  async settled(): Promise<void> {
    await this.#burying;
  }

  /** What is left of the segment goes when its tombstone is on the medium; else it is told of the next time. */
  async #bury(retired: Retired): Promise<void> {
    const { space, clock, leaveNote, onTrouble } = this.#setup;
    const { limit, epoch, ranges, upTo, file } = retired;
    const note = noteOf(limit, `retired ${epoch}: ${ranges}`, clock);
    if (!(await leaveNote({ ...note, data: { ...note.data, file, epoch, upTo } }))) this.#untold.push(retired);
    else await space.bury(retired).catch((error) => onTrouble(trouble("journal.sync-failed", file, String(error))));
  }
}

/** A tombstone: what the journal itself has to say. */
export function noteOf(limit: string, detail: string, clock: Clock): JournalDraft {
  const data = { limit, detail };
  return { type: "limit.reached", lane: "state", subject: limit, data, now: clock.now(), exercise: false };
}
