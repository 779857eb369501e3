// `portcullis journal` on a folder into which somebody has written lines that are no records.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readKept } from "../../edge/journal/inspect.js";
import { frameText } from "../../edge/journal/line.js";
import { openLog } from "../../edge/journal/log.js";
import { openDisk } from "../../edge/machine/disk.js";
import { openerOf } from "../../edge/record/seal.js";
import { portcullis } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";
import { draft, journalOptions, manualMachine, noMemory } from "../support/journal.js";

const folder = testFolder();
const journal = join(folder, "journal");
let size = 0;

test("a segment that a running box lets go while the journal is read is left out", async () => {
  const other = testFolder();
  const setup = { machine: manualMachine(), memory: noMemory, durable: true, onTrouble: () => undefined };
  const log = await openLog({ ...setup, disk: await openDisk(other), options: journalOptions });
  for (let at = 0; at < 12; at += 1) await log.append([draft("alarm", "x".repeat(8000))], true);
  await log.close();
  const segments = readdirSync(other).filter((name) => name.endsWith(".seg"));
  expect(segments.length).toBeGreaterThan(3);
  const names: string[] = [];
  for await (const { id } of readKept(other, openerOf(null))) {
    if (names.push(id) === 1) renameSync(join(other, segments[1] ?? ""), join(other, `${segments[1]}.quota`));
  }
  expect(names.length).toBeGreaterThan(6);
  expect(names.length).toBeLessThan(12);
});

describe("a journal with lines that are whole and no records", () => {
  beforeAll(async () => {
    mkdirSync(journal);
    const setup = { machine: manualMachine(), memory: noMemory, durable: true, onTrouble: () => undefined };
    const log = await openLog({ ...setup, disk: await openDisk(journal), options: journalOptions });
    await log.append([draft("alarm", "a"), draft("state", "b")], true);
    await log.close();
    const [segment = ""] = readdirSync(journal).filter((name) => name.endsWith(".seg"));
    size = readFileSync(join(journal, segment)).length;
    const deep = `{"data":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    for (const text of ["null", deep, "no JSON"]) appendFileSync(join(journal, segment), frameText(true, text));
  });

  test("is named in both languages by verify, which ends with code 1", async () => {
    const { code, err } = await portcullis("journal", "verify", folder);
    expect(code).toBe(1);
    expect(err.match(/^journal\.\w+/gm)).toEqual(["journal.misshapen", "journal.oversize", "journal.unreadable"]);
    expect(err).toContain(`at byte ${size}  /: null`);
    expect(err).toContain("已隔离并原样保留");
    expect(err).not.toContain("    at ");
  });

  test("is counted by stat, which names the faults", async () => {
    const { code, out, err } = await portcullis("journal", "stat", folder);
    expect([code, out.split("\n")[0]]).toEqual([0, expect.stringMatching(/^2 records .* 3 faults 异常$/)]);
    expect(err).toContain("journal.oversize");
    const { out: json } = await portcullis("journal", "stat", "--json", folder);
    expect(JSON.parse(json)).toMatchObject({ records: 2, faults: 3 });
  });

  test.each([[], ["--csv"]])(
    "is exported as far as it is records, with code 1 and the places named: %s",
    async (...how) => {
      const { code, out, err } = await portcullis("journal", "export", ...how, folder);
      expect(code).toBe(1);
      expect(out.trim().split("\n")).toHaveLength(how.length === 0 ? 2 : 3);
      expect(err.match(/^journal\.\w+/gm)).toHaveLength(3);
    },
  );
});
