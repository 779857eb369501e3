// What the hub gives back of a box: the newest whole state, what followed it, and the texts, from a ledger as boxes fill it.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import type { JournalRecord, Lane } from "../../edge/model/record.js";
import { boxMemory, newestWhole } from "../../hub/box-memory.js";
import { openBook } from "../../hub/ledger/book.js";
import type { Book, Ledger } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";

const box = { site: "small", edge: "box" };
let ledger: Ledger;
let book: Book;
beforeEach(async () => {
  ledger = openLedger(":memory:");
  book = await openBook({ ledger, clock: createClock(), stored: () => undefined });
});
afterEach(() => ledger.close());

interface Written {
  readonly epoch?: string;
  readonly boot?: string;
  readonly durable?: false;
  /** Milliseconds on the box's monotonic clock; the order without. */
  readonly mono?: number;
}

/** A box's journal; what is not stored was never sent. */
function journal({ epoch = "e1", boot = "b1", durable, mono: at }: Written = {}) {
  const sequences: Record<Lane, number> = { alarm: 0, state: 0, telemetry: 0 };
  let order = 0;
  return (lane: Lane, type: string, data: object): JournalRecord => {
    order += 1;
    sequences[lane] += 1;
    const sequence = sequences[lane];
    return {
      specversion: "1.0",
      id: `box/${epoch}/${lane}/${sequence}`,
      source: "/portcullis/small/box",
      type,
      subject: "box",
      time: new Date(Date.parse("2026-06-01T00:00:00Z") + order * 1000).toISOString(),
      epoch,
      lane,
      sequence,
      order,
      mono: String((at ?? 0) * 1_000_000 + order * 1_000_000),
      boot,
      clocktrust: "synchronised",
      exercise: false,
      prevhash: "",
      salt: "",
      datahash: "",
      data: { ...data },
      ...(durable === false ? { durable } : {}),
    };
  };
}

async function store(...records: readonly JournalRecord[]): Promise<void> {
  await book.write(async () => ({
    rows: records.map((record) => ({ ...box, storedAt: record.time, hash: record.id, record })),
    heads: records.map(({ epoch, lane, sequence, id }) => ({ ...box, epoch, lane, sequence, hash: id })),
    aside: [],
    own: [],
  }));
}
const memory = () => boxMemory(box, { ledger, book });
const kept = (part: number, parts?: number) => ({ durable: { mark: part }, part, ...(parts && { parts }), at: {} });

describe("what the hub knows of a box", () => {
  it("is nothing of a box that never spoke", async () => {
    expect(await memory()).toEqual({
      ...box,
      config: null,
      book: null,
      inventory: null,
      kept: [],
      facts: [],
      missing: 0,
      heads: [],
      lastAt: null,
    });
  });

  it("is the newest whole state and what followed it, in order over both lanes, and no measurement", async () => {
    const write = journal();
    await store(
      write("state", "state.kept", kept(0)),
      write("state", "area.armed", { area: "old" }),
      write("state", "state.kept", kept(0, 2)),
      write("state", "state.kept", kept(1, 2)),
      write("alarm", "zone.breached", { zone: "a" }),
      write("telemetry", "health.sampled", { load: 1 }),
      write("state", "area.armed", { area: "a" }),
      write("state", "config.applied", { revision: 1 }),
      write("alarm", "zone.restored", { zone: "a" }),
    );
    const { kept: parts, facts, missing, lastAt } = await memory();
    expect(parts.map(({ part }) => part)).toEqual([0, 1]);
    expect(facts).toEqual([
      { type: "zone.breached", data: { zone: "a" } },
      { type: "area.armed", data: { area: "a" } },
      { type: "zone.restored", data: { zone: "a" } },
    ]);
    expect({ missing, lastAt }).toEqual({ missing: 0, lastAt: "2026-06-01T00:00:09.000Z" });
  });

  it("passes over a state of which the end never came, and counts what a younger record tells of and is not there", async () => {
    const write = journal();
    await store(write("state", "state.kept", kept(0, 1)), write("alarm", "zone.breached", { zone: "a" }));
    write("state", "area.armed", { area: "never sent" });
    await store(write("alarm", "zone.restored", { zone: "a" }));
    expect(await memory()).toMatchObject({ missing: 1, facts: [{ data: { zone: "a" } }, { data: { zone: "a" } }] });

    const second = journal({ epoch: "e2" });
    await store(second("state", "state.kept", kept(0, 2)));
    const { kept: parts, facts } = await memory();
    expect(parts).toMatchObject([{ part: 0, parts: 1 }]);
    expect(facts).toHaveLength(2);
  });

  it("weaves in what the same run recorded while no disk could be written", async () => {
    const onDisk = journal();
    const inMemory = journal({ epoch: "v1", durable: false, mono: 1 });
    const otherRun = journal({ epoch: "v2", boot: "b0", durable: false, mono: 50 });
    await store(otherRun("alarm", "zone.breached", { zone: "of another boot" }));
    await store(onDisk("state", "state.kept", kept(0, 1)), onDisk("alarm", "zone.breached", { zone: "1" }));
    await store(inMemory("alarm", "zone.breached", { zone: "2" }), inMemory("alarm", "zone.restored", { zone: "3" }));
    const last = onDisk("alarm", "zone.restored", { zone: "4" });
    await store({ ...last, mono: "9000000" });
    expect((await memory()).facts.map(({ data }) => data["zone"])).toEqual(["1", "2", "3", "4"]);
  });

  it("is the last text of which every part came", async () => {
    const write = journal();
    const part = (hash: string, at: number, text: string) => ({ revision: 1, hash, part: at, parts: 2, text });
    await store(
      write("state", "config.kept", part("h1", 0, "site: ")),
      write("state", "config.kept", part("h1", 1, "small")),
      write("state", "config.kept", part("h2", 0, "cut short")),
      write("state", "book.kept", { hash: "b", part: 0, parts: 1, text: "{}" }),
      write("state", "inventory.kept", { hash: "i1", part: 0, parts: 2, text: "[1," }),
      write("state", "inventory.kept", { hash: "i1", part: 1, parts: 2, text: "2]" }),
      write("state", "inventory.kept", { hash: "i2", part: 0, parts: 1, text: "[1]" }),
    );
    const found = { config: { revision: 1, hash: "h1", text: "site: small" }, book: "{}", inventory: "[1]" };
    expect(await memory()).toMatchObject(found);
  });

  it("is of that box alone", async () => {
    await store(journal()("state", "state.kept", kept(0, 1)));
    expect(await boxMemory({ ...box, edge: "annex" }, { ledger, book })).toMatchObject({ kept: [], lastAt: null });
  });
});

it("parts of two epochs make no whole", () => {
  const one = journal({ epoch: "e1" })("state", "state.kept", kept(0, 2));
  const other = journal({ epoch: "e2" })("state", "state.kept", kept(1, 2));
  expect(newestWhole([other, one])).toBeNull();
});
