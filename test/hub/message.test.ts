// What intake makes of the text that a box sends, rubbish included.
import { describe, expect, it } from "vitest";
import { readRecords, readResult, readStatus, readTopic } from "../../hub/intake/message.js";
import { at, breachData, createJournal } from "./box.js";

const from = { site: "compound", edge: "gatehouse", lane: "alarm" } as const;

function record(change: object = {}) {
  return { ...createJournal("compound", "gatehouse").add("zone.breached", breachData("i1", 1)), ...change };
}

const read = (...records: unknown[]) => readRecords(JSON.stringify({ records }), from);

describe("a message from a box", () => {
  it("gives its records with their hashes", () => {
    expect(read(record())).toMatchObject({ incoming: [{ dataFault: null, record: { sequence: 1 } }], unreadable: [] });
  });

  it.each([
    { name: "another site's source", change: { source: "/portcullis/other/gatehouse" }, fault: "/source" },
    { name: "another lane", change: { lane: "state" }, fault: "/lane" },
    { name: "an id that its parts deny", change: { id: "gatehouse/epoch-1/alarm/7" }, fault: "/id" },
    { name: "a sequence below one", change: { sequence: 0 }, fault: "/sequence" },
    { name: "a sequence that is no number", change: { sequence: "1" }, fault: "/sequence" },
    { name: "a time that is none", change: { time: "yesterday" }, fault: "/time" },
    { name: "no data", change: { data: 5 }, fault: "/data" },
    { name: "a name without end", change: { type: "x".repeat(10_000) }, fault: "/type" },
  ])("refuses a record with $name, naming the place", ({ change, fault }) => {
    const { incoming, unreadable } = read(record(change));
    expect(incoming).toEqual([]);
    expect(unreadable[0]?.fault).toContain(fault);
  });

  it("does not believe data that were changed, but knows their place in the chain", () => {
    expect(read(record({ data: { zone: "other" } })).incoming).toMatchObject([
      { dataFault: "/data does not match /datahash" },
    ]);
  });

  it("does not believe an alarm without a usable priority", () => {
    const journal = createJournal("compound", "gatehouse");
    const broken = journal.add("zone.breached", { alarm: { key: "k", priority: 9 } });
    expect(read(broken).incoming[0]?.dataFault).toContain("/data/alarm");
  });

  it.each(["", "{", "null", "[]", '{"records":5}', '{"records":[],"missing":5}', '{"records":[null]}'])(
    "takes %j for unreadable",
    (text) => {
      const { incoming, unreadable } = readRecords(text, from);
      expect(incoming).toEqual([]);
      expect(unreadable).toHaveLength(1);
    },
  );

  it("gives a record that cannot be read its place: its own word, else behind its neighbour, else none", () => {
    const journal = createJournal("compound", "gatehouse");
    const [first, second] = [1, 2].map((ms) => journal.add("zone.breached", breachData(`i${ms}`, ms)));
    const place = { epoch: "epoch-1", lane: "alarm", from: 2, to: 2 };
    expect(read(first, { ...second, type: 5 }).unreadable).toMatchObject([{ place }]);
    expect(read(first, null).unreadable).toMatchObject([{ place }]);
    expect(read(null).unreadable).toMatchObject([{ place: null }]);
  });

  it("refuses what is nested so deeply that walking through it would end the hub", () => {
    const data = `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const text = JSON.stringify({ records: [record({ data: "deep" })] }).replace('"deep"', data);
    expect(readRecords(text, from).unreadable).toMatchObject([{ fault: expect.stringContaining("nested") }]);
  });

  it.each([
    ["of this boot, by the monotonic clock", at(61_000), 60_999],
    ["of this boot, whatever the wall clock has become", { ...at(61_000), wall: 0 }, 60_999],
    ["of another boot, by the wall clocks", { ...at(61_000), boot: "boot-2", mono: 5_000 }, 60_999],
    [
      "of another boot, at least as old as this one",
      { ...at(0), boot: "boot-2", mono: 5_000, clock: "never-set" },
      5_000,
    ],
    ["of which its box says nothing", undefined, null],
    ["with rubbish for a moment", { boot: 7 }, null],
  ] as const)("tells the age of a record %s", (_whose, sent, ageMs) => {
    const journal = createJournal("compound", "gatehouse");
    const made = journal.add("zone.breached", breachData("i1", 1), { ms: 1 });
    expect(readRecords(JSON.stringify({ records: [made], sent }), from).incoming).toMatchObject([{ ageMs }]);
  });

  it("takes only holes of its own lane", () => {
    const hole = { epoch: "e", lane: "alarm", from: 2, to: 3 };
    const missing = [hole, { ...hole, lane: "state" }, { ...hole, from: 4 }, { ...hole, to: "x" }, 5];
    expect(readRecords(JSON.stringify({ records: [], missing }), from).missing).toEqual([hole]);
  });

  it("reads status, result and topic, and gives null for anything else", () => {
    expect(readStatus('{"online":true,"session":"n","epoch":"e"}')).toEqual({ online: true, session: "n", heads: [] });
    expect(readStatus('{"online":"yes"}')).toBeNull();
    expect(readStatus("null")).toBeNull();
    expect(readResult('{"id":"1","ok":false,"code":"command.expired"}')).toEqual({
      id: "1",
      ok: false,
      code: "command.expired",
    });
    expect(readResult('{"id":1}')).toBeNull();
    expect(readTopic("portcullis/v1/compound/gatehouse/alarm")).toEqual({
      site: "compound",
      edge: "gatehouse",
      kind: "alarm",
    });
    expect(readTopic("portcullis/v1/compound/alarm")).toBeNull();
  });
});
