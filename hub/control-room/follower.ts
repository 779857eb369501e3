// Follows what happens for one control room: each item told once and in order, from where the last run ended. What an
// outlet says of an item is its fold; how it is told, and tried again, is its `tell`.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole, writeWholeAside } from "../../edge/machine/whole-file.js";
import { wait } from "./wait.js";

interface Numbered {
  /** Grows, survives restarts of the hub. */
  readonly sequence: number;
}

/** Pure: what an item says to this control room, and what must be remembered for later ones. */
export type Fold<I, S, E> = (state: S, item: I) => { readonly state: S; readonly events: readonly E[] };

/** `refused`: the other side will never take it; it is counted and passed over. `closing`: not told, this run ends. */
export type Verdict = "told" | "refused" | "closing";

export interface FollowerOptions<I extends Numbered, S, E> {
  /** Everything after the cursor, in order: first what is past, then what happens, until `signal` aborts. */
  readonly source: (after: number, signal: AbortSignal) => AsyncIterable<I>;
  /** Keeps the place over restarts. */
  readonly file: string;
  /** State before the first item. */
  readonly initial: S;
  readonly fold: Fold<I, S, E>;
  /**
   * Resolves when the other side has the event or will never take it; tries again by itself until then. Must not reject.
   * `number`: how many events were settled before it since the control room is known; the same event keeps its number.
   */
  readonly tell: (event: E, number: number) => Promise<Verdict>;
  /** Where a control room that is new begins: with what comes after this sequence. */
  readonly newest: number;
  readonly trouble: (detail: string) => void;
}

export interface Follower {
  /** Sequence of the last item that the control room has; events told and refused in this run. */
  place(): { readonly after: number; readonly told: number; readonly refused: number };
  /** Resolves when nothing is under way and the place is kept; `tell` must have been released before. */
  close(): Promise<void>;
}

/** Kept on disk: everything up to `after` is settled, and of the next item that says something the first `skip` events. */
interface Place<S> {
  readonly after: number;
  readonly skip: number;
  /** Events settled since the beginning. */
  readonly count: number;
  readonly state: S;
}

/** After a fault of our own. */
const pauseMs = 1000;

/** Opens the place and goes on from it. Throws when the file cannot be read as what it is. */
export function startFollower<I extends Numbered, S, E>(options: FollowerOptions<I, S, E>): Follower {
  let place = readPlace(options);
  const settled = { told: 0, refused: 0 };
  const ending = new AbortController();
  const keeper = createKeeper(options);

  function keep(next: Place<S>): void {
    place = next;
    keeper.keep(`${JSON.stringify(place)}\n`);
  }

  /** False when this run ends in the middle of the item. */
  async function follow(item: I): Promise<boolean> {
    const { state, events } = options.fold(place.state, item);
    for (const event of events.slice(place.skip)) {
      const verdict = await options.tell(event, place.count);
      if (verdict === "closing") return false;
      settled[verdict] += 1;
      keep({ ...place, skip: place.skip + 1, count: place.count + 1 });
    }
    // Items that say nothing need no write: after a restart they are read again.
    place = { after: item.sequence, skip: 0, count: place.count, state };
    return true;
  }

  async function run(): Promise<void> {
    for await (const item of options.source(place.after, ending.signal)) {
      if (ending.signal.aborted || !(await follow(item))) return;
    }
  }

  async function runAgain(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        await run();
      } catch (error) {
        options.trouble(`${options.file} does not go on for now: ${String(error)}`);
        await wait(pauseMs, ending.signal);
      }
    }
  }

  const running = runAgain();
  return {
    place: () => ({ after: place.after, ...settled }),
    async close() {
      ending.abort();
      await running;
      await keeper.done();
    },
  };
}

/**
 * Writes the newest place while the next events are told: in a storm a write for each would hold up the whole hub. What was
 * told during the last write is told again after a crash, with the same number.
 */
function createKeeper({ file, trouble }: { readonly file: string; readonly trouble: (detail: string) => void }) {
  let newest: string | null = null;
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    try {
      for (let text = newest; text !== null; text = newest) {
        newest = null;
        await writeWholeAside(file, text);
      }
    } catch (error) {
      trouble(`${file} could not be kept: ${String(error)}`);
    } finally {
      writing = null;
    }
  }

  function keep(text: string): void {
    newest = text;
    writing ??= writeAll();
  }

  return { keep, done: async () => void (await writing) };
}

function readPlace<I extends Numbered, S, E>({ file, initial, newest }: FollowerOptions<I, S, E>): Place<S> {
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
