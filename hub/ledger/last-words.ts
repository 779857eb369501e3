// Reads the ledger backwards from the newest row of one box: its last words of a type, and a lane of one epoch.
import type { Kysely } from "kysely";
import type { LaneQuery, LedgerRow, NewestQuery } from "./ledger.js";
import { rowColumns, toRow } from "./rows.js";
import type { Tables } from "./tables.js";

/** The numbers first, from the index alone: rows of this kind are large. */
export async function readNewest(
  db: Kysely<Tables>,
  { site, edge, type, limit }: NewestQuery,
): Promise<readonly LedgerRow[]> {
  const found = await db
    .selectFrom("records")
    .select("row")
    .where((where) => where.and({ site, edge, type }))
    .orderBy("row", "desc")
    .limit(limit)
    .execute();
  if (found.length === 0) return [];
  const rows = found.map(({ row }) => row);
  const read = await db
    .selectFrom("records")
    .select(rowColumns)
    .where("row", "in", rows)
    .orderBy("row", "desc")
    .execute();
  return read.map(toRow);
}

export async function readLane(
  db: Kysely<Tables>,
  { site, edge, epoch, lane, before, limit }: LaneQuery,
): Promise<readonly LedgerRow[]> {
  const read = await db
    .selectFrom("records")
    .select(rowColumns)
    .where((where) => where.and({ site, edge, epoch, lane }))
    .where("sequence", "<", before)
    .orderBy("sequence", "desc")
    .limit(limit)
    .execute();
  return read.map(toRow);
}
