// Lines whose checksum is right and that are no records: a bad program, a newer version or a hand has written them. Every reader
// names the place, leaves the bytes as they are, and goes on with what follows.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { auditExport, verifyJournal } from "../../../edge/journal/inspect.js";
import { decodeLine, encodeLine, frameText } from "../../../edge/journal/line.js";
import { type Log, openLog } from "../../../edge/journal/log.js";
import { createMemoryDisk } from "../../../edge/machine/memory-disk.js";
import type { Disk } from "../../../edge/machine/ports.js";
import type { Trouble } from "../../../edge/model/error.js";
import { lanes } from "../../../edge/model/record.js";
import { createSealer, makeSealingKey, openerOf, publicSealingKey } from "../../../edge/record/seal.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { draft, journalOptions, manualMachine, seededRandom, textMemory } from "../../support/journal.js";

const random = seededRandom(11);
const signer = signerOf(makeSigningKey(random));
const keys = keyRingOf(signer.publicKey);
const privateKey = makeSealingKey(random);
const sealer = createSealer(publicSealingKey(privateKey), random, openerOf(privateKey));
const sealing = { sealer, seals: ({ data }: { data: object }) => "text" in data && data.text === "c" };
const codes = ["journal.unreadable", "journal.misshapen", "journal.oversize"];

let name = "";
let header: Buffer;
let values: readonly Record<string, unknown>[] = [];

async function fileOf(disk: Disk, file: string): Promise<Buffer> {
  const opened = await disk.open(file, "read");
  return Buffer.from(await opened.read(0, await opened.size()));
}

/** A disk with that one segment. */
async function diskOf(bytes: Buffer, file = name): Promise<Disk> {
  const disk = createMemoryDisk(1e8);
  await (await disk.open(file, "create")).write(0, bytes);
  return disk;
}

let lives = 0;

async function start(disk: Disk) {
  lives += 1;
  const troubles: Trouble[] = [];
  const memory = textMemory();
  const setup = { disk, machine: manualMachine(lives), memory, durable: true, signer, sealing };
  const log = await openLog({ ...setup, options: journalOptions, onTrouble: (each) => troubles.push(each) });
  return { log, memory, troubles };
}

beforeAll(async () => {
  const disk = createMemoryDisk(1e7);
  const { log } = await start(disk);
  for (const text of ["a", "b", "c", "d"])
    await log.append([draft("alarm", text), draft("state", text), draft("telemetry", text)], true);
  [name = ""] = await disk.list();
  const bytes = await fileOf(disk, name);
  const lines = bytes.toString("latin1", 0, bytes.lastIndexOf(10) + 1).split(/(?<=\n)/);
  header = Buffer.from(lines.slice(0, 2).join(""), "latin1");
  values = lines.slice(2).map((line) => decodeLine(Buffer.from(line.slice(0, -1), "latin1"))?.value as never);
});

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 60,
  "",
  "?",
  "x".repeat(10_000),
  [],
  {},
  { toString: 1 },
  [[]],
  { length: 9 },
];
const members = [
  "type",
  "subject",
  "time",
  "lane",
  "sequence",
  "order",
  "mono",
  "clocktrust",
  "prevhash",
  "salt",
  "data",
];
/** What none of these members can be, whatever it is. */
const wrong = fc.constantFrom<unknown>(null, true, -1, 1.5, 2 ** 60, [], [[1]], "x".repeat(5000));

