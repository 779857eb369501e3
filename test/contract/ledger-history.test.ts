// What every ledger must do with its past: find it by place, time, type and incident, and let go of what is old, run on each implementation.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { type CompiledQuery, Kysely, SqliteDialect } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { headerHash } from "../../edge/record/hash.js";
import { createProjections } from "../../hub/console/projections.js";
import { selectHistory } from "../../hub/ledger/history.js";
import type { HistoryQuery, Kept, Ledger, LedgerRow } from "../../hub/ledger/ledger.js";
import { openLedger, selectRecords } from "../../hub/ledger/sqlite.js";
import { createTables, type Tables } from "../../hub/ledger/tables.js";
import { breachData, createJournal, inventory, noon, rowsOf } from "../hub/box.js";

const implementations = [{ name: "SQLite file", open: (folder: string) => openLedger(join(folder, "ledger.sqlite")) }];
const iso = (ms: number) => new Date(noon + ms).toISOString();
const keepNothing: Kept = { words: [], incidents: [], alarms: [], rows: [] };

describe.each(implementations)("the past of a $name", ({ open }) => {
  let folder: string;
  let ledger: Ledger;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "portcullis-history-"));
    ledger = open(folder);
  });
  afterEach(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A minute apart: breaches of north and south in turn at two boxes, an arming after each pair, and a measurement. */
  async function fill(count: number): Promise<readonly LedgerRow[]> {
    const boxes = ["gatehouse", "annex"].map((edge) => ({ edge, journal: createJournal("compound", edge) }));
    for (let made = 0; made < count; made += 1) {
      const ms = made * 60_000;
      const { journal } = boxes[made % 2] ?? boxes[0] ?? { journal: createJournal("compound", "gatehouse") };
      const zone = made % 4 < 2 ? "north" : "south";
      journal.add("zone.breached", { ...breachData(`i${made}`, ms), zone }, { ms, subject: zone });
      journal.add("area.armed", { area: "fence", by: "wang" }, { ms, subject: "fence" });
      journal.add("health.sampled", { load: 1 }, { ms });
    }
    const rows = boxes.flatMap(({ edge, journal }) =>
      journal.records.map((record) => ({
        storedAt: record.time,
        site: "compound",
        edge,
        hash: headerHash(record),
        record,
      })),
    );
    return ledger.store({ rows, heads: [], aside: [] });
  }

  async function all(query: Omit<HistoryQuery, "limit">, limit = 7): Promise<readonly LedgerRow[]> {
    const rows: LedgerRow[] = [];
    for (let before: HistoryQuery["before"]; ; ) {
      const page = await ledger.history({ ...query, limit, ...(before !== undefined && { before }) });
      rows.push(...page.rows);
      if (page.before === null) return rows;
      before = page.before;
    }
  }

  it.each<{ name: string; query: Omit<HistoryQuery, "limit">; wanted: (row: LedgerRow) => boolean }>([
    { name: "everything but measurements", query: {}, wanted: () => true },
    { name: "a site", query: { site: "compound" }, wanted: () => true },
    { name: "a site that is not there", query: { site: "elsewhere" }, wanted: () => false },
    { name: "a box", query: { site: "compound", edge: "annex" }, wanted: ({ edge }) => edge === "annex" },
    { name: "a zone", query: { zone: "south" }, wanted: ({ record }) => record.data["zone"] === "south" },
    { name: "a type", query: { type: "area.armed" }, wanted: ({ record }) => record.type === "area.armed" },
    { name: "an incident", query: { incident: "i5" }, wanted: ({ record }) => record.data["incident"] === "i5" },
    {
      name: "a span of time",
      query: { from: iso(600_000), to: iso(1_200_000) },
      wanted: ({ record }) => record.time >= iso(600_000) && record.time < iso(1_200_000),
    },
    {
      name: "all of it together",
      query: { site: "compound", edge: "gatehouse", zone: "north", type: "zone.breached", from: iso(300_000) },
      wanted: ({ edge, record }) =>
        edge === "gatehouse" && record.data["zone"] === "north" && record.time >= iso(300_000),
    },
  ])("is found by $name, newest first and page after page without a gap", async ({ query, wanted }) => {
    const stored = await fill(24);
    const expected = stored
      .filter((row) => row.record.lane !== "telemetry" && wanted(row))
      .sort((a, b) => b.record.time.localeCompare(a.record.time) || b.sequence - a.sequence);
    expect((await all(query)).map(({ sequence }) => sequence)).toEqual(expected.map(({ sequence }) => sequence));
  });

  it("goes when it is old, measurements included, and says what went", async () => {
    await fill(10);
    const order = { storedBefore: iso(5 * 60_000), limit: 1000, after: 0, keep: keepNothing };
    const { rows: retire, gone, after } = await ledger.retirable(order);
    await ledger.store({ rows: [], heads: [], aside: [], retire });
    expect(after).toBeNull();
    expect(gone.map(({ edge, lane, count }) => `${edge} ${lane} ${count}`).sort()).toEqual([
      "annex alarm 2",
      "annex state 2",
      "annex telemetry 2",
      "gatehouse alarm 3",
      "gatehouse state 3",
      "gatehouse telemetry 3",
    ]);
    const left = await ledger.records({ after: 0, limit: 100 });
    expect(left).toHaveLength(15);
    expect(left.every(({ storedAt }) => storedAt >= order.storedBefore)).toBe(true);
  });

  it("goes in turns, each beginning where the one before ended", async () => {
    await fill(10);
    let turns = 0;
    for (let after: number | null = 0; after !== null; turns += 1) {
      const order = { storedBefore: iso(3_600_000), limit: 7, after, keep: keepNothing };
      const found: Awaited<ReturnType<Ledger["retirable"]>> = await ledger.retirable(order);
      await ledger.store({ rows: [], heads: [], aside: [], retire: found.rows });
      after = found.after;
    }
    expect(turns).toBe(5);
    expect(await ledger.records({ after: 0, limit: 100 })).toEqual([]);
  });

  it("stays as far as the present stands on it", async () => {
    const stored = await fill(8);
    const [first] = stored;
    if (first === undefined) throw new Error("no row");
    const keep = { words: ["area.armed", "zone.breached"], incidents: ["i2"], alarms: [], rows: [first.sequence] };
    const { rows: retire } = await ledger.retirable({ storedBefore: iso(3_600_000), limit: 1000, after: 0, keep });
    await ledger.store({ rows: [], heads: [], aside: [], retire });
    const left = (await ledger.records({ after: 0, limit: 100 })).map(
      ({ edge, record }) => `${edge} ${record.type} ${record.subject} ${record.data["incident"] ?? ""}`,
    );
    expect(left.sort()).toEqual(
      [
        // The row that was named, the incident that was named, and the last word on each subject of each box.
        "gatehouse zone.breached north i0",
        "gatehouse zone.breached south i2",
        "gatehouse zone.breached north i4",
        "gatehouse zone.breached south i6",
        "annex zone.breached north i5",
        "annex zone.breached south i7",
        "gatehouse area.armed fence ",
        "annex area.armed fence ",
      ].sort(),
    );
  });

  it("keeps the incident of a last word, so that its end is not forgotten before it", async () => {
    const box = { site: "compound", edge: "gatehouse" };
    const journal = createJournal(box.site, box.edge);
    const close = (incident: string) => journal.add("incident.closed", { incident, by: "wang" }, { subject: incident });
    for (const incident of ["i1", "i2"]) {
      journal.add("zone.breached", breachData(incident, 1), { subject: "north" });
      close(incident);
    }
    const rows = journal.records.map((record) => ({ storedAt: record.time, ...box, hash: "h", record }));
    await ledger.store({ rows, heads: [], aside: [] });
    const keep = { ...keepNothing, words: ["zone.breached"] };
    const { rows: retire } = await ledger.retirable({ storedBefore: iso(3_600_000), limit: 10, after: 0, keep });
    await ledger.store({ rows: [], heads: [], aside: [], retire });
    const left = await ledger.records({ after: 0, limit: 100 });
    expect(left.map(({ record }) => [record.type, record.data["incident"]])).toEqual([
      ["zone.breached", "i2"],
      ["incident.closed", "i2"],
    ]);
    const shown = createProjections();
    const applied = createJournal("compound", "gatehouse").add("config.applied", { revision: 1, inventory });
    for (const row of [...rowsOf("compound", "gatehouse", [applied]), ...left]) shown.apply(row);
    expect(shown.zones()).toContainEqual(expect.objectContaining({ id: "north", state: "normal" }));
  });

  it("keeps the acts on an alarm that is open", async () => {
    const journal = createJournal("", "hub");
    for (const target of ["1", "2"]) journal.add("alarm.acknowledged", { target, by: "wang" }, { lane: "alarm" });
    const rows = journal.records.map((record) => ({ storedAt: record.time, site: "", edge: "hub", hash: "h", record }));
    await ledger.store({ rows, heads: [], aside: [] });
    const keep = { ...keepNothing, alarms: ["2"] };
    const found = await ledger.retirable({ storedBefore: iso(3_600_000), limit: 10, after: 0, keep });
    expect(found.gone).toMatchObject([{ first: 1, last: 1, count: 1 }]);
  });
});

