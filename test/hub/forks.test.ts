// Whose chain is it? What a box says of its lanes against what the ledger holds.
import { beforeAll, describe, expect, it } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import type { LaneHead } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { findForks } from "../../hub/intake/forks.js";
import { unknownHash } from "../../hub/intake/receive.js";
import { openBook } from "../../hub/ledger/book.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { createJournal } from "./box.js";

const box = { site: "compound", edge: "gatehouse" };
const journal = createJournal(box.site, box.edge);
for (let made = 0; made < 3; made += 1) journal.add("zone.restored", { zone: `z${made}` });
const headAt = (sequence: number, hash?: string): LaneHead => {
  const record = journal.records[sequence - 1];
  const { epoch, lane } = journal.head("alarm");
  return { epoch, lane, sequence, hash: hash ?? (record === undefined ? "f".repeat(64) : headerHash(record)) };
};

describe("a box that greets", () => {
  let ports: Parameters<typeof findForks>[2];
  beforeAll(async () => {
    const ledger = openLedger(":memory:");
    const storedAt = new Date().toISOString();
    const rows = journal.records.map((record) => ({ ...box, storedAt, hash: headerHash(record), record }));
    await ledger.store({ rows, heads: [{ ...box, ...headAt(3) }], aside: [] });
    ports = {
      ledger,
      stands: () => false,
      book: await openBook({ ledger, clock: createClock(), stored: () => undefined }),
    };
  });

  it.each<[string, LaneHead, boolean]>([
    ["is the same at the same record", headAt(3), false],
    ["is behind what it has sent: cut, restored or copied", headAt(2), true],
    ["is ahead; its records will tell", headAt(9), false],
    ["is empty where it was not", headAt(0, "0".repeat(64)), true],
    ["has another record under the last number", headAt(3, "a".repeat(64)), true],
    ["is behind with another record: a copy of the folder", headAt(2, "a".repeat(64)), true],
  ])("%s", async (_what, head, isForked) => {
    const forks = await findForks(box, { heads: [head], isLive: true }, ports);
    expect(forks).toMatchObject(
      isForked ? [{ type: "chain.forked", lane: "alarm", data: { alarm: { priority: 1 } } }] : [],
    );
  });

  it("is not behind by a greeting that the broker has kept, but another all the same", async () => {
    expect(await findForks(box, { heads: [headAt(2)], isLive: false }, ports)).toEqual([]);
    expect(await findForks(box, { heads: [headAt(2, "a".repeat(64))], isLive: false }, ports)).toHaveLength(1);
  });

  it("cannot be judged at a number at which the ledger has nothing", async () => {
    const book = { headsOf: () => [{ ...box, ...headAt(7, unknownHash) }] };
    expect(await findForks(box, { heads: [headAt(7, "a".repeat(64))], isLive: true }, { ...ports, book })).toEqual([]);
  });

  it("is told of once for each epoch whose alarm does not stand yet", async () => {
    const epochs = ["e1", "e2", "e3"];
    const lanesOf = (epoch: string, sequence: number) =>
      (["alarm", "state"] as const).map((lane) => ({ ...headAt(sequence), epoch, lane }));
    const book = { headsOf: () => epochs.flatMap((epoch) => lanesOf(epoch, 3)).map((head) => ({ ...box, ...head })) };
    const keyOf = (epoch: string) => `chain.forked/${box.site}/${box.edge}/${epoch}`;
    const stands = (key: string) => key === keyOf("e1");
    const heads = epochs.flatMap((epoch) => lanesOf(epoch, 2));
    const forks = await findForks(box, { heads, isLive: true }, { ...ports, book, stands });
    expect(forks.map(({ data }) => data["alarm"])).toEqual([
      { key: keyOf("e2"), priority: 1 },
      { key: keyOf("e3"), priority: 1 },
    ]);
  });
});
