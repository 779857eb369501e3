// Says which lanes there is room for, and leaves tombstones: what was refused or retired stays visible in the record.
import type { Clock } from "../machine/ports.js";
import type { Lane, LaneHead } from "../model/record.js";
import type { JournalDraft, JournalStatus, OnTrouble } from "./journal.js";
import { trouble } from "./recover.js";
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
  /** Appends without waiting for it. */
  readonly leaveNote: (note: JournalDraft) => void;
}

export class Room {
  readonly #setup: RoomSetup;
  readonly #counts = { refused: 0, retired: 0 };
  #assessedAt = Number.NEGATIVE_INFINITY;
  #refusedUntold = 0;
  #announced: JournalStatus["space"] = "all";

  constructor(setup: RoomSetup) {
    this.#setup = setup;
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
    for (const { limit, epoch, ranges } of await space.assess(acknowledged, now)) {
      this.#counts.retired += 1;
      this.#leaveNote(limit, `retired ${epoch}: ${ranges}`);
    }
    if (space.level !== "all" || this.#refusedUntold === 0) return false;
    this.#leaveNote("journal.space", `refused ${this.#refusedUntold} records`);
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

  #leaveNote(limit: string, detail: string): void {
    this.#setup.leaveNote(noteOf(limit, detail, this.#setup.clock));
  }
}

/** A tombstone: what the journal itself has to say. */
export function noteOf(limit: string, detail: string, clock: Clock): JournalDraft {
  const data = { limit, detail };
  return { type: "limit.reached", lane: "state", subject: limit, data, now: clock.now(), exercise: false };
}
