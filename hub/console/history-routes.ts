// The past over HTTP: newest first, by place, time, type and incident, page after page.
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { refusal } from "../../edge/model/error.js";
import type { HistoryPlace, HistoryQuery } from "../ledger/ledger.js";
import type { Hub } from "./hub.js";
import { record } from "./shapes.js";
import { id, orNull, strict, time } from "./terms.js";

const pageMax = 1000;
const pageDefault = 100;

const cursor = (description: string) =>
  Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z~\\d{1,15}$", description });
const historyQuery = Type.Object(
  {
    site: Type.Optional(id),
    edge: Type.Optional(id),
    zone: Type.Optional(id),
    type: Type.Optional(id),
    incident: Type.Optional(id),
    from: Type.Optional(time),
    to: Type.Optional(time),
    before: Type.Optional(cursor("Where the page before ended, as it said.")),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: pageDefault })),
  },
  strict,
);
const historyPage = Type.Object({
  items: Type.Array(record),
  before: orNull(cursor("Where the next page begins; null at the end.")),
});

export function addHistoryRoutes(app: FastifyInstance, { ledger }: Hub): void {
  app.get<{ Querystring: Static<typeof historyQuery> }>(
    "/history",
    { schema: { querystring: historyQuery, response: { 200: historyPage } } },
    async ({ query }) => {
      const { rows, before } = await ledger.history(queryOf(query));
      return { items: rows, before: before && `${before.time}~${before.row}` };
    },
  );
}

/** Times are brought into the one form in which records bear theirs. */
function queryOf({ from, to, before, limit = pageDefault, ...equal }: Static<typeof historyQuery>): HistoryQuery {
  return {
    ...equal,
    ...(from !== undefined && { from: momentOf("from", from) }),
    ...(to !== undefined && { to: momentOf("to", to) }),
    ...(before !== undefined && { before: placeOf(before) }),
    limit,
  };
}

/** A leap second has the form of a time, but our clocks do not know it. */
function momentOf(name: string, text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw refusal("api.invalid-body", `/querystring/${name}`, text);
  return new Date(ms).toISOString();
}

function placeOf(text: string): HistoryPlace {
  const [time = "", row] = text.split("~");
  return { time, row: Number(row) };
}