describe("the plan of a SQLite ledger", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-plan-"));
  const path = join(folder, "ledger.sqlite");
  let file: SqliteDatabase.Database;
  let db: Kysely<Tables>;
  beforeAll(async () => {
    await openLedger(path).close();
    file = new SqliteDatabase(path);
    db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  });
  afterAll(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const planOf = ({ sql, parameters }: CompiledQuery) =>
    (file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[]).map(({ detail }) => detail);

  const span = { from: iso(0), to: iso(60_000) };
  const place = { site: "compound", edge: "gatehouse" };
  it.each<Omit<HistoryQuery, "limit">>([
    {},
    span,
    { before: { time: iso(0), row: 7 } },
    { site: "compound" },
    { site: "compound", ...span },
    place,
    { ...place, ...span, before: { time: iso(0), row: 7 } },
    { zone: "north" },
    { zone: "north", site: "compound" },
    { zone: "north", ...place },
    { type: "zone.breached" },
    { type: "zone.breached", ...place, ...span },
  ])("finds the history of %j in the order of an index, so that a page costs the same at any size", (query) => {
    const plan = planOf(selectHistory(db, { ...query, limit: 100 }).compile());
    expect(plan.filter((step) => !/USING (COVERING )?INDEX records_/.test(step))).toEqual([]);
  });

  it("finds an incident by its index, and sorts only its rows", () => {
    const plan = planOf(selectHistory(db, { incident: "i1", limit: 100 }).compile());
    expect(plan[0]).toContain("USING INDEX records_incident");
  });

  it.each([{}, { incident: "i1" }, { type: "zone.breached" }, { alarmsOnly: true }, { exceptTelemetry: true }])(
    "reads records of %j in order of their number without a sort",
    (query) => {
      const plan = planOf(selectRecords(db, { after: 7, limit: 100, ...query }).compile());
      expect(plan).toEqual([expect.stringMatching(/^SEARCH records USING (INDEX records_|INTEGER PRIMARY KEY)/)]);
    },
  );
});

