// Finds the rows whose time is over, but for those that the present still stands on.
import type { ExpressionBuilder, Kysely } from "kysely";
import type { JournalRecord, Lane } from "../../edge/model/record.js";
import type { Kept, Retirable, RetireOrder } from "./ledger.js";
import type { Tables } from "./tables.js";

/** Looks at the next rows in order; gives what may go. */
export async function readRetirable(db: Kysely<Tables>, order: RetireOrder): Promise<Retirable> {
  const next = await db
    .selectFrom("records")
    .select(["row", "type", "incident", "json", "stored_at"])
    .where("row", ">", order.after)
    .orderBy("row")
    .limit(order.limit)
    .execute();
  const looked = next.filter(({ stored_at }) => stored_at < order.storedBefore);
  const last = next.at(-1)?.row;
  // Rows stand in the order in which they were stored, so behind a stretch without an old one there is none.
  if (last === undefined || looked.length === 0) return { rows: [], gone: [], after: null };
  const stays = keeper(order.keep);
  const old = looked.filter((row) => !stays(row)).map(({ row }) => row);
  const gone = await db
    .selectFrom("records")
    .select(["row", "site", "edge", "epoch", "lane", "sequence"])
    .where("row", "in", old)
    .where((eb) => eb.not(hasStandingWord(eb, order.keep.words)))
    .execute();
  return { rows: gone.map(({ row }) => row), gone: rangesOf(gone), after: next.length < order.limit ? null : last };
}

/**
 * Whether it is the last word on its subject, or of the same incident as one: without the end of its incident the word would say
 * what is long over.
 */
function hasStandingWord(eb: ExpressionBuilder<Tables, "records">, words: readonly string[]) {
  return eb.exists(
    eb
      .selectFrom("records as word")
      .select("word.row")
      .where(({ or, eb: is, ref }) =>
        or([is("word.row", "=", ref("records.row")), is("word.incident", "=", ref("records.incident"))]),
      )
      .where("word.type", "in", words)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom("records as later")
              .select("later.row")
              .whereRef("later.site", "=", "word.site")
              .whereRef("later.edge", "=", "word.edge")
              .whereRef("later.type", "=", "word.type")
              .whereRef("later.subject", "=", "word.subject")
              .whereRef("later.row", ">", "word.row"),
          ),
        ),
      ),
  );
}

interface Looked {
  readonly row: number;
  readonly type: string;
  readonly incident: string | null;
  readonly json: string;
}

function keeper(keep: Kept): (row: Looked) => boolean {
  const rows = new Set(keep.rows);
  const incidents = new Set(keep.incidents);
  const alarms = new Set(keep.alarms);
  const isAct = ({ type, json }: Looked) =>
    type.startsWith("alarm.") && alarms.has(String((JSON.parse(json) as JournalRecord).data["target"]));
  return (row) => rows.has(row.row) || (row.incident !== null && incidents.has(row.incident)) || isAct(row);
}

interface Gone {
  readonly site: string;
  readonly edge: string;
  readonly epoch: string;
  readonly lane: string;
  readonly sequence: number;
}

function rangesOf(gone: readonly Gone[]): Retirable["gone"] {
  const ranges = new Map<string, Retirable["gone"][number]>();
  for (const { site, edge, epoch, lane, sequence } of gone) {
    const key = `${site}/${edge}/${epoch}/${lane}`;
    const known = ranges.get(key) ?? {
      site,
      edge,
      epoch,
      lane: lane as Lane,
      first: sequence,
      last: sequence,
      count: 0,
    };
    const first = Math.min(known.first, sequence);
    ranges.set(key, { ...known, first, last: Math.max(known.last, sequence), count: known.count + 1 });
  }
  return [...ranges.values()];
}
