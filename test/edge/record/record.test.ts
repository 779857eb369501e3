// The record: canonical form, chain, and the exact place of a fault.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JournalRecord, LaneHead } from "../../../edge/model/record.js";
import { canonical } from "../../../edge/record/canonical.js";
import { dataHash, headerHash, headerOf, noHash } from "../../../edge/record/hash.js";
import { makeRecord } from "../../../edge/record/make.js";
import { verifyChain } from "../../../edge/record/verify.js";
import { draft, startStamp } from "../../support/journal.js";

const origin = { site: "office", edge: "box" };

function chain(count: number): JournalRecord[] {
  let head: LaneHead = { epoch: "e1", lane: "alarm", sequence: 0, hash: noHash };
  return Array.from({ length: count }, (_, at) => {
    const place = { head, order: at + 1, salt: `${at}`.padStart(32, "0"), durable: true };
    const made = makeRecord(origin, draft("alarm", `${at + 1}`), place);
    head = made.head;
    return made.record;
  });
}

function altered(records: readonly JournalRecord[], at: number, change: Partial<JournalRecord>): JournalRecord[] {
  return records.map((record, index) => (index === at ? { ...record, ...change } : record));
}

describe("canonical form", () => {
  test.each([
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [{ a: undefined, é: "\n", Z: -0 }, '{"Z":0,"é":"\\n"}'],
    [[1.5, "x", false, undefined], '[1.5,"x",false,null]'],
  ])("of %j is %s", (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  test("is the same after a way over the wire, in whatever order the keys come", () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const wired = JSON.parse(JSON.stringify(value));
        const turned = Object.fromEntries(Object.entries(wired).reverse());
        expect(canonical(turned)).toBe(canonical(value));
      }),
    );
  });
});

describe("a record", () => {
  test("bears the moment and the place that it was given", () => {
    const { record } = makeRecord(origin, draft("alarm", "a"), {
      head: { epoch: "e1", lane: "alarm", sequence: 4, hash: "f".repeat(64) },
      order: 9,
      salt: "0".repeat(32),
      durable: true,
    });
    expect(record).toMatchObject({
      specversion: "1.0",
      id: "box/e1/alarm/5",
      source: "/portcullis/office/box",
      time: new Date(startStamp.wall).toISOString(),
      sequence: 5,
      order: 9,
      mono: "1000000000",
      prevhash: "f".repeat(64),
      datahash: dataHash("0".repeat(32), { text: "a" }),
    });
    expect("durable" in record).toBe(false);
  });

  test("keeps its header hash when data and salt are taken away", () => {
    const [record] = chain(1);
    if (record === undefined) throw new Error("no record");
    expect(headerHash({ ...record, data: {}, salt: "" })).toBe(headerHash(record));
    expect(headerHash({ ...record, exercise: true })).not.toBe(headerHash(record));
  });

  test("has the hash of its header's canonical form, whatever members a later version adds", () => {
    const [{ data: _data, salt: _salt, ...header } = {} as JournalRecord] = chain(1);
    const names = fc.oneof(fc.string(), fc.constantFrom("toString", "durable", "type", "subject"));
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (more) => {
        const later = { ...header, ...more } as JournalRecord;
        expect(headerHash(later)).toBe(
          createHash("sha256")
            .update(canonical(headerOf(later)))
            .digest("hex"),
        );
      }),
    );
  });
});

describe("the chain", () => {
  test("of untouched records verifies, also from a known head on", () => {
    const records = chain(5);
    const third = records[2];
    if (third === undefined) throw new Error("no record");
    const head: LaneHead = { epoch: "e1", lane: "alarm", sequence: 3, hash: headerHash(third) };
    expect(verifyChain(records)).toBeNull();
    expect(verifyChain(records.slice(3), [head])).toBeNull();
  });

  test.each([
    ["altered data", altered(chain(5), 2, { data: { text: "9" } }), "box/e1/alarm/3", "data does not match"],
    ["an altered header", altered(chain(5), 2, { type: "test.denied" }), "box/e1/alarm/4", "is not the head"],
    ["a missing record", chain(5).filter(({ sequence }) => sequence !== 2), "box/e1/alarm/3", "sequence 3 follows 1"],
    ["a repeated record", [...chain(2), ...chain(2)], "box/e1/alarm/1", "sequence 1 follows 2"],
    ["a missing beginning", chain(5).slice(2), "box/e1/alarm/3", "sequence 3 follows 0"],
  ])("names the place of %s", (_name, records, place, detail) => {
    expect(verifyChain(records)).toMatchObject({ code: "journal.chain-broken", place });
    expect(verifyChain(records)?.detail).toContain(detail);
  });
});
