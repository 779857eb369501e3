// Gathers appends into groups, one group on its way to the disk at a time: one sync serves many records.
import type { Clock, Timer } from "../machine/ports.js";
import type { JournalRecord, Lane } from "../model/record.js";
import type { Appended, JournalDraft } from "./journal.js";

/** How long a draft may wait for others, in ms. */
const waitMs: Record<Lane, number> = { alarm: 0, state: 50, telemetry: 1000 };
/** A group is closed when it holds about this many bytes. */
const groupBytesMax = 256 * 1024;

/** One append that waits for its group. */
export interface Waiting {
  readonly drafts: readonly JournalDraft[];
  readonly dueAt: number;
  resolve(appended: Appended): void;
  reject(reason: unknown): void;
}

export class Groups {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #commit: (group: readonly Waiting[]) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #cancel: () => void = () => undefined;

  /** `commit` settles every append of the group and never rejects. */
  constructor(machine: { clock: Clock; timer: Timer }, commit: (group: readonly Waiting[]) => Promise<void>) {
    this.#clock = machine.clock;
    this.#timer = machine.timer;
    this.#commit = commit;
  }

  add(drafts: readonly JournalDraft[], sync: boolean): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const longestMs = Math.min(...drafts.map(({ lane }) => waitMs[lane]));
      const dueAt = this.#clock.mono() + (sync ? 0 : longestMs);
      this.#waiting.push({ drafts, dueAt, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when everything that waits has been committed. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#running !== null) {
      this.#run();
      await this.#running;
    }
  }

  #schedule(): void {
    this.#cancel();
    if (this.#running !== null || this.#waiting.length === 0) return;
    const dueAt = Math.min(...this.#waiting.map((waiting) => waiting.dueAt));
    if (dueAt <= this.#clock.mono()) this.#run();
    else this.#cancel = this.#timer.at(dueAt, () => this.#run());
  }

  #run(): void {
    if (this.#running !== null || this.#waiting.length === 0) return;
    this.#cancel();
    this.#running = this.#commit(this.#take()).finally(() => {
      this.#running = null;
      this.#schedule();
    });
  }

  /** Everything that waits, in order, up to the limit: whoever is not due yet rides along. */
  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { drafts } of this.#waiting) {
      bytes += drafts.reduce((sum, { data }) => sum + 300 + JSON.stringify(data).length, 0);
      if (count > 0 && bytes > groupBytesMax) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

/** Tells everybody of a group that it is done. */
export function answer(
  group: readonly Waiting[],
  records: ReadonlyMap<JournalDraft, JournalRecord | undefined>,
  refused: ReadonlySet<JournalDraft>,
): void {
  for (const { drafts, resolve } of group) {
    resolve({
      records: drafts.flatMap((draft) => records.get(draft) ?? []),
      refused: drafts.filter((draft) => refused.has(draft)),
    });
  }
}
