// The ledger's rows as a source for followers: page after page, then row after row as they are stored.
import type { Ledger, LedgerRow } from "../ledger/ledger.js";

export interface Rows {
  /** New rows are stored. Never waits. */
  wake(): void;
  /** All rows after the cursor but measurements, until `signal` aborts. */
  after(cursor: number, signal: AbortSignal): AsyncIterable<LedgerRow>;
}

const pageLength = 200;

export function createRows(ledger: Pick<Ledger, "records">): Rows {
  const waiting = new Set<() => void>();
  let wakes = 0;

  function news(seen: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (seen !== wakes || signal.aborted) return resolve();
      const done = () => {
        waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener("abort", done);
    });
  }

  async function* after(from: number, signal: AbortSignal): AsyncGenerator<LedgerRow> {
    for (let cursor = from; !signal.aborted; ) {
      const seen = wakes;
      const rows = await ledger.records({ after: cursor, limit: pageLength, exceptTelemetry: true });
      yield* rows;
      cursor = rows.at(-1)?.sequence ?? cursor;
      if (rows.length < pageLength) await news(seen, signal);
    }
  }

  return {
    after,
    wake() {
      wakes += 1;
      for (const done of [...waiting]) done();
    },
  };
}
