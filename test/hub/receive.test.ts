// Intake's judgement by tables: what is stored, what is acknowledged, what is set aside.
import { describe, expect, it } from "vitest";
import type { JournalRecord, LaneHead } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { laneKey } from "../../edge/record/verify.js";
import { type Incoming, numberKey, receive, unknownHash } from "../../hub/intake/receive.js";
import { createJournal } from "./box.js";

function journalOf(count: number): Incoming[] {
  const journal = createJournal("compound", "gatehouse");
  for (let made = 0; made < count; made += 1) journal.add("zone.restored", { zone: `z${made}`, area: "a", alarms: [] });
  return journal.records.map(incoming);
}

function incoming(record: JournalRecord): Incoming {
  return { record, hash: headerHash(record), dataFault: null, ageMs: null };
}

const all = journalOf(5);

/** Heads and known hashes of a hub that has the first `count` records. */
function having(count: number) {
  const last = all[count - 1];
  const heads = new Map<string, LaneHead>();
  if (last !== undefined) {
    const { epoch, lane, sequence } = last.record;
    heads.set(laneKey(last.record), { epoch, lane, sequence, hash: last.hash });
  }
  return { heads, known: new Map(all.slice(0, count).map(({ record, hash }) => [numberKey(record), hash])) };
}

const pick = (...numbers: number[]) => numbers.flatMap((number) => all[number - 1] ?? []);

describe("receive", () => {
  it.each([
    { name: "stores what continues the lane", has: 2, sent: [3, 4], stored: [3, 4], head: 4, duplicates: 0, gaps: 0 },
    {
      name: "begins a lane at its first record",
      has: 0,
      sent: [1, 2],
      stored: [1, 2],
      head: 2,
      duplicates: 0,
      gaps: 0,
    },
    { name: "recognises duplicates", has: 3, sent: [2, 3, 4], stored: [4], head: 4, duplicates: 2, gaps: 0 },
    {
      name: "recognises a duplicate within one batch",
      has: 0,
      sent: [1, 1, 2],
      stored: [1, 2],
      head: 2,
      duplicates: 1,
      gaps: 0,
    },
    {
      name: "stores nothing past a gap and states the old head",
      has: 1,
      sent: [3, 4],
      stored: [],
      head: 1,
      duplicates: 0,
      gaps: 2,
    },
    {
      name: "states zero for a lane of which it has nothing",
      has: 0,
      sent: [5],
      stored: [],
      head: 0,
      duplicates: 0,
      gaps: 1,
    },
    {
      name: "takes from a box again what a restored ledger has lost",
      has: 1,
      sent: [2, 3, 4, 5],
      stored: [2, 3, 4, 5],
      head: 5,
      duplicates: 0,
      gaps: 0,
    },
    {
      name: "fills a gap that the same batch closes later",
      has: 1,
      sent: [3, 2, 3],
      stored: [2, 3],
      head: 3,
      duplicates: 0,
      gaps: 1,
    },
  ])("$name", ({ has, sent, stored, head, duplicates, gaps }) => {
    const { heads, known } = having(has);
    const outcome = receive(heads, known, pick(...sent));
    expect(outcome.store.map(({ record }) => record.sequence)).toEqual(stored);
    expect(outcome.heads.map(({ sequence }) => sequence)).toEqual([head]);
    expect([outcome.duplicates, outcome.gaps, outcome.aside.length]).toEqual([duplicates, gaps, 0]);
  });

  it("sets a second record under a stored number aside and leaves the head where it is", () => {
    const { heads, known } = having(3);
    const [second] = pick(2);
    if (second === undefined) throw new Error("no record");
    const forged = incoming({ ...second.record, type: "zone.breached" });
    const outcome = receive(heads, known, [forged]);
    expect(outcome.aside).toMatchObject([{ incoming: forged, code: "intake.chain-forked" }]);
    expect(outcome.heads).toMatchObject([{ sequence: 3 }]);
  });

  it("stops a lane whose next record does not follow its stored head", () => {
    const { heads, known } = having(2);
    const [third, fourth] = pick(3, 4);
    if (third === undefined || fourth === undefined) throw new Error("no records");
    const outcome = receive(heads, known, [incoming({ ...third.record, prevhash: "f".repeat(64) }), fourth]);
    expect(outcome.store).toEqual([]);
    expect(outcome.aside).toMatchObject([{ code: "intake.chain-forked" }]);
    expect(outcome.heads).toMatchObject([{ sequence: 2 }]);
  });

  it("lets a poison record pass whose chain is fine, without storing it", () => {
    const { heads, known } = having(2);
    const [third, fourth] = pick(3, 4);
    if (third === undefined || fourth === undefined) throw new Error("no records");
    const outcome = receive(heads, known, [{ ...third, dataFault: "/data/alarm" }, fourth]);
    expect(outcome.store).toEqual([fourth]);
    expect(outcome.aside).toMatchObject([{ code: "intake.record-invalid", detail: "/data/alarm" }]);
    expect(outcome.heads).toMatchObject([{ sequence: 4 }]);
  });

  it("goes on behind a hole that the box declares, and names it", () => {
    const { heads, known } = having(1);
    const hole = { epoch: "epoch-1", lane: "alarm", from: 2, to: 3 } as const;
    const outcome = receive(heads, known, pick(4, 5), [hole]);
    expect(outcome.store).toEqual(pick(4, 5));
    expect(outcome.lost).toEqual([hole]);
    expect(outcome.heads).toMatchObject([{ sequence: 5, hash: all[4]?.hash }]);
  });

  it("moves the head over a hole at the end and takes the chain up again behind it", () => {
    const { heads, known } = having(1);
    const outcome = receive(heads, known, [], [{ epoch: "epoch-1", lane: "alarm", from: 2, to: 3 }]);
    expect(outcome.heads).toMatchObject([{ sequence: 3, hash: unknownHash }]);
    const after = new Map(outcome.heads.map((head) => [laneKey(head), head]));
    expect(receive(after, new Map(), pick(4)).store).toEqual(pick(4));
  });

  it("ignores a declared hole that it has already or that does not touch its head", () => {
    const { heads, known } = having(3);
    const hole = (from: number, to: number) => ({ epoch: "epoch-1", lane: "alarm", from, to }) as const;
    expect(receive(heads, known, [], [hole(1, 3), hole(5, 9)])).toMatchObject({ heads: [], lost: [] });
  });

  it("judges lanes and epochs apart", () => {
    const other = createJournal("compound", "gatehouse", "epoch-2");
    other.add("area.armed", { area: "a", by: "b" });
    const outcome = receive(new Map(), new Map(), [...other.records.map(incoming), ...pick(1)]);
    expect(outcome.store).toHaveLength(2);
    expect(outcome.heads.map(laneKey)).toEqual(["epoch-2/state", "epoch-1/alarm"]);
  });
});