type Change = (value: Record<string, unknown>) => string;
const surelyBad: readonly fc.Arbitrary<Change>[] = [
  fc.constantFrom(...members).map(
    (member) =>
      ({ [member]: _, ...rest }) =>
        JSON.stringify(rest),
  ),
  fc.tuple(fc.constantFrom(...members), wrong).map(
    ([member, value]) =>
      (record) =>
        JSON.stringify({ ...record, [member]: value }),
  ),
  fc.constantFrom(65, 100, 10_000, 200_000).map((levels) => (record) => {
    const text = JSON.stringify({ ...record, data: { deep: "@" } });
    return text.replace('"@"', deep(levels));
  }),
  fc
    .constantFrom(65, 10_000)
    .map((levels) => (record) => `${JSON.stringify(record).slice(0, -1)},"later":${deep(levels)}}`),
  fc
    .constantFrom(0, 1e6, Number.MAX_SAFE_INTEGER)
    .map((sequence) => (record) => JSON.stringify({ ...record, sequence })),
  fc.constantFrom(0, 1e6, Number.MAX_SAFE_INTEGER).map((order) => (record) => JSON.stringify({ ...record, order })),
  fc.constant((record) => JSON.stringify({ ...record, sequence: 1e99 }).replace("1e+99", "1e999")),
  fc.constant((record) => JSON.stringify(record).slice(0, -1)),
  fc.string().map((text) => () => `not JSON ${text.replaceAll("\n", "")}`),
  fc.jsonValue().map((value) => () => JSON.stringify(value)),
  fc.constant(() => header.toString("latin1", 9, header.indexOf(10))),
  fc.constant(() => '{"portcullis":1}'),
];
const anything: readonly fc.Arbitrary<Change>[] = [
  fc
    .tuple(
      fc.oneof(fc.string(), fc.constantFrom(...members, "boot", "exercise", "entry", "sealed", "by", "datahash")),
      fc.oneof(fc.constantFrom(...odd), fc.jsonValue()),
    )
    .map(
      ([member, value]) =>
        (record) =>
          JSON.stringify({ ...record, [member]: value }),
    ),
  fc
    .constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "then", "length")
    .chain((key) => fc.boolean().map((isInside) => [key, isInside] as const))
    .map(([key, isInside]) => (record) => {
      const text = JSON.stringify({ ...record, data: { "@": 1 } });
      const evil = `"${key}":{"polluted":true}`;
      return isInside ? text.replace('"@":1', evil) : `{${evil},${text.slice(1)}`;
    }),
  fc
    .constantFrom("toString", "__proto__", "constructor", "texts.kept")
    .map((type) => (record) => JSON.stringify({ ...record, type, data: { texts: 1 } })),
];

interface Foreign {
  /** Before which of our own lines it stands, and which of them it was made of. */
  readonly before: number;
  readonly of: number;
  readonly change: Change;
  readonly isBad: boolean;
  readonly first: boolean;
}

const foreign: fc.Arbitrary<Foreign> = fc
  .oneof(
    ...surelyBad.map((each) => each.map((change) => ({ change, isBad: true }))),
    ...anything.map((each) => each.map((change) => ({ change, isBad: false }))),
  )
  .chain((what) =>
    fc.record({
      before: fc.nat(12),
      of: fc.nat(12),
      change: fc.constant(what.change),
      isBad: fc.constant(what.isBad),
      first: fc.boolean(),
    }),
  );

/** One of our own lines that is not sealed. */
function wholeAt(at: number): Record<string, unknown> {
  const whole = values.filter((value) => "data" in value);
  return whole[at % whole.length] ?? {};
}

/** The segment with the foreign lines between ours, and where the ones lie that are surely no records. */
function mixed(lines: readonly Foreign[]): { bytes: Buffer; bad: readonly number[] } {
  const parts = [header];
  const bad: number[] = [];
  let offset = header.length;
  const add = (line: Buffer) => {
    parts.push(line);
    offset += line.length;
  };
  for (let at = 0; at <= values.length; at += 1) {
    for (const { of, change, isBad, first } of lines.filter(({ before }) => before === at)) {
      if (isBad) bad.push(offset);
      add(frameText(first, change(wholeAt(of))));
    }
    const value = values[at];
    if (value !== undefined) add(encodeLine(true, value));
  }
  return { bytes: Buffer.concat(parts), bad };
}

const offsetsIn = (troubles: readonly Trouble[]) =>
  troubles.filter(({ code }) => codes.includes(code)).map(({ place }) => Number(/at byte (\d+)/.exec(place)?.[1]));

async function textsOf(log: Log): Promise<readonly unknown[]> {
  const texts: unknown[] = [];
  for await (const { data } of log.replay()) texts.push(data["text"]);
  return texts;
}

