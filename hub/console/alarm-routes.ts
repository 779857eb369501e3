// Alarms over HTTP: the list, the durable feed of their changes, how well people can follow them, and every act. One caller of hub/alarm/acts.ts.
import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Static, TSchema } from "typebox";
import type { AlarmAct } from "../alarm/acts.js";
import type { AlarmChange } from "../alarm/record.js";
import { personOf } from "./access.js";
import * as shapes from "./alarm-shapes.js";
import { found } from "./errors.js";
import type { Hub } from "./hub.js";
import { error, idParameter, items } from "./shapes.js";

/** An act by its path; what it needs besides stands in the body. */
const acts: readonly { readonly path: string; readonly body?: TSchema; readonly act: (body: unknown) => AlarmAct }[] = [
  ...(["acknowledge", "silence", "reset", "unshelve", "return-to-service"] as const).map((kind) => ({
    path: kind,
    act: () => ({ kind }),
  })),
  ...(["shelve", "take-out-of-service"] as const).map((kind) => ({
    path: kind,
    body: shapes.asideBody,
    act: (body: unknown) => ({ kind, ...(body as Static<typeof shapes.asideBody>) }),
  })),
];

export function addAlarmRoutes(app: FastifyInstance, hub: Hub): void {
  const { alarms, measures, stream, clock } = hub;
  app.get<{ Querystring: Static<typeof shapes.alarmQuery> }>(
    "/alarms",
    { schema: { querystring: shapes.alarmQuery, response: { 200: items(shapes.alarm) } } },
    ({ query: { state, limit } }) => {
      const wanted = alarms
        .list()
        .filter(
          (alarm) => state === undefined || alarm.state === state || (state === "active" && alarm.state !== "closed"),
        );
      return { items: wanted.slice(0, limit) };
    },
  );
  app.get<{ Params: { id: string } }>(
    "/alarms/:id",
    { schema: { params: idParameter, response: { 200: shapes.alarm, 404: error } } },
    ({ params: { id } }) => found(alarms.get(id), id),
  );
  app.get("/alarm-measures", { schema: { response: { 200: shapes.measures } } }, () =>
    measures.read(alarms.open(), stream.operators(), clock.now().wall),
  );
  app.get<{ Querystring: Static<typeof shapes.changeQuery> }>(
    "/alarm-changes",
    { schema: { querystring: shapes.changeQuery, response: { 200: shapes.changes } } },
    ({ query: { after = 0, limit = 100 } }, { raw }) => readChanges(hub, { after, limit, reader: raw }),
  );
  for (const { path, body, act } of acts) {
    const response = { 200: shapes.alarm, 400: error, 403: error, 404: error, 409: error };
    app.post<{ Params: { id: string } }>(
      `/alarms/:id/${path}`,
      { schema: { params: idParameter, ...(body && { body }), response } },
      (request) => perform(hub, request, act(request.body)),
    );
  }
}

async function perform(
  { people, acts: desk }: Hub,
  request: FastifyRequest<{ Params: { id: string } }>,
  act: AlarmAct,
) {
  const person = await personOf(request, people);
  return desk.perform({ ...person, outlet: "http" }, request.params.id, act);
}

interface ChangeReading {
  readonly after: number;
  readonly limit: number;
  readonly reader: ServerResponse;
}

/** What there is after the cursor, without waiting; `head` says whether there is more. Ends with its reader, whom the server's end cuts off. */
async function readChanges({ feed }: Pick<Hub, "feed">, { after, limit, reader }: ChangeReading) {
  const head = feed.head();
  const read: AlarmChange[] = [];
  const reading = new AbortController();
  const end = () => reading.abort();
  reader.once("close", end);
  try {
    if (after < head && !reader.destroyed) {
      for await (const change of feed.changes(after, reading.signal)) {
        read.push(change);
        if (read.length >= limit || change.sequence >= head) break;
      }
    }
  } finally {
    reader.off("close", end);
  }
  return { head, items: read };
}
