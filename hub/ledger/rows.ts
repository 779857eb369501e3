// A ledger's row as columns and back; what queries look for stands in columns of its own.
import type { Insertable } from "kysely";
import type { JournalRecord } from "../../edge/model/record.js";
import type { LedgerRow, NewRow } from "./ledger.js";
import type { Tables } from "./tables.js";

export function columnsOf(row: NewRow): Insertable<Tables["records"]> {
  const { record } = row;
  return {
    stored_at: row.storedAt,
    site: row.site,
    edge: row.edge,
    epoch: record.epoch,
    lane: record.lane,
    sequence: record.sequence,
    hash: row.hash,
    type: record.type,
    subject: record.subject,
    incident: incidentOf(record),
    is_alarm: "alarm" in record.data ? 1 : 0,
    time: record.time,
    json: JSON.stringify(record),
    age_ms: row.ageMs ?? null,
  };
}

/** The incident that a record speaks of, wherever its type names it. Boxes of any version write here, so nothing is taken on trust. */
function incidentOf(record: JournalRecord): string | null {
  const { incident, step } = record.data as {
    incident?: { id?: unknown } | null;
    step?: { incident?: unknown } | null;
  };
  const named = [incident, incident?.id, step?.incident].find((candidate) => typeof candidate === "string");
  return typeof named === "string" ? named : null;
}

export const rowColumns = ["row", "stored_at", "site", "edge", "hash", "json", "age_ms"] as const;
type RowColumns = Pick<Tables["records"], "stored_at" | "site" | "edge" | "hash" | "json" | "age_ms"> & { row: number };

export function toRow(columns: RowColumns): LedgerRow {
  const { row, stored_at, site, edge, hash, json, age_ms } = columns;
  const record = JSON.parse(json) as JournalRecord;
  return { sequence: row, storedAt: stored_at, site, edge, hash, record, ...(age_ms !== null && { ageMs: age_ms }) };
}
