// Looks into the past of the ledger: newest first, by place, time, type or incident, page after page.
import { type Kysely, sql } from "kysely";
import type { HistoryPage, HistoryQuery } from "./ledger.js";
import { rowColumns, toRow } from "./rows.js";
import type { Tables } from "./tables.js";

/** Reads one page. Measurements are left out, of which there are many. */
export async function readHistory(db: Kysely<Tables>, query: HistoryQuery): Promise<HistoryPage> {
  const found = await selectHistory(db, query).execute();
  const last = found.at(-1);
  return {
    rows: found.map(toRow),
    before: found.length < query.limit || last === undefined ? null : { time: last.time, row: last.row },
  };
}

/** Apart, so that the plan by which it is answered can be looked at. */
export function selectHistory(db: Kysely<Tables>, query: HistoryQuery) {
  const { from, to, before, limit, ...equal } = query;
  let select = db
    .selectFrom("records")
    .select([...rowColumns, "time"])
    .where(sql<boolean>`lane <> 'telemetry'`);
  for (const column of ["site", "edge", "zone", "type", "incident"] as const) {
    const value = equal[column];
    if (value !== undefined) select = select.where(column, "=", value);
  }
  if (from !== undefined) select = select.where("time", ">=", from);
  if (to !== undefined) select = select.where("time", "<", to);
  if (before !== undefined)
    select = select.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("time", "row"), "<", tuple(before.time, before.row)),
    );
  return select.orderBy("time", "desc").orderBy("row", "desc").limit(limit);
}
