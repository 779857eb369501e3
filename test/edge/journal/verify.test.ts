// What a verifier finds, with nothing but the public key and what the hub has: every byte flipped, every record removed,
// swapped or forged, a tail that was cut off.
import { beforeAll, describe, expect, test } from "vitest";
import { readEntry } from "../../../edge/journal/entry.js";
import { auditExport, type VerifyOptions, verifyJournal } from "../../../edge/journal/inspect.js";
import { decodeLine, encodeLine, type SegmentHeader } from "../../../edge/journal/line.js";
import { openLog } from "../../../edge/journal/log.js";
import { createMemoryDisk } from "../../../edge/machine/memory-disk.js";
import type { Disk } from "../../../edge/machine/ports.js";
import type { KeptRecord, LaneHead } from "../../../edge/model/record.js";
import { headerHash } from "../../../edge/record/hash.js";
import { openerOf } from "../../../edge/record/seal.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { draft, journalOptions, manualMachine, noMemory, seededRandom } from "../../support/journal.js";

const signer = signerOf(makeSigningKey(seededRandom(7)));
const keys = keyRingOf(signer.publicKey);
const otherKeys = keyRingOf(signerOf(makeSigningKey(seededRandom(8))).publicKey);

interface Row {
  readonly value: Record<string, unknown>;
  readonly record: KeptRecord;
  readonly offset: number;
}

let name = "";
let header: Buffer;
let rows: readonly Row[] = [];
let heads: readonly LaneHead[] = [];
/** Records up to the last checkpoint; the box died some records later. */
let signedCount = 0;

async function logOn(disk: Disk, machine = manualMachine()) {
  const setup = { disk, machine, memory: noMemory, durable: true, signer, onTrouble: () => undefined };
  return { log: await openLog({ ...setup, options: journalOptions }), machine };
}

beforeAll(async () => {
  const disk = createMemoryDisk(1e7);
  const { log, machine } = await logOn(disk);
  await log.append([draft("alarm", "1"), draft("state", "2"), draft("alarm", "3")], true);
  await log.append([draft("alarm", "4"), draft("telemetry", "5"), draft("state", "6")], true);
  machine.advance(600_001);
  await log.append([draft("alarm", "7"), draft("state", "8")], true);
  await log.append([draft("alarm", "9"), draft("state", "10")], true);
  await log.append([draft("alarm", "11"), draft("state", "12")], true);
  heads = log.heads();
  [name = ""] = await disk.list();
  const file = await disk.open(name, "read");
  const bytes = Buffer.from(await file.read(0, await file.size()));
  const lines = bytes.toString("latin1", 0, bytes.lastIndexOf(10) + 1).split(/(?<=\n)/);
  header = Buffer.from(lines.slice(0, 2).join(""), "latin1");
  let offset = header.length;
  rows = lines.slice(2).map((text) => {
    const line = Buffer.from(text, "latin1");
    offset += line.length;
    const value = decodeLine(line.subarray(0, -1))?.value as Row["value"];
    return { value, record: recordIn(value), offset: offset - line.length };
  });
  signedCount = rows.findLastIndex(({ record }) => record.type === "journal.checkpointed") + 1;
});

function headerOf(): SegmentHeader {
  return decodeLine(header.subarray(0, header.indexOf(10)))?.value as SegmentHeader;
}

function recordIn(value: unknown): KeptRecord {
  const room = { header: headerOf(), bytes: journalOptions.segmentBytes ?? 0 };
  const read = readEntry(Buffer.from(JSON.stringify(value)), room, openerOf(null));
  if ("misfit" in read) throw new Error(read.misfit.detail);
  return read.entry.record;
}

/** The segment with these lines, all checksums right. */
function segmentOf(values: readonly unknown[]): Buffer {
  return Buffer.concat([header, ...values.map((value) => encodeLine(true, value))]);
}

async function verify(bytes: Buffer, options: VerifyOptions = { keys }) {
  const disk = createMemoryDisk(1e7);
  await (await disk.open(name, "create")).write(0, bytes);
  return verifyJournal("", disk, options);
}

const valuesOf = (from: readonly Row[]) => from.map(({ value }) => value);
const nameOf = ({ record }: Row) => `${record.lane} ${record.sequence}`;

