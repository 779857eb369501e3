// Intake's queue: what is stored first, what is acknowledged when, and what happens when storing fails.
import { describe, expect, it, vi } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import type { LaneHead } from "../../edge/model/record.js";
import { createQueue, type IntakeCounts } from "../../hub/intake/queue.js";
import { openBook } from "../../hub/ledger/book.js";
import type { Batch, Ledger } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { breachData, createJournal } from "./box.js";

const box = { site: "compound", edge: "gatehouse" };

async function open(
  wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
  breathe: () => Promise<void> = async () => undefined,
) {
  const ledger = wrap(openLedger(":memory:"));
  const stored: string[] = [];
  const book = await openBook({
    ledger,
    clock: createClock(),
    stored: (rows) => stored.push(...rows.map(({ record }) => record.type)),
  });
  const told: LaneHead[][] = [];
  const counts: IntakeCounts[] = [];
  const troubles: string[] = [];
  const events = {
    received: (count: IntakeCounts) => counts.push(count),
    trouble: (detail: string) => troubles.push(detail),
  };
  const queue = createQueue({ book, ledger, clock: createClock(), breathe, events }, (_site, _edge, heads) =>
    told.push([...heads]),
  );
  return { queue, stored, told, counts, troubles, ledger };
}

describe("intake's queue", () => {
  it("stores an alarm before the telemetry that came earlier and still waits, where one write cannot take both", async () => {
    const { queue, stored } = await open();
    const journal = createJournal(box.site, box.edge);
    const load = "x".repeat(600_000);
    const text = (type: string, data: object) => JSON.stringify({ records: [journal.add(type, data)] });
    for (let count = 0; count < 2; count += 1)
      queue.add({ ...box, lane: "telemetry", text: text("health.sampled", { load }) });
    queue.add({ ...box, lane: "alarm", text: text("zone.breached", breachData("i1", 1)) });
    queue.add({ ...box, lane: "telemetry", text: text("health.sampled", { load }) });
    await vi.waitFor(() => expect(stored).toHaveLength(4));
    expect(stored.indexOf("zone.breached")).toBeLessThan(2);
  });

  it("stores what comes together in the order in which the box recorded it, so that an alarm's names stand before it", async () => {
    const { queue, stored } = await open();
    const journal = createJournal(box.site, box.edge);
    const named = journal.add("config.applied", { revision: 1 });
    const breach = journal.add("zone.breached", breachData("i1", 1));
    queue.add({ ...box, lane: "alarm", text: JSON.stringify({ records: [breach] }) });
    queue.add({ ...box, lane: "state", text: JSON.stringify({ records: [named] }) });
    await vi.waitFor(() => expect(stored).toEqual(["config.applied", "zone.breached"]));
  });

  it("acknowledges only what is stored, and after a failure states what is", async () => {
    let failures = 1;
    const failing = (ledger: Ledger): Ledger => ({
      ...ledger,
      store: (batch) => (failures-- > 0 ? Promise.reject(new Error("disk full")) : ledger.store(batch)),
    });
    const { queue, told, troubles } = await open(failing);
    const [alarm] = alarmsOf(["gatehouse"]);
    if (alarm === undefined) throw new Error("no alarm");
    queue.add(alarm);
    await vi.waitFor(() => expect(troubles).toHaveLength(1));
    expect([queue.isSound(), told]).toEqual([false, []]);
    await vi.waitFor(() => expect(told).toEqual([[]]), { timeout: 3000 });
    queue.add(alarm);
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject([{ lane: "alarm", sequence: 1 }]));
    expect(queue.isSound()).toBe(true);
  });

  const alarmsOf = (edges: readonly string[]) =>
    edges.map((edge) => {
      const record = createJournal(box.site, edge).add("zone.breached", breachData(`i-${edge}`, 1));
      return { site: box.site, edge, lane: "alarm" as const, text: JSON.stringify({ records: [record] }) };
    });
  const edgesOf = ({ rows }: Batch) => rows.map(({ edge }) => edge);

  it("stores what several boxes sent meanwhile in one write, and tells each", async () => {
    const batches: string[][] = [];
    const { queue, told } = await open((ledger) => ({
      ...ledger,
      store(batch) {
        batches.push(edgesOf(batch));
        return ledger.store(batch);
      },
    }));
    for (const message of alarmsOf(["a", "b", "c", "d"])) queue.add(message);
    await vi.waitFor(() => expect(told).toHaveLength(4));
    expect(batches).toEqual([["a", "b", "c", "d"]]);
  });

  it("stores what arrives between two writes in one, not message by message", async () => {
    const batches: string[][] = [];
    const arriving = [alarmsOf(["b", "c"]), alarmsOf(["d", "e", "f"])];
    const spy = (ledger: Ledger): Ledger => ({
      ...ledger,
      store(batch) {
        batches.push(edgesOf(batch));
        return ledger.store(batch);
      },
    });
    const { queue, told } = await open(spy, async () => {
      await Promise.resolve();
      for (const message of arriving.shift() ?? []) queue.add(message);
    });
    for (const message of alarmsOf(["a"])) queue.add(message);
    await vi.waitFor(() => expect(told).toHaveLength(6));
    expect(batches).toEqual([
      ["a", "b", "c"],
      ["d", "e", "f"],
    ]);
  });

  it("lets no box whose records the ledger refuses hold up the others", async () => {
    const refusing = (ledger: Ledger): Ledger => ({
      ...ledger,
      store: (batch) => (edgesOf(batch).includes("b") ? Promise.reject(new Error("refused")) : ledger.store(batch)),
    });
    const { queue, stored, troubles, ledger } = await open(refusing);
    for (const message of alarmsOf(["a", "b", "c"])) queue.add(message);
    await vi.waitFor(() => expect(stored).toHaveLength(2), { timeout: 5000 });
    expect((await ledger.records({ after: 0, limit: 9 })).map(({ edge }) => edge)).toEqual(["a", "c"]);
    expect(troubles).toEqual(["records of compound/b were not stored: Error: refused"]);
  });

  it("drops what does not fit, and counts it", async () => {
    const { queue, counts } = await open();
    queue.add({ ...box, lane: "state", text: "x".repeat(64 * 1024 * 1024 + 1) });
    expect(counts).toMatchObject([{ dropped: 1 }]);
  });

  it("sets a poisoned record aside with one alarm, and the lane goes on behind it", async () => {
    const { queue, stored, told, ledger } = await open();
    const journal = createJournal(box.site, box.edge);
    const made = [1, 2, 3, 4].map((ms) => journal.add("zone.breached", breachData(`i${ms}`, ms)));
    const records = made.map((record) => (record.sequence === 2 ? { ...record, type: 5 } : record));
    for (const sequence of [2, 4]) {
      queue.add({ ...box, lane: "alarm", text: JSON.stringify({ records: records.slice(0, sequence) }) });
      await vi.waitFor(() => expect(told.at(-1)).toMatchObject([{ lane: "alarm", sequence }]));
    }
    expect(stored).toEqual(["zone.breached", "input.refused", "zone.breached", "zone.breached"]);
    const rows = await ledger.records({ after: 0, limit: 10, type: "input.refused" });
    expect(rows).toMatchObject([{ record: { lane: "alarm", data: { code: "intake.record-invalid" } } }]);
    expect(await ledger.aside(10)).toHaveLength(1);
  });

  it("raises an alarm for a record whose data were changed", async () => {
    const { queue, ledger, told } = await open();
    const made = createJournal(box.site, box.edge).add("zone.breached", breachData("i1", 1));
    const text = JSON.stringify({ records: [{ ...made, data: { zone: "other" } }] });
    queue.add({ ...box, lane: "alarm", text });
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject([{ sequence: 1 }]));
    const [row] = await ledger.records({ after: 0, limit: 10, alarmsOnly: true });
    expect(row?.record).toMatchObject({ type: "input.refused", data: { alarm: { priority: 2 } } });
  });

  it("raises one alarm for rubbish, however often it comes, and keeps the text", async () => {
    const { queue, stored, ledger } = await open();
    for (let sent = 0; sent < 5; sent += 1) queue.add({ ...box, lane: "alarm", text: "{rubbish" });
    await vi.waitFor(() => expect(stored).toEqual(["input.refused"]));
    await queue.close();
    expect(await ledger.aside(10)).toMatchObject([{ code: "intake.record-invalid", text: "{rubbish" }]);
  });

  it("raises an alarm for each place of a lane at which the same rubbish stands", async () => {
    const { queue, told, ledger } = await open();
    const journal = createJournal(box.site, box.edge);
    const made = [1, 2, 3, 4, 5].map((ms) => journal.add("zone.breached", breachData(`i${ms}`, ms)));
    const text = JSON.stringify({ records: made.map((record) => (record.sequence % 2 === 0 ? {} : record)) });
    for (const sent of [1, 2]) {
      queue.add({ ...box, lane: "alarm", text });
      await vi.waitFor(() => expect(told).toHaveLength(sent));
    }
    expect(told.at(-1)).toMatchObject([{ lane: "alarm", sequence: 5 }]);
    expect(await ledger.records({ after: 0, limit: 10, type: "input.refused" })).toHaveLength(2);
  });

  it("raises an alarm for each box that sends the same rubbish", async () => {
    const { queue, told, ledger } = await open();
    for (const edge of ["gatehouse", "office"]) queue.add({ ...box, edge, lane: "alarm", text: "{}" });
    await vi.waitFor(() => expect(told).toHaveLength(2));
    const rows = await ledger.records({ after: 0, limit: 10, type: "input.refused" });
    expect(rows.map(({ record }) => record.subject)).toEqual(["gatehouse", "office"]);
    expect((await ledger.aside(10)).map(({ edge }) => edge).sort()).toEqual(["gatehouse", "office"]);
  });
});
