// What every ledger must do, run on each implementation.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import type { LaneHead } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { verifyChain } from "../../edge/record/verify.js";
import { openBook } from "../../hub/ledger/book.js";
import { type Batch, keyText, type Ledger, type LedgerRow, type NewRow } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { createTables } from "../../hub/ledger/tables.js";
import { breachData, createJournal } from "../hub/box.js";

const storedAt = "2026-06-01T12:00:05.000Z";
const nothing: Batch = { rows: [], heads: [], aside: [] };

function journalRows(count: number, edge = "gatehouse"): NewRow[] {
  const journal = createJournal("compound", edge);
  for (let made = 0; made < count; made += 1) {
    if (made % 2 === 0) journal.add("zone.breached", breachData(`i${made}`, made));
    else journal.add("area.armed", { area: "fence", by: "wang" });
  }
  return journal.records.map((record) => ({ storedAt, site: "compound", edge, hash: headerHash(record), record }));
}

const implementations = [{ name: "SQLite file", open: (folder: string) => openLedger(join(folder, "ledger.sqlite")) }];

describe.each(implementations)("$name", ({ open }) => {
  let folder: string;
  let ledger: Ledger;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "portcullis-ledger-"));
    ledger = open(folder);
  });
  afterEach(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const reopen = async () => {
    await ledger.close();
    ledger = open(folder);
  };

  it("numbers rows in the order given and finds them again after a restart", async () => {
    const rows = journalRows(1200);
    const stored = await ledger.store({ ...nothing, rows });
    expect(stored.map(({ record }) => record.id)).toEqual(rows.map(({ record }) => record.id));
    expect(stored.every(({ sequence }, index) => index === 0 || sequence > (stored[index - 1]?.sequence ?? 0))).toBe(
      true,
    );
    await reopen();
    const read = await ledger.records({ after: 0, limit: 2000 });
    expect(read).toEqual(stored);
  });

  it("keeps how old a record was when it came", async () => {
    const [first, second] = journalRows(2);
    if (first === undefined || second === undefined) throw new Error("no rows");
    await ledger.store({ ...nothing, rows: [{ ...first, ageMs: 86_400_000 }, second] });
    const [old, fresh] = await ledger.records({ after: 0, limit: 2 });
    expect([old?.ageMs, fresh?.ageMs]).toEqual([86_400_000, undefined]);
  });

  it("refuses a batch as a whole when one record of it is there already", async () => {
    const [first, second, third] = journalRows(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error("no rows");
    await ledger.store({ ...nothing, rows: [first] });
    await expect(ledger.store({ ...nothing, rows: [second, third, first] })).rejects.toThrow();
    expect(await ledger.records({ after: 0, limit: 10 })).toHaveLength(1);
  });

  it("keeps one head per box, epoch and lane", async () => {
    const head: LaneHead = { epoch: "e", lane: "alarm", sequence: 1, hash: "a" };
    const box = { site: "compound", edge: "gatehouse" };
    await ledger.store({ ...nothing, heads: [{ ...box, ...head }] });
    await ledger.store({ ...nothing, heads: [{ ...box, ...head, sequence: 2, hash: "b" }] });
    await ledger.store({ ...nothing, heads: [{ ...box, ...head, edge: "annex" }] });
    await reopen();
    expect(await ledger.heads()).toEqual([
      { ...box, ...head, sequence: 2, hash: "b" },
      { ...box, ...head, edge: "annex" },
    ]);
  });

  it("finds rows by incident, type, alarm mark and sequence", async () => {
    const stored = await ledger.store({ ...nothing, rows: journalRows(6) });
    const read = async (query: object) =>
      (await ledger.records({ after: 0, limit: 10, ...query })).map(({ record }) => record.id);
    const ids = (test: (row: LedgerRow) => boolean) => stored.filter(test).map(({ record }) => record.id);
    expect(await read({ incident: "i2" })).toEqual(ids(({ record }) => record.data["incident"] === "i2"));
    expect(await read({ type: "area.armed" })).toEqual(ids(({ record }) => record.type === "area.armed"));
    expect(await read({ alarmsOnly: true })).toEqual(ids(({ record }) => "alarm" in record.data));
    expect(await read({ after: stored[3]?.sequence })).toEqual(stored.slice(4).map(({ record }) => record.id));
    const wanted = stored.slice(1, 3);
    expect(await ledger.rowsAt(wanted.map(({ sequence }) => sequence))).toEqual(wanted);
  });

  it("leaves out measurements where they are not wanted", async () => {
    const journal = createJournal("compound", "gatehouse");
    journal.add("health.sampled", { load: 1 });
    journal.add("area.armed", { area: "fence", by: "wang" });
    const rows = journal.records.map((record) => ({
      storedAt,
      site: "compound",
      edge: "gatehouse",
      hash: "h",
      record,
    }));
    await ledger.store({ ...nothing, rows });
    const read = await ledger.records({ after: 0, limit: 10, exceptTelemetry: true });
    expect(read.map(({ record }) => record.type)).toEqual(["area.armed"]);
  });

  it("knows the hash of what it has, and of nothing else", async () => {
    const rows = journalRows(2);
    await ledger.store({ ...nothing, rows: rows.slice(0, 1) });
    const keys = rows.map(({ site, edge, record: { epoch, lane, sequence } }) => ({
      site,
      edge,
      epoch,
      lane,
      sequence,
    }));
    const [stored] = keys;
    if (stored === undefined) throw new Error("no key");
    expect([...(await ledger.hashes(keys))]).toEqual([[keyText(stored), rows[0]?.hash]]);
  });

  it("survives data of any shape where it looks for an incident", async () => {
    const journal = createJournal("compound", "gatehouse");
    const odd = [
      { incident: null },
      { incident: 7 },
      { incident: { id: {} } },
      { step: { incident: [] } },
      { step: null },
    ];
    for (const data of odd) journal.add("unheard.of", data);
    const rows = journal.records.map((record) => ({
      storedAt,
      site: "compound",
      edge: "gatehouse",
      hash: "h",
      record,
    }));
    expect(await ledger.store({ ...nothing, rows })).toHaveLength(odd.length);
  });

  it("keeps what was refused once, and cuts it at its limit", async () => {
    const entry = { site: "compound", edge: "gatehouse", hash: "h", code: "c", detail: "d", storedAt };
    const aside = [{ ...entry, text: "x".repeat(100_000) }];
    await ledger.store({ ...nothing, aside });
    await ledger.store({ ...nothing, aside });
    expect((await ledger.aside(10)).map(({ text }) => text.length)).toEqual([65_536]);
  });

  it("forgets sessions that are over and those of a user, but one", async () => {
    const opened = { kind: "login", openedAt: storedAt, expiresAt: "2026-06-02T00:00:00.000Z" } as const;
    const session = { user: "wang", role: "operator", ...opened } as const;
    await ledger.putSession({ ...session, hash: "mine" });
    await ledger.putSession({ ...session, hash: "other" });
    await ledger.putSession({ ...session, user: "li", hash: "old", expiresAt: "2026-05-31T00:00:00.000Z" });
    await ledger.putSession({ ...session, user: "li", hash: "present" });
    await ledger.endSessionsOf("wang", "mine", storedAt);
    const known = await Promise.all(["mine", "other", "old", "present"].map((hash) => ledger.session(hash)));
    expect(known.map((found) => found?.hash)).toEqual(["mine", undefined, undefined, "present"]);
  });

  it("keeps users and whether they are disabled", async () => {
    const user = { name: "wang", role: "operator", password: "scrypt$a$b", disabled: false } as const;
    await ledger.putUser(user);
    await ledger.putUser({ ...user, disabled: true });
    expect(await ledger.users()).toEqual([{ ...user, disabled: true }]);
    expect(await ledger.user("wang")).toEqual({ ...user, disabled: true });
  });

  it("is readable for its owner only", () => {
    expect(statSync(join(folder, "ledger.sqlite")).mode & 0o077).toBe(0);
  });

  it("chains the hub's own acts over a restart, in the order in which they were told", async () => {
    const told: number[] = [];
    const open = () =>
      openBook({ ledger, clock: createClock(), stored: (rows) => told.push(...rows.map(({ sequence }) => sequence)) });
    const act = (type: string) => ({ type, lane: "alarm" as const, subject: "x", data: { type } });
    const book = await open();
    await Promise.all([book.act(act("a.b"), act("c.d")), book.act(act("e.f"))]);
    await reopen();
    await (await open()).act(act("g.h"));
    const rows = await ledger.records({ after: 0, limit: 10 });
    expect(rows.map(({ record }) => record.type)).toEqual(["a.b", "c.d", "e.f", "g.h"]);
    expect(verifyChain(rows.map(({ record }) => record))).toBeNull();
    expect(told).toEqual(rows.map(({ sequence }) => sequence));
  });

  it("goes on after a turn that failed", async () => {
    const book = await openBook({ ledger, clock: createClock(), stored: () => undefined });
    const failing = book.write(() => Promise.reject(new Error("disk full")));
    const next = book.act({ type: "a.b", lane: "state", subject: "x", data: {} });
    await expect(failing).rejects.toThrow("disk full");
    expect(await next).toHaveLength(1);
  });
});

describe("a SQLite ledger of an older hub", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-ledger-"));
  const path = join(folder, "ledger.sqlite");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("goes on with its people, tokens and records", async () => {
    const old = new SqliteDatabase(path);
    old.exec(createTables);
    old.exec(`INSERT INTO users VALUES ('wang', 'operator', 'scrypt$a$b');
      INSERT INTO sessions VALUES ('h', 'wang', 'operator', '2099-01-01T00:00:00.000Z');`);
    old.pragma("user_version = 1");
    old.close();
    for (let opened = 0; opened < 2; opened += 1) {
      const ledger = openLedger(path);
      expect(await ledger.user("wang")).toMatchObject({ role: "operator", disabled: false });
      expect(await ledger.session("h")).toMatchObject({ user: "wang", kind: "token", openedAt: "" });
      await ledger.close();
    }
  });

  it("is refused when it is from a newer hub", () => {
    const newer = new SqliteDatabase(path);
    newer.pragma("user_version = 99");
    newer.close();
    expect(() => openLedger(path)).toThrow("version 99");
  });
});
