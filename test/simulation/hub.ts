// The hub in virtual time: the production intake, book and ledger behind the simulated broker. Crashes and restores.
import type { Clock } from "../../edge/machine/ports.js";
import type { CommandMessage } from "../../edge/model/command.js";
import { lanes } from "../../edge/model/record.js";
import { readStatus, readTopic } from "../../hub/intake/message.js";
import { createPresence } from "../../hub/intake/presence.js";
import { type createQueue, wireHead } from "../../hub/intake/queue.js";
import { openBook } from "../../hub/ledger/book.js";
import type { Batch, Book, Ledger, LedgerRow } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import type { RandomStream } from "../../simulators/plant/random.js";
import type { Network } from "./network.js";
import { createLife, type Life, type World } from "./world.js";

export interface HubSetup {
  readonly world: World;
  readonly network: Network;
  readonly random: RandomStream;
  readonly site: string;
  readonly edge: string;
  readonly wallAtStart: number;
  /** A planted bug puts another in its place. */
  readonly createQueue: typeof createQueue;
  readonly stored: (rows: readonly LedgerRow[]) => void;
  /** The ledger is back at an earlier state, of which these rows are left. */
  readonly restored: (rows: number) => void;
  readonly trouble: (detail: string) => void;
}

export interface Hub {
  start(): Promise<void>;
  crash(): void;
  /** Takes messages and does nothing with them until false. */
  freeze(on: boolean): void;
  /** After a crash: the ledger as it was when it had that many rows. */
  restore(rows: number): Promise<void>;
  rowCount(): number;
  /** Of those, the records of the box. */
  boxRows(): number;
  /** Sends a command as the console does; false when the box is away. */
  command(command: Omit<CommandMessage, "session">): boolean;
  heads(): ReturnType<Book["headsOf"]>;
}

interface Running {
  readonly life: Life;
  readonly book: Book;
  readonly presence: ReturnType<typeof createPresence>;
}

const storeMs = { min: 1, span: 6 };

export function createHub(setup: HubSetup): Hub {
  const { world, network, site, edge } = setup;
  const root = `portcullis/v1/${site}/${edge}`;
  let ledger = openLedger(":memory:");
  let batches: { batch: Batch; rows: number }[] = [];
  let rowCount = 0;
  let running: Running | null = null;
  let frozen = false;
  const held: (() => void)[] = [];

  /** Storing takes time, and a crash before its end loses the whole batch. */
  const slowly = (life: Life): Ledger => ({
    ...ledger,
    async store(batch) {
      await life.delay(storeMs.min + storeMs.span * setup.random.next());
      const rows = await ledger.store(batch);
      rowCount += rows.length;
      batches.push({ batch, rows: rowCount });
      return rows;
    },
  });

  async function start(): Promise<void> {
    running?.life.end();
    const stamp = () => ({
      boot: "hub",
      mono: world.now(),
      wall: setup.wallAtStart + world.now(),
      clock: "synchronised" as const,
    });
    const life = createLife(world, stamp, setup.random);
    const { clock } = life;
    const slow = slowly(life);
    const book = await openBook({ ledger: slow, clock, stored: setup.stored });
    const presence = createPresence(() => false);
    const queue = setup.createQueue(
      { book, ledger: slow, clock, breathe: async () => undefined, events: eventsOf() },
      (_site, _edge, heads, scope) => {
        if (life.isAlive()) network.toBox(`${root}/ack`, JSON.stringify({ heads, scope }));
      },
    );
    running = { life, book, presence };
    const take = (topic: string, text: string) => receive({ topic, text }, { queue, book, presence, clock });
    network.subscribe({
      message: (topic, text) =>
        frozen ? void held.push(() => life.isAlive() && take(topic, text)) : take(topic, text),
    });
  }

  function eventsOf() {
    return { received: () => undefined, trouble: setup.trouble };
  }

  function receive(
    { topic, text }: { topic: string; text: string },
    {
      queue,
      book,
      presence,
      clock,
    }: Pick<Running, "book" | "presence"> & { queue: ReturnType<typeof createQueue>; clock: Clock },
  ): void {
    const from = readTopic(topic);
    if (from === null) return;
    const lane = lanes.find((name) => name === from.kind);
    if (lane !== undefined) queue.add({ ...from, lane, text });
    if (from.kind !== "status") return;
    const status = readStatus(text);
    if (status === null) return;
    presence.status(site, edge, status, clock.mono());
    if (status.online)
      network.toBox(`${root}/ack`, JSON.stringify({ heads: book.headsOf(site, edge).map(wireHead), scope: "all" }));
  }

  return {
    start,
    crash() {
      running?.life.end();
      running = null;
      held.length = 0;
      network.subscribe(null);
    },
    freeze(on) {
      frozen = on;
      if (!on) for (const take of held.splice(0)) take();
    },
    async restore(rows) {
      const kept = batches.filter((entry) => entry.rows <= rows);
      await ledger.close();
      ledger = openLedger(":memory:");
      for (const { batch } of kept) await ledger.store(batch);
      batches = kept;
      rowCount = kept.at(-1)?.rows ?? 0;
      setup.restored(rowCount);
    },
    rowCount: () => rowCount,
    boxRows: () => batches.reduce((sum, { batch }) => sum + batch.rows.filter((row) => row.site !== "").length, 0),
    command(command) {
      const session = running?.presence.session(site, edge) ?? null;
      if (session === null || frozen) return false;
      network.toBox(`${root}/command`, JSON.stringify({ ...command, session }));
      return true;
    },
    heads: () => running?.book.headsOf(site, edge) ?? [],
  };
}
