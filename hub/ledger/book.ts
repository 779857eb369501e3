// The one writer of the ledger: seals the hub's own acts into a chain like a box's, stores, then tells those who read along.
import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../../edge/machine/ports.js";
import type { JournalRecord, LaneHead } from "../../edge/model/record.js";
import { headerHash, noHash } from "../../edge/record/hash.js";
import { makeRecord } from "../../edge/record/make.js";
import { laneKey } from "../../edge/record/verify.js";
import type { Book, EdgeHead, Entry, Ledger, LedgerRow, NewRow, OwnFact } from "./ledger.js";

const hubSource = "/portcullis/hub";
/** Under this name the hub's own chain stands among those of the boxes; no box can have an empty site. */
export const hubOrigin = { site: "", edge: "hub" } as const;

export interface BookOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Called after each write, in order of `sequence`. Must not throw. */
  readonly stored: (rows: readonly LedgerRow[]) => void;
}

/** Opens the book at the heads that the ledger holds. */
export async function openBook({ ledger, clock, stored }: BookOptions): Promise<Book> {
  const heads = new Map<string, Map<string, EdgeHead>>();
  const setHead = (head: EdgeHead) => {
    const box = `${head.site}/${head.edge}`;
    const lanes = heads.get(box) ?? new Map<string, EdgeHead>();
    heads.set(box, lanes.set(laneKey(head), head));
  };
  for (const head of await ledger.heads()) setHead(head);
  const headsOf = (site: string, edge: string) => [...(heads.get(`${site}/${edge}`)?.values() ?? [])];
  let turn: Promise<unknown> = Promise.resolve();

  async function takeTurn(make: () => Promise<Entry>): Promise<readonly LedgerRow[]> {
    const entry = await make();
    const own = seal(entry.own, headsOf(hubOrigin.site, hubOrigin.edge), clock);
    const batch = { ...entry, rows: [...entry.rows, ...own.rows], heads: [...entry.heads, ...own.heads] };
    if (batch.rows.length + batch.heads.length + batch.aside.length === 0) return [];
    const rows = await ledger.store(batch);
    for (const head of batch.heads) setHead(head);
    stored(rows);
    return rows;
  }

  function write(make: () => Promise<Entry>): Promise<readonly LedgerRow[]> {
    const mine = turn.then(() => takeTurn(make));
    // The next turn begins whether or not this one succeeded; its caller hears of the failure.
    turn = mine.catch(() => undefined);
    return mine;
  }

  return {
    write,
    act: (...own) => write(async () => ({ rows: [], heads: [], aside: [], own })),
    headsOf,
    boxes: () => boxesOf(heads.values()),
  };
}

function boxesOf(heads: Iterable<Map<string, EdgeHead>>): readonly { site: string; edge: string }[] {
  return [...heads].flatMap((lanes) => {
    const [first] = lanes.values();
    return first === undefined || first.site === hubOrigin.site ? [] : [{ site: first.site, edge: first.edge }];
  });
}

/** Continues the hub's chain. It has one epoch for the life of the ledger. */
function seal(
  facts: readonly OwnFact[],
  known: readonly EdgeHead[],
  clock: Clock,
): { rows: readonly NewRow[]; heads: readonly EdgeHead[] } {
  const epoch = known[0]?.epoch ?? randomUUID();
  const heads = new Map<string, LaneHead>(known.map((head) => [head.lane, head]));
  const rows = facts.map((fact) => {
    const now = clock.now();
    const head = heads.get(fact.lane) ?? { epoch, lane: fact.lane, sequence: 0, hash: noHash };
    const order = [...heads.values()].reduce((sum, { sequence }) => sum + sequence, 1);
    const salt = randomBytes(16).toString("hex");
    const made = makeRecord(hubOrigin, { ...fact, now, exercise: false }, { head, order, salt, durable: true });
    const record: JournalRecord = { ...made.record, source: hubSource };
    const hash = headerHash(record);
    heads.set(fact.lane, { ...made.head, hash });
    return { ...hubOrigin, storedAt: new Date(now.wall).toISOString(), hash, record };
  });
  if (rows.length === 0) return { rows, heads: [] };
  return { rows, heads: [...heads.values()].map((head) => ({ ...hubOrigin, ...head })) };
}