/** The record has other data, and whoever did it has made the whole chain behind it anew. */
function forged(at: number): unknown[] {
  const moved = new Map<string, string>();
  return rows.map(({ value, record }, index) => {
    const prevhash = moved.get(record.lane) ?? record.prevhash;
    const made = { ...value, prevhash, ...(index === at && { data: { text: "forged" } }) };
    if (index === at || moved.has(record.lane)) moved.set(record.lane, headerHash(recordIn(made)));
    return made;
  });
}

describe("a journal that nobody has touched", () => {
  test("is sound: its checkpoints are good, and the hub has nothing more", async () => {
    const found = await verify(segmentOf(valuesOf(rows)), { keys, hubHeads: heads });
    expect(found).toMatchObject({ ok: true, faults: [], records: rows.length, checkpoints: 2 });
    expect(found.unsigned).toBe(rows.length - signedCount);
    expect(found.signed.map(({ lane, sequence }) => `${lane} ${sequence}`)).toEqual([
      "alarm 4",
      "state 4",
      "telemetry 1",
    ]);
  });

  test("is sound as an export too, from wherever it begins", async () => {
    for (const from of rows.keys()) {
      const lines = rows.slice(from).map(({ record }) => JSON.stringify(record));
      expect(await auditExport(lines, "export", { keys })).toMatchObject({ ok: true });
    }
  });

  test("is judged to its end also where somebody has put what is no record, or no checkpoint", async () => {
    const records = rows.map(({ record }) => record);
    const at = records.findIndex(({ type }) => type === "journal.checkpointed");
    const nonsense: readonly object[] = [
      { data: null },
      { salt: 1 },
      { lane: { toString: 1 } },
      { type: "limit.reached", data: { detail: { toString: 1 } } },
      { data: { heads: [null], key: signer.key, signature: "" } },
      { data: { epoch: { toString: 1 }, order: 1, heads: [], key: signer.key, signature: "" } },
    ];
    for (const change of nonsense) {
      const lines = records.map((record, index) => JSON.stringify(index === at ? { ...record, ...change } : record));
      const { ok, faults } = await auditExport(lines, "export", { keys });
      expect(ok).toBe(false);
      expect(faults[0]?.place, JSON.stringify(change)).toMatch(`export line ${at + 1}`);
    }
  });

  test("is not believed under another key", async () => {
    const found = await verify(segmentOf(valuesOf(rows)), { keys: otherKeys });
    expect(found.faults.map(({ code }) => code)).toEqual(["journal.signature-wrong", "journal.signature-wrong"]);
    expect(found.faults[0]?.detail).toContain(signer.key);
  });

  test("is sealed when it is closed in order", async () => {
    const disk = createMemoryDisk(1e7);
    const { log } = await logOn(disk);
    await log.append([draft("alarm")]);
    await log.append([draft("alarm")]);
    await log.close();
    expect(await verifyJournal("", disk, { keys })).toMatchObject({ ok: true, checkpoints: 2, unsigned: 0 });
  });
});

test("every byte that is flipped is named with its place", async () => {
  const sound = segmentOf(valuesOf(rows));
  const unseen: number[] = [];
  for (const at of sound.keys()) {
    const bytes = Buffer.from(sound);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    const { faults } = await verify(bytes, {});
    const start = at < header.length ? 0 : (rows.findLast(({ offset }) => offset <= at)?.offset ?? 0);
    const isNamed = faults.some(({ place }) => {
      const byte = Number(/at byte (\d+)/.exec(place)?.[1] ?? Number.NaN);
      return place.includes(name) && byte >= (at < header.length ? 0 : start) && byte <= at;
    });
    if (!isNamed) unseen.push(at);
  }
  expect(unseen).toEqual([]);
}, 60_000);

