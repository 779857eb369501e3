// Intake's queue before the book: what has come in meanwhile is stored together, alarms first, then acknowledged.
import type { Clock } from "../../edge/machine/ports.js";
import { type Lane, type LaneHead, lanes } from "../../edge/model/record.js";
import type { Book, Entry, Ledger } from "../ledger/ledger.js";
import { type BoxMessage, makeEntry } from "./entry.js";

export interface IntakeCounts {
  readonly stored: number;
  readonly duplicates: number;
  readonly gaps: number;
  readonly refused: number;
  /** Messages that did not fit the queue; their boxes send them again. */
  readonly dropped: number;
}

export interface QueueOptions {
  readonly book: Book;
  readonly ledger: Pick<Ledger, "hashes">;
  readonly clock: Clock;
  /** Lets what has arrived meanwhile come in. Storing keeps the thread, so without it each message would be a write of its own. */
  readonly breathe: () => Promise<void>;
  readonly events: {
    received(counts: IntakeCounts): void;
    trouble(detail: string): void;
  };
}

/** Text that may wait to be stored, and the share of it that each lane may fill: alarms are the last to be dropped. */
const waitingCharsMax = 64 * 1024 * 1024;
const shareOf: Record<Lane, number> = { alarm: 1, state: 0.75, telemetry: 0.5 };
/** Messages that are stored together, of all boxes: one wait for the disk instead of one per box. */
const messagesPerWriteMax = 256;
/** Text that is stored together: an alarm that comes meanwhile waits for no more than this. */
const charsPerWriteMax = 1024 * 1024;
/** After a failed write. */
const retryMs = 1000;
/** Refusals that are remembered, so that repetition raises no further alarm. */
const refusedSeenMax = 10_000;

/** A head as it stands in an acknowledgement. */
export function wireHead({ epoch, lane, sequence, hash }: LaneHead): LaneHead {
  return { epoch, lane, sequence, hash };
}

/**
 * `part`: of the lanes that a batch touched, of which the others may be on their way. `all`: everything that the hub has; a
 * box sends again from there, because what else it sent may not have arrived.
 */
export type Scope = "all" | "part";

export type Acknowledge = (site: string, edge: string, heads: readonly LaneHead[], scope: Scope) => void;

/** The queue before the book. */
export function createQueue(options: QueueOptions, acknowledge: Acknowledge) {
  const { book, events } = options;
  const waiting = createWaiting();
  const store = createStore(options, acknowledge);
  let running: Promise<void> | null = null;
  let closing = false;
  let sound = true;

  async function storeAlone(messages: BoxMessages): Promise<void> {
    const { site, edge } = messages[0];
    try {
      await store([messages]);
      sound = true;
    } catch (error) {
      sound = false;
      events.trouble(`records of ${site}/${edge} were not stored: ${String(error)}`);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      acknowledge(site, edge, book.headsOf(site, edge).map(wireHead), "all");
    }
  }

  /** What one box sent must not hold up the others: what cannot be written together is written box by box. */
  async function storeTogether(boxes: readonly BoxMessages[]): Promise<void> {
    try {
      await store(boxes);
      sound = true;
    } catch {
      for (const messages of boxes) if (!closing) await storeAlone(messages);
    }
  }

  async function storeAll(): Promise<void> {
    while (!closing) {
      await options.breathe();
      const boxes = waiting.take();
      const [first, second] = boxes;
      if (first === undefined) return;
      await (second === undefined ? storeAlone(first) : storeTogether(boxes));
    }
  }

  function run(): void {
    if (running !== null || closing || waiting.isEmpty()) return;
    running = storeAll().finally(() => {
      running = null;
      run();
    });
  }

  return {
    add(message: BoxMessage): void {
      if (waiting.add(message)) run();
      else events.received({ stored: 0, duplicates: 0, gaps: 0, refused: 0, dropped: 1 });
    },
    isSound: () => sound,
    async close(): Promise<void> {
      closing = true;
      await running;
    },
  };
}

