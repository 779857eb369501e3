// Keeps the ledger within its days: old rows go in small turns, each with a record of what went, and nothing goes that the
// present stands on.
import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "pino";
import type { Clock } from "../edge/machine/ports.js";
import { keptTypes } from "./box-memory.js";
import { standingTypes } from "./console/box-folds.js";
import { retiredType } from "./horizon.js";
import type { Book, Kept, Ledger, OwnFact } from "./ledger/ledger.js";
import type { Reading } from "./reading.js";

export interface RetentionOptions {
  readonly days: number;
  readonly ledger: Pick<Ledger, "retirable">;
  readonly book: Pick<Book, "write">;
  readonly reading: Pick<Reading, "alarms" | "projections">;
  readonly clock: Clock;
}

const dayMs = 86_400_000;
/** Rows of one turn: short enough that intake does not wait for it. */
const turnRows = 500;

/** One look over all that is old. Stops when `isOver`; rejects when the medium refuses. Gives how many rows went. */
export async function retireOld(options: RetentionOptions, isOver: () => boolean): Promise<number> {
  const { days, ledger, book, clock } = options;
  // A clock that was never set would let everything go.
  const { wall, clock: trust } = clock.now();
  if (trust === "never-set") return 0;
  const storedBefore = new Date(wall - days * dayMs).toISOString();
  let count = 0;
  for (let after: number | null = 0; after !== null && !isOver(); ) {
    const order = { storedBefore, limit: turnRows, after, keep: keptBy(options) };
    const { rows: retire, gone, after: next } = await ledger.retirable(order);
    const open = options.reading.alarms.raisedBefore(storedBefore);
    const own = [tombstone({ storedBefore, gone, open })];
    // What goes and the word of it become durable together.
    if (retire.length > 0) await book.write(async () => ({ rows: [], heads: [], aside: [], own, retire }));
    count += retire.length;
    after = next;
    // The ledger answers on this thread, so everybody else has a turn here.
    await turn();
  }
  return count;
}

const everyMs = 3_600_000;

/** Looks at once and then each hour; gives what stops it. */
export function startRetention({ log, ...options }: RetentionOptions & { readonly log: Logger }): () => void {
  let isOver = false;
  let isBusy = false;
  const look = () => {
    if (isBusy) return;
    isBusy = true;
    retireOld(options, () => isOver)
      .then((count) => count > 0 && log.info({ count }, "old records were retired"))
      .catch((error: unknown) => log.error({ err: error }, "old records could not be retired"))
      .finally(() => {
        isBusy = false;
      });
  };
  look();
  const looking = setInterval(look, everyMs);
  return () => {
    isOver = true;
    clearInterval(looking);
  };
}

function tombstone(data: Readonly<Record<"storedBefore" | "gone" | "open", unknown>>): OwnFact {
  return { type: retiredType, lane: "state", subject: "hub", data };
}

function keptBy({ reading: { alarms, projections } }: RetentionOptions): Kept {
  const open = [...alarms.open()];
  const incidents = projections.incidents().filter(({ state }) => state === "open");
  return {
    words: [...standingTypes, ...keptTypes],
    incidents: [...new Set([...incidents.map(({ id }) => id), ...open.flatMap(({ incident }) => incident ?? [])])],
    alarms: open.map(({ id }) => id),
    rows: [...open.map(({ id }) => Number(id)), ...alarms.activeSequences()],
  };
}
