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

/** Text that may wait to be stored, and the share of it that each lane may fill: alarms are the last to be dropped. */
const waitingCharsMax = 64 * 1024 * 1024;
const shareOf: Record<Lane, number> = { alarm: 1, state: 0.75, telemetry: 0.5 };
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

/**
 * `part`: of the lanes that a batch touched, of which the others may be on their way. `all`: everything that the hub has; a
 * box sends again from there, because what else it sent may not have arrived.
 */
export type Scope = "all" | "part";

export type Acknowledge = (site: string, edge: string, heads: readonly LaneHead[], scope: Scope) => void;

/** The queue before the book. */
export function createQueue(options: QueueOptions, acknowledge: Acknowledge) {
  const { book, ledger, clock, events } = options;
  const waiting = createWaiting();
  const isNews = createMemory();
  let running: Promise<void> | null = null;
  let closing = false;
  let sound = true;

  async function store(messages: readonly BoxMessage[]): Promise<readonly LaneHead[]> {
    let heads: readonly LaneHead[] = [];
    await book.write(async () => {
      const storedAt = new Date(clock.now().wall).toISOString();
      const made = await makeEntry(messages, { book, ledger, isNews, storedAt });
      heads = made.heads;
      const { store: stored, duplicates, gaps, aside } = made.outcome;
      events.received({ stored: stored.length, duplicates, gaps, refused: aside.length, dropped: 0 });
      return made.entry;
    });
    return heads;
  }

  async function storeAll(): Promise<void> {
    for (let messages = waiting.take(); messages.length > 0 && !closing; messages = waiting.take()) {
      const [{ site, edge } = { site: "", edge: "" }] = messages;
      try {
        acknowledge(site, edge, await store(messages), "part");
        sound = true;
      } catch (error) {
        sound = false;
        events.trouble(`records of ${site}/${edge} were not stored: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        acknowledge(site, edge, book.headsOf(site, edge).map(wireHead), "all");
      }
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
    /** The next messages of one box in the most urgent lane; none when nothing waits. */
    take(): readonly BoxMessage[] {
      const lane = lanes.find((name) => waiting[name].length > 0);
      const [first] = lane === undefined ? [] : waiting[lane];
      if (lane === undefined || first === undefined) return [];
      const mine = waiting[lane].filter(({ site, edge }) => site === first.site && edge === first.edge);
      const taken = new Set(mine.slice(0, messagesPerWriteMax));
      waiting[lane] = waiting[lane].filter((message) => !taken.has(message));
      for (const { text } of taken) chars -= text.length;
      return [...taken];
    },
  };
}

/** Says of each text once that it is new; forgets the oldest. */
export function createMemory(sizeMax = refusedSeenMax): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => {
    if (seen.has(text)) return false;
    seen.add(text);
    const [oldest] = seen;
    if (seen.size > sizeMax && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
