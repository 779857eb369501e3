// The ledger in one SQLite file: write-ahead log with a full sync per transaction, so what was stored survives kill -9
// and power loss. The queries are Kysely's, so that PostgreSQL can serve the same port later.
import { closeSync, openSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";
import { Kysely, SqliteDialect, sql, type Transaction } from "kysely";
import type { Lane } from "../../edge/model/record.js";
import { laneKey } from "../../edge/record/verify.js";
import { readHistory } from "./history.js";
import { readLane, readNewest } from "./last-words.js";
import {
  asideCharsMax,
  type Batch,
  type EdgeHead,
  keyText,
  type Ledger,
  type LedgerRow,
  type RecordKey,
  type RecordQuery,
  type SetAside,
} from "./ledger.js";
import { peopleTables } from "./people-tables.js";
import { readRetirable } from "./retire.js";
import { columnsOf, rowColumns, toRow } from "./rows.js";
import { createTables, laterColumns, laterTables, schemaVersion, type Tables } from "./tables.js";

/** Rows per INSERT, well below SQLite's limit of 32766 bound values. */
const insertRowsMax = 500;
const busyTimeoutMs = 5000;

type Database = Kysely<Tables>;

/** Opens or creates the ledger at `path` (":memory:" for tests of other parts). Throws when the file is from a newer version. */
export function openLedger(path: string): Ledger {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openFile(path) }) });
  return {
    store: (batch) => db.transaction().execute((transaction) => storeBatch(transaction, batch)),
    heads: () => readHeads(db),
    hashes: (keys) => readHashes(db, keys),
    records: (query) => readRecords(db, query),
    rowsAt: (sequences) => readRowsAt(db, sequences),
    history: (query) => readHistory(db, query),
    newestOf: (query) => readNewest(db, query),
    laneRows: (query) => readLane(db, query),
    retirable: (order) => readRetirable(db, order),
    aside: (limit) => readAside(db, limit),
    ...peopleTables(db),
    close: () => db.destroy(),
  };
}

function openFile(path: string): SqliteDatabase.Database {
  // Password hashes lie in it; SQLite gives its side files the same mode.
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const file = new SqliteDatabase(path, { timeout: busyTimeoutMs });
  file.pragma("journal_mode = WAL");
  file.pragma("synchronous = FULL");
  const version = file.pragma("user_version", { simple: true });
  if (version === 0) {
    file.transaction(() => {
      file.exec(createTables);
      file.pragma(`user_version = ${schemaVersion}`);
    })();
  } else if (version !== schemaVersion) {
    file.close();
    throw new Error(`${path} has ledger version ${String(version)}, this program knows ${schemaVersion}`);
  }
  for (const { table, column, type } of laterColumns) {
    const names = file.pragma(`table_xinfo(${table})`) as readonly { name: string }[];
    if (!names.some(({ name }) => name === column)) file.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  }
  file.exec(laterTables);
  return file;
}

async function storeBatch(db: Transaction<Tables>, batch: Batch): Promise<readonly LedgerRow[]> {
  const stored: LedgerRow[] = [];
  for (let from = 0; from < batch.rows.length; from += insertRowsMax) {
    const part = batch.rows.slice(from, from + insertRowsMax);
    const written = await db
      .insertInto("records")
      .values(part.map(columnsOf))
      .returning(["row", "site", "edge", "epoch", "lane", "sequence"])
      .execute();
    const rows = new Map(written.map((row) => [keyText({ ...row, lane: row.lane as Lane }), row.row]));
    for (const row of part) {
      stored.push({ ...row, sequence: rows.get(keyText({ ...row.record, site: row.site, edge: row.edge })) ?? 0 });
    }
  }
  // One box may move the same lane twice in a batch; the last word counts.
  const heads = [...new Map(batch.heads.map((head) => [`${head.site}/${head.edge}/${laneKey(head)}`, head])).values()];
  for (let from = 0; from < heads.length; from += insertRowsMax) {
    await db
      .insertInto("heads")
      .values(heads.slice(from, from + insertRowsMax))
      .onConflict((conflict) =>
        conflict.columns(["site", "edge", "epoch", "lane"]).doUpdateSet(({ ref }) => ({
          sequence: ref("excluded.sequence"),
          hash: ref("excluded.hash"),
        })),
      )
      .execute();
  }
  for (const { storedAt, text, ...entry } of batch.aside) {
    const values = { ...entry, text: text.slice(0, asideCharsMax), stored_at: storedAt };
    await db
      .insertInto("aside")
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  if (batch.retire !== undefined) await db.deleteFrom("records").where("row", "in", batch.retire).execute();
  return stored;
}

async function readHeads(db: Database): Promise<readonly EdgeHead[]> {
  const rows = await db.selectFrom("heads").selectAll().execute();
  return rows.map((row) => ({ ...row, lane: row.lane as Lane }));
}

async function readHashes(db: Database, keys: readonly RecordKey[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const key of keys) {
    const { site, edge, epoch, lane, sequence } = key;
    const row = await db
      .selectFrom("records")
      .select("hash")
      .where((where) => where.and({ site, edge, epoch, lane, sequence }))
      .executeTakeFirst();
    if (row !== undefined) found.set(keyText(key), row.hash);
  }
  return found;
}

async function readRecords(db: Database, query: RecordQuery): Promise<readonly LedgerRow[]> {
  return (await selectRecords(db, query).execute()).map(toRow);
}

/** Apart, so that the plan by which it is answered can be looked at. */
export function selectRecords(db: Database, query: RecordQuery) {
  let select = db.selectFrom("records").select(rowColumns).where("row", ">", query.after);
  if (query.incident !== undefined) select = select.where("incident", "=", query.incident);
  if (query.type !== undefined) select = select.where("type", "=", query.type);
  // Written out, because a partial index serves no bound value.
  if (query.alarmsOnly === true) select = select.where(sql<boolean>`is_alarm = 1`);
  if (query.exceptTelemetry === true) select = select.where(sql<boolean>`lane <> 'telemetry'`);
  return select.orderBy("row").limit(query.limit);
}

async function readRowsAt(db: Database, sequences: readonly number[]): Promise<readonly LedgerRow[]> {
  if (sequences.length === 0) return [];
  const rows = await db.selectFrom("records").select(rowColumns).where("row", "in", sequences).orderBy("row").execute();
  return rows.map(toRow);
}

async function readAside(db: Database, limit: number): Promise<readonly SetAside[]> {
  const rows = await db.selectFrom("aside").selectAll().orderBy("stored_at", "desc").limit(limit).execute();
  return rows.map(({ stored_at, ...entry }) => ({ ...entry, storedAt: stored_at }));
}
