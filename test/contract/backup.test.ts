// A hub's backup while it is written, and back: nothing that was there at its moment is missing, a damaged one changes nothing.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PortcullisError } from "../../edge/model/error.js";
import { headerHash } from "../../edge/record/hash.js";
import { sequenceGap } from "../../hub/ledger/backup.js";
import type { Ledger } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { makeBackup, restoreBackup } from "../../scripts/hub-backup.js";
import { createJournal } from "../hub/box.js";

let folder: string;
let data: string;
let ledger: Ledger;
let journal: ReturnType<typeof createJournal>;
const madeAt = "2026-06-01T12:00:00.000Z";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-backup-"));
  data = join(folder, "data");
  mkdirSync(join(data, "pki"), { recursive: true });
  mkdirSync(join(data, "outlets"));
  writeFileSync(join(data, "pki", "ca.key"), "secret", { mode: 0o600 });
  writeFileSync(join(data, "outlets", "dc09-a.json"), "{}");
  ledger = openLedger(join(data, "ledger.sqlite"));
  journal = createJournal("compound", "gatehouse");
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

async function store(count: number) {
  const rows = Array.from({ length: count }, () => {
    const record = journal.add("area.armed", { area: "fence", by: "wang" });
    return { storedAt: record.time, site: "compound", edge: "gatehouse", hash: headerHash(record), record };
  });
  return ledger.store({ rows, heads: [{ site: "compound", edge: "gatehouse", ...journal.head("state") }], aside: [] });
}

it("holds one moment of a ledger that goes on, and comes back with its heads, keys and modes", async () => {
  const before = await store(50);
  const out = join(folder, "backup");
  const { files } = await makeBackup(data, out, madeAt);
  expect(Object.keys(files)).toEqual(["ledger.sqlite", "outlets/dc09-a.json", "pki/ca.key"]);
  await store(5);
  const target = join(folder, "restored");
  expect(restoreBackup(out, target)).toEqual({ madeAt, records: 50 });
  expect(readFileSync(join(target, "pki", "ca.key"), "utf8")).toBe("secret");
  for (const file of ["pki/ca.key", "ledger.sqlite"]) expect(statSync(join(target, file)).mode & 0o077).toBe(0);
  const restored = openLedger(join(target, "ledger.sqlite"));
  expect(await restored.records({ after: 0, limit: 100 })).toEqual(before);
  expect(await restored.heads()).toMatchObject([{ lane: "state", sequence: 50 }]);
  await restored.close();
});

it("brings the keys and the trust of the alarms' server, and the login at an existing broker", async () => {
  const own = join("opcua", "alarms", "own");
  mkdirSync(join(data, own), { recursive: true });
  writeFileSync(join(data, own, "key.pem"), "secret", { mode: 0o600 });
  writeFileSync(join(data, "existing-broker.json"), '{"password":"secret"}', { mode: 0o600 });
  await store(1);
  const [out, target] = [join(folder, "backup"), join(folder, "restored")];
  await makeBackup(data, out, madeAt);
  restoreBackup(out, target);
  for (const file of [join(own, "key.pem"), "existing-broker.json"]) {
    expect(readFileSync(join(target, file), "utf8")).toContain("secret");
    expect(statSync(join(target, file)).mode & 0o077).toBe(0);
  }
});

it("holds no file that was half written at its moment", async () => {
  await store(1);
  for (const file of ["outlets/dc09-a.json.new", "pki/ca.key.new"]) writeFileSync(join(data, file), "{");
  const { files } = await makeBackup(data, join(folder, "backup"), madeAt);
  expect(Object.keys(files)).toEqual(["ledger.sqlite", "outlets/dc09-a.json", "pki/ca.key"]);
});

it("is made and put back also where the folders' names end in a slash", async () => {
  await store(1);
  const out = join(folder, "backup");
  await makeBackup(`${data}/`, `${out}/`, madeAt);
  expect(existsSync(join(out, "backup.json"))).toBe(true);
  const target = join(folder, "restored");
  mkdirSync(target);
  expect(restoreBackup(`${out}/`, `${target}/`)).toEqual({ madeAt, records: 1 });
  expect(existsSync(join(target, "ledger.sqlite"))).toBe(true);
});

it("gives no number a second time that a control room has seen with another record", async () => {
  const before = await store(3);
  const out = join(folder, "backup");
  await makeBackup(data, out, madeAt);
  const lost = await store(2);
  const target = join(folder, "restored");
  restoreBackup(out, target);
  await ledger.close();
  ledger = openLedger(join(target, "ledger.sqlite"));
  const [next] = await store(1);
  expect(next?.sequence).toBeGreaterThan((lost.at(-1)?.sequence ?? 0) + sequenceGap / 2);
  expect(before.at(-1)?.sequence).toBeLessThan(next?.sequence ?? 0);
});

it.each([
  {
    name: "a changed file",
    spoil: (out: string) => appendFileSync(join(out, "pki", "ca.key"), "x"),
    code: "backup.damaged",
  },
  { name: "a missing file", spoil: (out: string) => rmSync(join(out, "pki", "ca.key")), code: "backup.damaged" },
  { name: "no list", spoil: (out: string) => rmSync(join(out, "backup.json")), code: "backup.unusable" },
  {
    name: "a torn list",
    spoil: (out: string) => writeFileSync(join(out, "backup.json"), "{"),
    code: "backup.unusable",
  },
])("is refused whole with a code: $name", async ({ spoil, code }) => {
  await store(1);
  const out = join(folder, "backup");
  await makeBackup(data, out, madeAt);
  spoil(out);
  const target = join(folder, "restored");
  expect(codeOf(() => restoreBackup(out, target))).toBe(code);
  expect(existsSync(target)).toBe(false);
});

it("never writes over anything", async () => {
  await store(1);
  const out = join(folder, "backup");
  await makeBackup(data, out, madeAt);
  await expect(makeBackup(data, out, madeAt)).rejects.toThrow(PortcullisError);
  expect(codeOf(() => restoreBackup(out, data))).toBe("backup.unusable");
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    return error instanceof PortcullisError ? error.trouble.code : String(error);
  }
}
