// What persons may do: acknowledge an alarm, order something from a box, agree to another's order.
import type { FastifyInstance } from "fastify";
import type { Static } from "typebox";
import { acknowledgedType } from "../alarm/alarms.js";
import type { Person } from "../people/people.js";
import { mayAct } from "../people/rights.js";
import { personOf } from "./access.js";
import { refusal } from "./errors.js";
import type { Hub } from "./hub.js";
import * as shapes from "./shapes.js";
import type { AlarmView } from "./views.js";

export function addActRoutes(app: FastifyInstance, hub: Hub): void {
  const { orders, people } = hub;
  app.post<{ Params: { id: string } }>(
    "/alarms/:id/acknowledge",
    { schema: { params: shapes.idParameter, response: { 200: shapes.alarm, 404: shapes.error } } },
    async (request) => acknowledge(hub, await personOf(request, people), request.params.id),
  );
  app.post<{ Body: Static<typeof shapes.commandBody> }>(
    "/commands",
    { schema: { body: shapes.commandBody, response: { 201: shapes.command } } },
    async (request, reply) => {
      const view = await orders.request(await personOf(request, people), request.body);
      return reply.code(201).send(view);
    },
  );
  app.post<{ Params: { id: string } }>(
    "/commands/:id/approve",
    { schema: { params: shapes.idParameter, response: { 200: shapes.command, 403: shapes.error, 404: shapes.error } } },
    async (request) => orders.approve(await personOf(request, people), request.params.id),
  );
}

/** Durable before it is answered; then the box is told. Doing it twice changes nothing. */
async function acknowledge(hub: Hub, { user, role }: Person, id: string): Promise<AlarmView> {
  if (!mayAct(role, "acknowledge")) throw refusal("api.forbidden", "/", role);
  const alarm = hub.alarms.get(id);
  if (alarm === undefined) throw refusal("api.not-found", "/params/id", id);
  const { site, edge, incident, state } = alarm;
  if (state === "acknowledged" || state === "closed") return alarm;
  const data = { acknowledged: id, by: user, site, edge, ...(incident !== null && { incident }) };
  await hub.book.act({ type: acknowledgedType, lane: "alarm", subject: edge, data });
  if (incident !== null) hub.tellAcknowledged(site, edge, incident, user);
  return hub.alarms.get(id) ?? alarm;
}
