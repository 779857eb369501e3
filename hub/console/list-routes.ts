// What there is to read besides alarms: incidents, areas, zones, barriers, boxes, duties, work orders, commands, approvals, records and the live stream.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Static, TSchema } from "typebox";
import { refusal } from "../../edge/model/error.js";
import { guardRoles } from "../people/rights.js";
import { isPage, personOf, tokenOf } from "./access.js";
import { found } from "./errors.js";
import type { Hub } from "./hub.js";
import { incidentFrom, timelineOf } from "./incidents.js";
import * as shapes from "./shapes.js";
import * as views from "./view-shapes.js";
import type { CommandView, IncidentView } from "./views.js";

/** Records of one incident that its timeline shows. */
const timelineMax = 5000;

type Limit = Static<typeof shapes.limitQuery>;

export function addListRoutes(app: FastifyInstance, hub: Hub): void {
  const { projections, ledger } = hub;
  const list = <T>(path: string, shape: TSchema, read: () => readonly T[]) =>
    app.get<{ Querystring: Limit }>(path, answers(shapes.limitQuery, shapes.items(shape)), ({ query }) => ({
      items: read().slice(0, query.limit),
    }));
  list("/areas", views.area, projections.areas);
  list("/zones", views.zone, projections.zones);
  list("/barriers", views.barrier, projections.barriers);
  list("/edges", views.edge, projections.edges);
  list("/duties", views.duty, projections.duties);
  list("/work-orders", views.workOrder, projections.workOrders);
  list("/commands", shapes.command, projections.commands);

  addHeadsRoute(app, hub);
  app.get<{ Querystring: Static<typeof shapes.approvalQuery> }>(
    "/approvals",
    answers(shapes.approvalQuery, shapes.items(shapes.approval)),
    ({ query: { state, limit } }) => {
      const wanted = projections.approvals().filter((approval) => state === undefined || approval.state === state);
      return { items: wanted.slice(0, limit) };
    },
  );
  app.get<{ Querystring: Static<typeof shapes.incidentQuery> }>(
    "/incidents",
    answers(shapes.incidentQuery, shapes.items(shapes.incident)),
    ({ query: { state, limit } }) => {
      const wanted = projections.incidents().filter((incident) => state === undefined || incident.state === state);
      return { items: wanted.slice(0, limit) };
    },
  );
  app.get<{ Params: { id: string } }>("/incidents/:id", one(shapes.incident), ({ params }) =>
    readIncident(hub, params.id),
  );
  app.get<{ Params: { id: string } }>("/commands/:id", one(shapes.command), ({ params }) => commandOf(hub, params.id));
  app.get<{ Querystring: Static<typeof shapes.recordQuery> }>(
    "/records",
    answers(shapes.recordQuery, shapes.items(shapes.record)),
    async ({ query: { after = 0, limit = 0, incident, type } }) => ({
      items: await ledger.records({ after, limit, ...(incident && { incident }), ...(type && { type }) }),
    }),
  );
  app.get("/stream", { schema: { produces: ["text/event-stream"] } }, (request, reply) =>
    openStream(hub, request, reply),
  );
}

/** Where a box's chains end here: a journal that is shorter, or another, was cut or copied. */
function addHeadsRoute(app: FastifyInstance, { book }: Hub): void {
  app.get<{ Params: Static<typeof shapes.boxParameters> }>(
    "/edges/:site/:edge/heads",
    { schema: { params: shapes.boxParameters, response: { 200: shapes.boxHeads, 404: shapes.error } } },
    ({ params: { site, edge } }) => {
      const heads = book.headsOf(site, edge);
      if (heads.length === 0) throw refusal("api.not-found", "/params/edge", `${site}/${edge}`);
      return { site, edge, heads };
    },
  );
}

function answers(querystring: TSchema, answer: TSchema) {
  return { schema: { querystring, response: { 200: answer } } };
}

function one(answer: TSchema) {
  return { schema: { params: shapes.idParameter, response: { 200: answer, 404: shapes.error } } };
}

export function commandOf({ projections }: Hub, id: string): CommandView {
  const command = projections.commands().find((candidate) => candidate.id === id);
  return found(command, id);
}

async function readIncident({ projections, ledger }: Hub, id: string): Promise<IncidentView> {
  const rows = await ledger.records({ after: 0, limit: timelineMax, incident: id });
  const shown = projections.incidents().find((candidate) => candidate.id === id);
  const incident = found(shown ?? incidentFrom(rows, projections.inventoryOf), id);
  return { ...incident, timeline: timelineOf(incident, rows) };
}

async function openStream(
  { stream, people }: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const last = Number(request.headers["last-event-id"]);
  const { user, role } = await personOf(request, people);
  const isWelcome = async () => (await people.who(tokenOf(request))) !== null;
  const operator = isPage(request) && guardRoles.includes(role) ? user : null;
  const since = request.headers["last-event-id"] === undefined ? null : Number.isSafeInteger(last) ? last : 0;
  if (!stream.open(reply.raw, since, { isWelcome, operator })) throw refusal("api.throttled", "/", "");
  return reply.hijack();
}

/** All that may be done before there is a password. */
const withoutPassword = ["/api/v1/users/me/password", "/api/v1/sessions"];

/** Everything below needs a person, and the first person a password. */
export function demandPerson(app: FastifyInstance, { people }: Hub): void {
  app.addHook("onRequest", async (request) => {
    const { url = "" } = request.routeOptions;
    const person = await personOf(request, people);
    if (people.lacksPassword(person) && (request.method === "GET" || !withoutPassword.includes(url)))
      throw refusal("api.password-missing", url, "");
  });
}