describe("whatever lines somebody has put between ours, their checksums right", () => {
  test("each that is no record is named by a start and by the verifier, stays on the disk, and the rest is read and written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(foreign, { minLength: 1, maxLength: 6 }), async (lines) => {
        const { bytes, bad } = mixed(lines);
        const disk = await diskOf(bytes);
        const { faults } = await verifyJournal("", disk, { keys, open: openerOf(privateKey) });
        expect(offsetsIn(faults)).toEqual(expect.arrayContaining([...bad]));

        const { log, troubles } = await start(disk);
        expect(offsetsIn(troubles)).toEqual(expect.arrayContaining([...bad]));
        await log.recall();
        for (const { epoch } of log.heads())
          for (const lane of lanes) await log.read({ epoch, lane, sequence: 1 }, 100);
        expect((await log.append([draft("alarm", "after")])).records).toHaveLength(1);
        expect(await textsOf(log)).toEqual(expect.arrayContaining(["a", "b", "c", "d", "after"]));
        await log.close();

        expect((await fileOf(disk, name)).equals(bytes)).toBe(true);
        expect("polluted" in {}).toBe(false);
        const after = await verifyJournal("", disk, { keys });
        expect(offsetsIn(after.faults)).toEqual(expect.arrayContaining([...bad]));
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test("an export of them is judged to its end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(foreign, { minLength: 1, maxLength: 6 }), async (lines) => {
        const texts = lines.map(({ of, change }) => change(wholeAt(of)));
        const { ok, faults } = await auditExport(texts, "export", { keys });
        expect(ok).toBe(false);
        expect(faults.at(-1)?.place).toBe(`export line ${texts.length}`);
      }),
    );
  });
});

describe("a segment whose header is none", () => {
  const headerValue = () => decodeLine(header.subarray(0, header.indexOf(10)))?.value as Record<string, unknown>;
  const rest = () => Buffer.concat(values.map((value) => encodeLine(true, value)));
  const twice = (text: string) => Buffer.concat([frameText(true, text), frameText(false, text), rest()]);
  const later = () => name.replace("00000001", "00000002");

  /** A sound first segment and, as the second, the file in question. */
  async function diskWith(bytes: Buffer, file = later()): Promise<Disk> {
    const disk = await diskOf(Buffer.concat([header, rest()]));
    await (await disk.open(file, "create")).write(0, bytes);
    return disk;
  }

  async function expectSetAside(bytes: Buffer, file = later()): Promise<readonly Trouble[]> {
    const disk = await diskWith(bytes, file);
    const { faults } = await verifyJournal("", disk, { keys });
    expect(faults.map(({ place }) => place)).toContain(file);
    const { log, troubles } = await start(disk);
    expect(troubles.map(({ place }) => place)).toEqual([file]);
    await log.append([draft("alarm", "after")]);
    expect(await textsOf(log)).toEqual(expect.arrayContaining(["a", "b", "c", "d", "after"]));
    await log.close();
    expect((await fileOf(disk, file)).equals(bytes)).toBe(true);
    return troubles;
  }

  test("is set aside with its reason, whatever member is amiss, and nothing is written over it", async () => {
    const wrongs: readonly unknown[] = [null, -1, "?", 2 ** 60, [], {}, [null], { toString: 1 }];
    const isFine = (member: string, value: unknown) =>
      (typeof value === "string" && ["site", "edge", "boot", "run"].includes(member)) ||
      (member === "heads" && JSON.stringify(value) === "[]") ||
      (member === "wall" && value === -1);
    for (const member of Object.keys(headerValue())) {
      for (const value of wrongs.filter((each) => !isFine(member, each))) {
        const text = JSON.stringify({ ...headerValue(), [member]: value });
        const troubles = await expectSetAside(twice(text.startsWith('{"portcullis"') ? text : "?"));
        expect(
          troubles.map(({ code }) => code),
          `${member} ${JSON.stringify(value)}`,
        ).toEqual(["journal.misshapen"]);
      }
    }
    const deepText = `${JSON.stringify(headerValue()).slice(0, -1)},"more":${deep(2000)}}`;
    expect((await expectSetAside(twice(deepText)))[0]?.detail).toContain("nested deeper");
    await expectSetAside(twice('{"portcullis":'));
    await expectSetAside(Buffer.alloc(0));
  });

  test("does not lend its numbers to others: where the newest cannot be read, a new epoch begins behind it", async () => {
    const disk = await diskWith(twice('{"portcullis":1}'));
    const { log } = await start(disk);
    const before = log.status().epoch;
    const { records } = await log.append([draft("alarm", "after")]);
    expect(records[0]?.epoch).not.toBe(before);
    expect((await disk.list()).filter((each) => each.startsWith("00000003-"))).toHaveLength(1);
    const { log: again } = await start(disk);
    expect(again.status().epoch).toBe(records[0]?.epoch);
  });

  test("of a number that no box reaches is passed over, and the box counts on from its own", async () => {
    const file = name.replace("00000001", "99999999");
    await expectSetAside(Buffer.concat([header, rest()]), file);
    const disk = await diskWith(Buffer.concat([header, rest()]), file);
    const { log } = await start(disk);
    await log.append([draft("alarm", "after")]);
    expect((await disk.list()).some((each) => each.startsWith("00000002-"))).toBe(true);
  });

  test("says another epoch than its name is no segment of either", async () => {
    await expectSetAside(Buffer.concat([header, rest()]), "00000002-0011223344556677.seg");
  });
});

