// What persons may order: something from a box or a whole site, and their consent to another's request.
import type { FastifyInstance } from "fastify";
import type { Static } from "typebox";
import { personOf } from "./access.js";
import { found } from "./errors.js";
import type { Hub } from "./hub.js";
import { commandOf } from "./list-routes.js";
import * as shapes from "./shapes.js";

export function addActRoutes(app: FastifyInstance, hub: Hub): void {
  const { orders, people, siteOrders } = hub;
  app.post<{ Body: Static<typeof shapes.commandBody> }>(
    "/commands",
    { schema: { body: shapes.commandBody, response: { 201: shapes.command, ...shapes.refusals } } },
    async (request, reply) => {
      const view = await orders.request(await personOf(request, people), request.body);
      return reply.code(201).send(view);
    },
  );
  app.post<{ Params: { site: string }; Body: Static<typeof shapes.siteOrderBody> }>(
    "/sites/:site/commands",
    {
      schema: {
        params: shapes.siteParameter,
        body: shapes.siteOrderBody,
        response: { 201: shapes.siteOrder, ...shapes.refusals },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      const view = await siteOrders.request(await personOf(request, people), { site, ...request.body });
      return reply.code(201).send(view);
    },
  );
  app.get<{ Params: { id: string } }>(
    "/site-commands/:id",
    { schema: { params: shapes.idParameter, response: { 200: shapes.siteOrder, 404: shapes.error } } },
    ({ params: { id } }) => found(siteOrders.get(id), id),
  );
  addApprovalRoutes(app, hub);
}

/** A command that waits is an approval with the same id, so it may be decided under either name. */
function addApprovalRoutes(app: FastifyInstance, hub: Hub): void {
  const { approvals, people } = hub;
  for (const decision of ["approve", "refuse"] as const) {
    app.post<{ Params: { id: string } }>(
      `/approvals/:id/${decision}`,
      { schema: { params: shapes.idParameter, response: { 200: shapes.approval, ...shapes.refusals } } },
      async (request) => approvals[decision](await personOf(request, people), request.params.id),
    );
    app.post<{ Params: { id: string } }>(
      `/commands/:id/${decision}`,
      { schema: { params: shapes.idParameter, response: { 200: shapes.command, ...shapes.refusals } } },
      async (request) => {
        const { id } = request.params;
        const person = await personOf(request, people);
        commandOf(hub, id);
        await approvals[decision](person, id);
        return commandOf(hub, id);
      },
    );
  }
}
