// The ledger's rows as a source for followers: page after page, then row after row as they are stored.
import { setImmediate as turn } from "node:timers/promises";
import type { Ledger, LedgerRow } from "../ledger/ledger.js";
import { createNews } from "../news.js";

export interface Rows {
  /** New rows are stored. Never waits. */
  wake(): void;
  /** All rows after the cursor but measurements, until `signal` aborts. */
  after(cursor: number, signal: AbortSignal): AsyncIterable<LedgerRow>;
}

const pageLength = 200;

export function createRows(ledger: Pick<Ledger, "records">): Rows {
  const news = createNews();

  async function* after(from: number, signal: AbortSignal): AsyncGenerator<LedgerRow> {
    for (let cursor = from; !signal.aborted; ) {
      const seen = news.told();
      const rows = await ledger.records({ after: cursor, limit: pageLength, exceptTelemetry: true });
      yield* rows;
      cursor = rows.at(-1)?.sequence ?? cursor;
      if (rows.length < pageLength) await news.after(seen, signal);
      // The ledger answers on this thread; a control room that was away for long must not hold up the hub.
      else await turn();
    }
  }

  return { after, wake: news.tell };
}
