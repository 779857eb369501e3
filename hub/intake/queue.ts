// Intake's queue before the book: what has come in meanwhile is stored together, alarms first, then acknowledged.
import type { Clock } from "../../edge/machine/ports.js";
import { type Lane, type LaneHead, lanes } from "../../edge/model/record.js";
import type { Book, Ledger } from "../ledger/ledger.js";
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
  readonly events: {
    received(counts: IntakeCounts): void;
    trouble(detail: string): void;
  };
}

/** Text that may wait to be stored. */
const waitingCharsMax = 64 * 1024 * 1024;
/** Messages that are stored together. */
const messagesPerWriteMax = 64;
/** After a failed write. */
const retryMs = 1000;
/** Refused texts that are remembered, so that repetition raises no further alarm. */
const refusedSeenMax = 10_000;

/** A head as it stands in an acknowledgement. */
export function wireHead({ epoch, lane, sequence, hash }: LaneHead): LaneHead {
  return { epoch, lane, sequence, hash };
}

export type Acknowledge = (site: string, edge: string, heads: readonly LaneHead[]) => void;

/** The queue before the book: what has come in meanwhile is stored together, alarms first. */
export function createQueue(options: QueueOptions, acknowledge: Acknowledge) {
  const { book, ledger, clock, events } = options;
  const waiting: Record<Lane, BoxMessage[]> = { alarm: [], state: [], telemetry: [] };
  const isNews = createMemory(refusedSeenMax);
  let waitingChars = 0;
  let running: Promise<void> | null = null;
  let closing = false;
  let sound = true;

  function take(): readonly BoxMessage[] {
    const lane = lanes.find((name) => waiting[name].length > 0);
    const [first] = lane === undefined ? [] : waiting[lane];
    if (lane === undefined || first === undefined) return [];
    const mine = waiting[lane].filter(({ site, edge }) => site === first.site && edge === first.edge);
    const taken = new Set(mine.slice(0, messagesPerWriteMax));
    waiting[lane] = waiting[lane].filter((message) => !taken.has(message));
    for (const { text } of taken) waitingChars -= text.length;
    return [...taken];
  }

  async function storeAll(): Promise<void> {
    for (let messages = take(); messages.length > 0 && !closing; messages = take()) {
      const [{ site, edge } = { site: "", edge: "" }] = messages;
      try {
        acknowledge(site, edge, await storeSome(messages));
        sound = true;
      } catch (error) {
        sound = false;
        events.trouble(`records of ${site}/${edge} were not stored: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        acknowledge(site, edge, book.headsOf(site, edge).map(wireHead));
      }
    }
  }

  async function storeSome(messages: readonly BoxMessage[]): Promise<readonly LaneHead[]> {
    let heads: readonly LaneHead[] = [];
    await book.write(async () => {
      const storedAt = new Date(clock.now().wall).toISOString();
      const made = await makeEntry(messages, { book, ledger, isNews, storedAt });
      heads = made.heads;
      const { store, duplicates, gaps, aside } = made.outcome;
      events.received({ stored: store.length, duplicates, gaps, refused: aside.length, dropped: 0 });
      return made.entry;
    });
    return heads;
  }

  function run(): void {
    if (running !== null || closing || lanes.every((lane) => waiting[lane].length === 0)) return;
    running = storeAll().finally(() => {
      running = null;
      run();
    });
  }

  return {
    add(message: BoxMessage): void {
      if (waitingChars + message.text.length > waitingCharsMax) {
        events.received({ stored: 0, duplicates: 0, gaps: 0, refused: 0, dropped: 1 });
        return;
      }
      waiting[message.lane].push(message);
      waitingChars += message.text.length;
      run();
    },
    isSound: () => sound,
    async close(): Promise<void> {
      closing = true;
      await running;
    },
  };
}

/** Says of each text once that it is new; forgets the oldest. */
function createMemory(sizeMax: number): (hash: string) => boolean {
  const seen = new Set<string>();
  return (hash) => {
    if (seen.has(hash)) return false;
    seen.add(hash);
    const [oldest] = seen;
    if (seen.size > sizeMax && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
