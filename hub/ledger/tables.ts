// The ledger's tables: as types for the queries and as SQL for the first start.
import type { ColumnType, Generated } from "kysely";

export interface Tables {
  records: {
    /** The ledger's own number of the record, never used twice. */
    row: Generated<number>;
    stored_at: string;
    site: string;
    edge: string;
    epoch: string;
    lane: string;
    sequence: number;
    hash: string;
    type: string;
    subject: string;
    incident: string | null;
    is_alarm: number;
    time: string;
    /** The zone that it speaks of; the database reads it out of the record. */
    zone: ColumnType<string | null, never, never>;
    json: string;
    age_ms: number | null;
  };
  heads: { site: string; edge: string; epoch: string; lane: string; sequence: number; hash: string };
  aside: { site: string; edge: string; hash: string; code: string; detail: string; text: string; stored_at: string };
  users: { name: string; role: string; password: string; disabled: Generated<number> };
  sessions: { hash: string; user: string; role: string; expires_at: string; kind: string; opened_at: string };
}

export const schemaVersion = 1;

/** Columns that came later; without them an older program goes on reading and writing the same file. */
export const laterColumns = [
  { table: "records", column: "age_ms", type: "INTEGER" },
  {
    table: "records",
    column: "zone",
    type: "TEXT GENERATED ALWAYS AS (json_extract(json, '$.data.zone')) VIRTUAL",
  },
  { table: "users", column: "disabled", type: "INTEGER NOT NULL DEFAULT 0" },
  { table: "sessions", column: "kind", type: "TEXT NOT NULL DEFAULT 'token'" },
  { table: "sessions", column: "opened_at", type: "TEXT NOT NULL DEFAULT ''" },
] as const;

/**
 * Tables and indexes that came later, for the same reason. The past is read in the order of an index, so that a page costs the
 * same however long the past is.
 */
export const laterTables = `
  CREATE INDEX IF NOT EXISTS records_time ON records (time, row) WHERE lane <> 'telemetry';
  CREATE INDEX IF NOT EXISTS records_site ON records (site, edge, time, row) WHERE lane <> 'telemetry';
  CREATE INDEX IF NOT EXISTS records_zone ON records (zone, site, time, row)
    WHERE lane <> 'telemetry' AND zone IS NOT NULL;
  CREATE INDEX IF NOT EXISTS records_site_time ON records (site, time, row) WHERE lane <> 'telemetry';
  CREATE INDEX IF NOT EXISTS records_zone_time ON records (zone, time, row) WHERE lane <> 'telemetry' AND zone IS NOT NULL;
  CREATE INDEX IF NOT EXISTS records_type_time ON records (type, time, row) WHERE lane <> 'telemetry';
  CREATE INDEX IF NOT EXISTS records_word ON records (site, edge, type, subject, row);
`;

export const createTables = `
  CREATE TABLE records (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    stored_at TEXT NOT NULL, site TEXT NOT NULL, edge TEXT NOT NULL,
    epoch TEXT NOT NULL, lane TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL,
    type TEXT NOT NULL, subject TEXT NOT NULL, incident TEXT, is_alarm INTEGER NOT NULL,
    time TEXT NOT NULL, json TEXT NOT NULL, age_ms INTEGER,
    UNIQUE (site, edge, epoch, lane, sequence));
  CREATE INDEX records_incident ON records (incident, row) WHERE incident IS NOT NULL;
  CREATE INDEX records_type ON records (type, row);
  CREATE INDEX records_alarm ON records (row) WHERE is_alarm = 1;
  CREATE INDEX records_shown ON records (row) WHERE lane <> 'telemetry';
  CREATE TABLE heads (
    site TEXT NOT NULL, edge TEXT NOT NULL, epoch TEXT NOT NULL, lane TEXT NOT NULL,
    sequence INTEGER NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (site, edge, epoch, lane));
  CREATE TABLE aside (
    site TEXT NOT NULL, edge TEXT NOT NULL, hash TEXT NOT NULL, code TEXT NOT NULL,
    detail TEXT NOT NULL, text TEXT NOT NULL, stored_at TEXT NOT NULL,
    PRIMARY KEY (site, edge, hash));
  CREATE TABLE users (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL);
  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY, user TEXT NOT NULL, role TEXT NOT NULL, expires_at TEXT NOT NULL);
`;
