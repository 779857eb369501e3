// Follows the ledger for one control room: row after row, each told once and in order, from where the last run ended.
// What an outlet says of a row is its fold; how it is told, and tried again, is its `tell`.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../../edge/machine/whole-file.js";
import type { Ledger, LedgerRow } from "../ledger/ledger.js";

/** Pure: what a row says to this control room, and what must be remembered for later rows. */
export type Fold<S, E> = (state: S, row: LedgerRow) => { readonly state: S; readonly events: readonly E[] };

/** `refused`: the other side will never take it; it is counted and passed over. `closing`: not told, this run ends. */
export type Verdict = "told" | "refused" | "closing";

export interface FollowerOptions<S, E> {
  readonly ledger: Pick<Ledger, "records">;
  /** Keeps the place over restarts. */
  readonly file: string;
  /** State before the first row. */
  readonly initial: S;
  readonly fold: Fold<S, E>;
  /**
   * Resolves when the other side has the event or will never take it; tries again by itself until then. Must not reject.
   * `number`: how many events were told before it since the control room is known; the same event keeps its number.
   */
  readonly tell: (event: E, number: number) => Promise<Verdict>;
  /** Where a control room that is new begins: with what comes after this row. */
  readonly newest: number;
  readonly trouble: (detail: string) => void;
}

export interface Follower {
  /** There are new rows. Never waits. */
  wake(): void;
  /** Ledger sequence of the last row that the control room has, told and refused events of this run. */
  place(): { readonly after: number; readonly told: number; readonly refused: number };
  /** Resolves when nothing is under way; `tell` must have been released before. */
  close(): Promise<void>;
}

/** Kept on disk: everything up to row `after` is told, and of the next row that says something the first `skip` events. */
interface Place<S> {
  readonly after: number;
  readonly skip: number;
  /** Events settled since the beginning. */
  readonly count: number;
  readonly state: S;
}

const pageLength = 200;
/** After a fault of our own disk or ledger. */
const pauseMs = 1000;

/** Opens the place and goes on from it. Throws when the file cannot be read as what it is. */
export function startFollower<S, E>(options: FollowerOptions<S, E>): Follower {
  let place = readPlace(options);
  let told = 0;
  let refused = 0;
  let closing = false;
  let woken = true;
  let running: Promise<void> | null = null;
  let pause: NodeJS.Timeout | undefined;

  function keep(next: Place<S>): void {
    place = next;
    writeWhole(options.file, `${JSON.stringify(place)}\n`);
  }

  /** False when this run ends before the event is settled. */
  async function settle(event: E): Promise<boolean> {
    const verdict = await options.tell(event, place.count);
    if (verdict === "told") told += 1;
    if (verdict === "refused") refused += 1;
    return verdict !== "closing";
  }

  /** False when this run ends in the middle of the row. */
  async function follow(row: LedgerRow): Promise<boolean> {
    const { state, events } = options.fold(place.state, row);
    for (const event of events.slice(place.skip)) {
      if (!(await settle(event))) return false;
      keep({ ...place, skip: place.skip + 1, count: place.count + 1 });
    }
    // Rows that say nothing need no write: after a restart they are read again.
    place = { after: row.sequence, skip: 0, count: place.count, state };
    return true;
  }

  async function run(): Promise<void> {
    while (woken && !closing) {
      woken = false;
      const rows = await options.ledger.records({ after: place.after, limit: pageLength, exceptTelemetry: true });
      for (const row of rows) if (closing || !(await follow(row))) return;
      if (rows.length === pageLength) woken = true;
    }
  }

  function wake(): void {
    woken = true;
    if (running !== null || closing) return;
    running = run()
      .catch((error: unknown) => {
        options.trouble(`the place could not be kept or the ledger not be read: ${String(error)}`);
        pause = setTimeout(wake, pauseMs);
      })
      .finally(() => {
        running = null;
        if (woken && pause === undefined) wake();
        pause = undefined;
      });
  }

  wake();
  return {
    wake,
    place: () => ({ after: place.after, told, refused }),
    async close() {
      closing = true;
      clearTimeout(pause);
      await running;
    },
  };
}

function readPlace<S, E>({ file, initial, newest }: FollowerOptions<S, E>): Place<S> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const text = readIfThere(file);
  if (text === null) {
    const place = { after: newest, skip: 0, count: 0, state: initial };
    writeWhole(file, `${JSON.stringify(place)}\n`);
    return place;
  }
  const place = JSON.parse(text) as Partial<Place<S>>;
  const numbers = [place.after, place.skip, place.count];
  if (!numbers.every(Number.isSafeInteger) || place.state === undefined)
    throw new Error(`${file} is not the place of a control room`);
  return place as Place<S>;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
