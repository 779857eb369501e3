// The feed of changes that outlets read: in order, once, from any cursor, however slow the reader and wherever the hub was restarted.
import { describe, expect, it } from "vitest";
import { headerHash } from "../../edge/record/hash.js";
import { changesKeptMax, createFeed } from "../../hub/alarm/feed.js";
import type { AlarmChange } from "../../hub/alarm/record.js";
import type { Ledger } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { readLedger } from "../../hub/reading.js";
import { alarmOf, later } from "./alarm.js";
import { breachData, createJournal, rowsOf } from "./box.js";
import { log } from "./running-hub.js";

const change = (sequence: number): AlarmChange => ({ sequence, at: later(0), alarms: [alarmOf({ sequence })] });

/** All that was ever pushed, as a ledger would give it. */
function feedOf(keptMax: number, all: AlarmChange[] = []) {
  const reads: number[] = [];
  const feed = createFeed({
    keptMax,
    open: () => [],
    async *past(after) {
      reads.push(after);
      for (const one of [...all]) if (one.sequence > after) yield one;
    },
  });
  const push = (sequence: number) => {
    all.push(change(sequence));
    feed.push(change(sequence));
  };
  return { feed, push, reads };
}

async function take(changes: AsyncIterable<AlarmChange>, count: number, between = () => undefined): Promise<number[]> {
  const taken: number[] = [];
  for await (const { sequence } of changes) {
    taken.push(sequence);
    if (taken.length === count) break;
    between();
  }
  return taken;
}

const never = new AbortController().signal;

describe("the feed of alarm changes", () => {
  it("gives what is past, then what happens, each once and in order", async () => {
    const { feed, push, reads } = feedOf(100);
    for (const sequence of [3, 4, 9]) push(sequence);
    const taken = take(feed.changes(3, never), 4);
    await Promise.resolve();
    for (const sequence of [10, 15]) push(sequence);
    expect(await taken).toEqual([4, 9, 10, 15]);
    expect(reads).toEqual([]);
  });

  it("reads the ledger for one who is further behind than what is kept", async () => {
    const { feed, push, reads } = feedOf(2);
    for (let sequence = 1; sequence <= 10; sequence += 1) push(sequence);
    expect(await take(feed.changes(0, never), 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(reads).toEqual([0]);
  });

  it("loses nothing for one who is overtaken while reading", async () => {
    const { feed, push } = feedOf(2);
    push(1);
    let next = 2;
    const taken = await take(feed.changes(0, never), 20, () => {
      for (let made = 0; made < 3 && next <= 20; made += 1, next += 1) push(next);
    });
    expect(taken).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("does not wait for what retention has taken away", async () => {
    const feed = createFeed({
      keptMax: 1,
      open: () => [],
      past: async function* () {
        yield* [];
      },
    });
    for (const sequence of [1, 2, 3]) feed.push(change(sequence));
    expect(await take(feed.changes(0, never), 1)).toEqual([3]);
  });

  it("ends for a reader who goes, and keeps nobody else", async () => {
    const { feed, push } = feedOf(10);
    const leaving = new AbortController();
    const gone = take(feed.changes(0, leaving.signal), 5);
    const staying = take(feed.changes(0, never), 1);
    leaving.abort();
    expect(await gone).toEqual([]);
    push(1);
    expect(await staying).toEqual([1]);
  });

  it("ends for a reader who goes while it catches up", async () => {
    const leaving = new AbortController();
    const feed = createFeed({
      keptMax: 1,
      open: () => [],
      past: async function* () {
        yield* [change(1), change(2)];
        leaving.abort();
      },
    });
    for (const sequence of [1, 2]) feed.push(change(sequence));
    expect(await take(feed.changes(0, leaving.signal), 3)).toEqual([1, 2]);
  });

  it("passes over nothing for a reader who goes while it catches up", async () => {
    const leaving = new AbortController();
    const feed = createFeed({
      keptMax: 1,
      open: () => [],
      past: async function* (_after, signal) {
        yield change(1);
        leaving.abort();
        if (!signal.aborted) yield change(2);
      },
    });
    for (const sequence of [1, 2, 3]) feed.push(change(sequence));
    expect(await take(feed.changes(0, leaving.signal), 3)).toEqual([1]);
  });

  it("reads no further in the ledger for a reader who goes", async () => {
    const leaving = new AbortController();
    const ledger = openLedger(":memory:");
    let pages = 0;
    const records: Ledger["records"] = async () => {
      pages += 1;
      if (pages === 4) leaving.abort();
      const journal = createJournal("compound", "gatehouse");
      for (let made = 0; made < 1000; made += 1) journal.add("area.armed", { area: "fence", by: "wang" });
      return pages === 1 || pages > 5 ? [] : rowsOf("compound", "gatehouse", journal.records);
    };
    const { feed } = await readLedger({ ...ledger, records }, log);
    for (let sequence = 1; sequence <= changesKeptMax + 1; sequence += 1) feed.push(change(sequence));
    expect(await take(feed.changes(0, leaving.signal), 1)).toEqual([]);
    expect(pages).toBe(4);
    await ledger.close();
  });

  it("is the same after a restart of the hub, from any cursor", async () => {
    const ledger = openLedger(":memory:");
    const journal = createJournal("compound", "gatehouse");
    for (let made = 0; made < 6; made += 1) {
      journal.add("zone.breached", breachData(`i${made}`, made));
      journal.add("area.armed", { area: "fence", by: "wang" });
      journal.add("incident.closed", { incident: `i${made}`, by: "wang" });
    }
    const rows = journal.records.map((record) => {
      return { storedAt: later(0), site: "compound", edge: "gatehouse", hash: headerHash(record), record };
    });
    const live = await readLedger(ledger, log);
    for (const row of await ledger.store({ rows, heads: [], aside: [] })) live.apply(row);
    const again = await readLedger(ledger, log);
    const all = await take(live.feed.changes(0, never), 12);
    expect(await take(again.feed.changes(0, never), 12)).toEqual(all);
    expect(await take(again.feed.changes(all[6] ?? 0, never), 5)).toEqual(all.slice(7));
    expect(again.feed.snapshot()).toEqual(live.feed.snapshot());
    expect(again.feed.snapshot().alarms).toHaveLength(6);
    await ledger.close();
  });
});