describe.each(Array.from({ length: 14 }, (_, at) => at))("record %i of the segment", (at) => {
  const rowAt = (index: number): Row => {
    const row = rows[index];
    if (row === undefined) throw new Error(`there are ${rows.length} records`);
    return row;
  };

  test("that was removed is missed", async () => {
    const found = await verify(segmentOf(valuesOf(rows.filter((_, index) => index !== at))), { keys, hubHeads: heads });
    const { lane, sequence } = rowAt(at).record;
    const text = found.faults.map(({ place, detail }) => `${place} ${detail}`).join("\n");
    const next = rows.find(({ record }) => record.lane === lane && record.sequence > sequence);
    if (next === undefined) expect(text).toContain(`the hub has ${lane} ${sequence}..${sequence}`);
    else expect(text).toContain(`${nameOf(next)} sequence ${sequence + 1} follows ${sequence - 1}`);
    expect(text).toContain(name.slice(9, -4));
  });

  test("that was swapped with the next of its lane is out of order", async () => {
    const { lane } = rowAt(at).record;
    const other = rows.findIndex(({ record }, index) => index > at && record.lane === lane);
    if (other < 0) return;
    const values: unknown[] = valuesOf(rows);
    [values[at], values[other]] = [values[other], values[at]];
    const { faults } = await verify(segmentOf(values));
    expect(faults[0]?.place).toContain(`${name} at byte ${rowAt(at).offset}, ${nameOf(rowAt(other))}`);
  });

  test("that was forged together with all hashes behind it does not fit what the box has signed, or what the hub has", async () => {
    const { lane, type } = rowAt(at).record;
    const bytes = segmentOf(forged(at));
    const local = await verify(bytes);
    const text = local.faults.map(({ code, place, detail }) => `${code} ${place} ${detail}`).join("\n");
    const last = rows.findLastIndex(({ record }) => record.type === "journal.checkpointed");
    if (at < last && type !== "journal.checkpointed") {
      expect(text).toContain("journal.signature-wrong");
      expect(text).toContain(`${name} at byte`);
      expect(text).toMatch(new RegExp(`${lane} \\d+\\.\\.\\d+: signed was ${lane}`));
    }
    const { faults } = await verify(bytes, { keys, hubHeads: heads });
    expect(faults.map(({ code }) => code)).toContain("journal.hub-differs");
    expect(faults.map(({ detail }) => detail).join("\n")).toContain(
      `${lane} ${heads.find((head) => head.lane === lane)?.sequence}: the hub has another`,
    );
  });

  test("and all behind it cut off is a tail that the hub still has", async () => {
    const cut = await verify(segmentOf(valuesOf(rows.slice(0, at))), { keys, hubHeads: heads });
    const { epoch, lane, sequence } = rowAt(at).record;
    expect(cut.faults.filter(({ code }) => code === "journal.tail-cut").map(({ place }) => place)).toContain(
      `${epoch} ${lane} ${sequence}`,
    );
  });
});

test("a tail that no checkpoint follows for too long is not believed under a public key", async () => {
  const disk = createMemoryDisk(1e8);
  const setup = { disk, machine: manualMachine(), memory: noMemory, durable: true, onTrouble: () => undefined };
  const log = await openLog({ ...setup, options: { ...journalOptions, segmentBytes: 1e6 } });
  await log.append(
    Array.from({ length: 1001 }, () => draft("state")),
    true,
  );
  await log.close();
  expect((await verifyJournal("", disk)).ok).toBe(true);
  expect((await verifyJournal("", disk, { keys })).faults.map(({ code }) => code)).toEqual(["journal.unsigned"]);
});

test("no more records than the limit are unsigned, and no longer than the limit", async () => {
  const disk = createMemoryDisk(1e8);
  const machine = manualMachine();
  const setup = { disk, machine, memory: noMemory, durable: true, signer, onTrouble: () => undefined };
  const log = await openLog({ ...setup, options: { ...journalOptions, segmentBytes: 1e6 } });
  for (let group = 0; group < 5; group += 1) {
    await log.append(
      Array.from({ length: 400 }, () => draft("state")),
      true,
    );
    expect((await verifyJournal("", disk, { keys })).unsigned).toBeLessThan(1000);
  }
  machine.advance(600_000);
  await log.append([draft("alarm")]);
  expect(await verifyJournal("", disk, { keys })).toMatchObject({ ok: true, unsigned: 0 });
});

test("an epoch of the hub that a tombstone explains is not missed, another one is", async () => {
  const disk = createMemoryDisk(1e7);
  const { log } = await logOn(disk);
  const data = { limit: "journal.volatile", detail: "records of epoch 00112233aabbccdd are in memory only" };
  await log.append([{ ...draft("state"), type: "limit.reached", data }], true);
  const head = { lane: "alarm", sequence: 3, hash: "f".repeat(64) } as const;
  const told = [{ ...head, epoch: "00112233aabbccdd" }];
  expect((await verifyJournal("", disk, { keys, hubHeads: told })).faults).toEqual([]);
  const untold = [{ ...head, epoch: "99112233aabbccdd" }];
  const { faults } = await verifyJournal("", disk, { keys, hubHeads: untold });
  expect(faults.map(({ code }) => code)).toEqual(["journal.tail-cut"]);
});