it("looks for old rows no further than the first stretch that has none", async () => {
  const ledger = openLedger(":memory:");
  const journal = createJournal("compound", "gatehouse");
  for (let made = 0; made < 9; made += 1) journal.add("health.sampled", { load: 1 });
  const rows = journal.records.map((record, index) => ({
    storedAt: iso(index * 1000),
    site: "compound",
    edge: "gatehouse",
    hash: "h",
    record,
  }));
  await ledger.store({ rows, heads: [], aside: [] });
  const look = (after: number) => ledger.retirable({ storedBefore: iso(2000), limit: 3, after, keep: keepNothing });
  expect(await look(0)).toMatchObject({ rows: [1, 2], after: 3 });
  expect(await look(3)).toEqual({ rows: [], gone: [], after: null });
  await ledger.close();
});

it("a ledger of the first version finds its old rows by zone once it was opened", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-old-ledger-"));
  const path = join(folder, "ledger.sqlite");
  const old = new SqliteDatabase(path);
  old.exec(createTables);
  old.pragma("user_version = 1");
  const record = createJournal("compound", "gatehouse").add("zone.breached", breachData("i1", 1));
  const columns = "stored_at, site, edge, epoch, lane, sequence, hash, type, subject, incident, is_alarm, time, json";
  const values = [
    record.time,
    "compound",
    "gatehouse",
    record.epoch,
    record.lane,
    1,
    "h",
    record.type,
    "gatehouse",
    "i1",
    1,
    record.time,
    JSON.stringify(record),
  ];
  old.prepare(`INSERT INTO records (${columns}) VALUES (${values.map(() => "?").join(", ")})`).run(...values);
  old.close();
  const ledger = openLedger(path);
  expect((await ledger.history({ zone: "north", limit: 10 })).rows.map(({ record: { id } }) => id)).toEqual([
    record.id,
  ]);
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});