describe("what is sealed", () => {
  test.each([
    "null",
    "{}",
    "?",
    '{"salt":1,"data":{}}',
    '{"data":{}}',
    `{"salt":"${"0".repeat(32)}","data":${deep(10_000)}}`,
  ])("and opens to no data of a record is named in its place: %#", async (content) => {
    const at = values.findIndex((value) => "sealed" in value);
    const value = values[at] ?? {};
    const id = `${journalOptions.edge}/${name.slice(9, -4)}/${String(value["lane"])}/${String(value["sequence"])}`;
    const { text } = sealer.seal(content, id);
    const lines = values.map((each, index) => encodeLine(true, index === at ? { ...each, sealed: text } : each));
    const offset = header.length + lines.slice(0, at).reduce((sum, { length }) => sum + length, 0);
    const disk = await diskOf(Buffer.concat([header, ...lines]));
    const { faults } = await verifyJournal("", disk, { keys, open: openerOf(privateKey) });
    expect(offsetsIn(faults)).toEqual([offset]);
    const { log, troubles } = await start(disk);
    expect(offsetsIn(troubles)).toEqual([offset]);
    expect(await textsOf(log)).toEqual(expect.arrayContaining(["a", "b", "c", "d"]));
  });
});

describe("the notes beside the segments", () => {
  test("of what the hub has, and of where alarms lie, cost nothing when they are no such notes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (value, isPlace) => {
        const place = { sequence: 1, order: 1, offset: 2 ** 40, length: 2 ** 40 };
        const disk = await diskOf(Buffer.concat([header, ...values.map((each) => encodeLine(true, each))]));
        const { log: before } = await start(disk);
        await before.append([draft("alarm", "later")]);
        await before.close();
        for (const file of ["acknowledged", `${name}.alarms`])
          await (await disk.open(file, "create")).write(0, encodeLine(true, isPlace ? [place] : value));
        const { log } = await start(disk);
        const { epoch } = log.status();
        const alarms = await log.read({ epoch, lane: "alarm", sequence: 1 }, 100);
        expect(alarms.map(({ data }) => data["text"])).toEqual(["a", "b", "c", "d", "later"]);
        expect((await log.append([draft("alarm", "after")])).records).toHaveLength(1);
      }),
    );
  });
});

test("a record that is not what its type says costs the memory itself only", async () => {
  const [first = {}, ...others] = values.filter(({ type }) => type === "texts.kept");
  expect(others).toEqual([]);
  const spoilt = { ...first, data: { texts: { length: -1 } } };
  const disk = await diskOf(
    Buffer.concat([header, ...values.map((each) => encodeLine(true, each === first ? spoilt : each))]),
  );
  const { log, memory, troubles } = await start(disk);
  await log.recall();
  expect(memory.texts).toEqual(["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"]);
  expect(troubles.map(({ code }) => code)).toEqual(["journal.misshapen"]);
});