/** All of what it is given in one write; then each box is told. */
function createStore({ book, ledger, clock, events }: QueueOptions, acknowledge: Acknowledge) {
  const refused = createSeen(refusedSeenMax);
  return async (boxes: readonly BoxMessages[]): Promise<void> => {
    const news = new Set<string>();
    const isNews = (refusal: string) => {
      const isFirst = !refused.has(refusal) && !news.has(refusal);
      news.add(refusal);
      return isFirst;
    };
    const told: (() => void)[] = [];
    await book.write(async () => {
      const storedAt = new Date(clock.now().wall).toISOString();
      const entries: Entry[] = [];
      for (const messages of boxes) {
        const { site, edge } = messages[0];
        const { entry, heads, outcome } = await makeEntry(messages, { book, ledger, isNews, storedAt });
        const { store: stored, duplicates, gaps, aside } = outcome;
        entries.push(entry);
        told.push(() => {
          events.received({ stored: stored.length, duplicates, gaps, refused: aside.length, dropped: 0 });
          acknowledge(site, edge, heads, "part");
        });
      }
      return joined(entries);
    });
    for (const refusal of news) refused.add(refusal);
    for (const tell of told) tell();
  };
}

/** Messages of one box. */
type BoxMessages = readonly [BoxMessage, ...BoxMessage[]];

function joined(entries: readonly Entry[]): Entry {
  const [first, second] = entries;
  if (first !== undefined && second === undefined) return first;
  return {
    rows: entries.flatMap(({ rows }) => rows),
    heads: entries.flatMap(({ heads }) => heads),
    aside: entries.flatMap(({ aside }) => aside),
    own: entries.flatMap(({ own }) => own),
  };
}

/** Messages by lane, in order of arrival. */
function createWaiting() {
  const waiting: Record<Lane, BoxMessage[]> = { alarm: [], state: [], telemetry: [] };
  let chars = 0;
  return {
    isEmpty: () => lanes.every((lane) => waiting[lane].length === 0),
    /** False when it does not fit; its box sends it again. */
    add(message: BoxMessage): boolean {
      if (chars + message.text.length > waitingCharsMax * shareOf[message.lane]) return false;
      waiting[message.lane].push(message);
      chars += message.text.length;
      return true;
    },
    /** The next messages by box, of the most urgent lane first; none when nothing waits. */
    take(): readonly BoxMessages[] {
      const boxes = new Map<string, [BoxMessage, ...BoxMessage[]]>();
      const room = { messages: messagesPerWriteMax, chars: charsPerWriteMax };
      for (const lane of lanes) {
        const count = countWithin(waiting[lane], room, boxes.size === 0);
        for (const message of waiting[lane].splice(0, count)) {
          chars -= message.text.length;
          room.chars -= message.text.length;
          room.messages -= 1;
          const key = `${message.site}/${message.edge}`;
          const own = boxes.get(key);
          if (own === undefined) boxes.set(key, [message]);
          else own.push(message);
        }
        if (waiting[lane].length > 0) break;
      }
      return [...boxes.values()];
    },
  };
}

/** How many of the first messages find room; `atLeastOne` whatever its size. */
function countWithin(
  messages: readonly BoxMessage[],
  room: { readonly messages: number; readonly chars: number },
  atLeastOne: boolean,
): number {
  let chars = 0;
  const over = messages.findIndex(({ text }, index) => {
    chars += text.length;
    return (index >= room.messages || chars > room.chars) && !(atLeastOne && index === 0);
  });
  return over < 0 ? messages.length : over;
}

/** Remembers texts; forgets the oldest. */
function createSeen(sizeMax: number) {
  const seen = new Set<string>();
  return {
    has: (refusal: string) => seen.has(refusal),
    add(refusal: string): void {
      seen.add(refusal);
      const [oldest] = seen;
      if (seen.size > sizeMax && oldest !== undefined) seen.delete(oldest);
    },
  };
}
