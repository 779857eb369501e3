// The ordered feed of alarm changes for outlets: the newest are kept in sight, older ones are folded anew from the ledger.
import { createNews } from "../news.js";
import type { AlarmFeed } from "./acts.js";
import type { AlarmChange, AlarmRecord } from "./record.js";

/** Changes in sight; a reader that is further behind reads the ledger. */
export const changesKeptMax = 5000;

export interface ChangeLog extends AlarmFeed {
  /** The next change; everybody who waits goes on. */
  push(change: AlarmChange): void;
}

export interface FeedPorts {
  /** Those that are not closed, newest first. */
  readonly open: () => readonly AlarmRecord[];
  /** All changes after the cursor that the ledger holds, oldest first, until `signal` aborts. */
  readonly past: (after: number, signal: AbortSignal) => AsyncIterable<AlarmChange>;
  readonly keptMax?: number;
}

export function createFeed({ open, past, keptMax = changesKeptMax }: FeedPorts): ChangeLog {
  const kept: AlarmChange[] = [];
  const news = createNews();
  let head = 0;
  /** Number of the newest change that is no longer kept. */
  let forgotten = 0;

  /** From the ledger, for a reader that is behind what is kept. What retention has taken is not waited for. */
  async function* catchUp(after: number, signal: AbortSignal): AsyncGenerator<AlarmChange, number> {
    let cursor = Math.max(after, forgotten);
    for await (const change of past(after, signal)) {
      if (signal.aborted) break;
      yield change;
      cursor = Math.max(cursor, change.sequence);
    }
    return cursor;
  }

  async function* changes(after: number, signal: AbortSignal): AsyncGenerator<AlarmChange> {
    for (let cursor = after; !signal.aborted; ) {
      if (cursor < forgotten) cursor = yield* catchUp(cursor, signal);
      // What a reader that goes has not caught up with is not passed over.
      if (signal.aborted) return;
      const seen = news.told();
      const change = kept[firstAfter(kept, cursor)];
      if (change === undefined) await news.after(seen, signal);
      else if (cursor >= forgotten) {
        yield change;
        cursor = change.sequence;
      }
    }
  }

  return {
    push(change) {
      kept.push(change);
      head = change.sequence;
      if (kept.length > keptMax) forgotten = kept.shift()?.sequence ?? forgotten;
      news.tell();
    },
    snapshot: () => ({ sequence: head, alarms: open() }),
    changes,
    head: () => head,
  };
}

/** By halving: sequences only grow. */
function firstAfter(changes: readonly AlarmChange[], cursor: number): number {
  let low = 0;
  for (let high = changes.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.sequence ?? 0) > cursor) high = middle;
    else low = middle + 1;
  }
  return low;
}
