// Logging in and out, users and passwords. Failures are recorded, and the twenty-first login within a minute is refused.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import { mayManageUsers } from "../people/rights.js";
import { clearCookie, personOf, setCookie, tokenOf } from "./access.js";
import { refusal } from "./errors.js";
import type { Hub } from "./hub.js";
import * as shapes from "./shapes.js";
import type { SessionView } from "./views.js";

/** Logins per address and minute, good or bad. */
export const loginsPerMinuteMax = 20;

type LoginBody = Static<typeof shapes.loginBody>;

/** The one route that nobody needs to be logged in for. */
export function addLoginRoute(app: FastifyInstance, hub: Hub): void {
  app.post<{ Body: LoginBody }>(
    "/sessions",
    {
      schema: { body: shapes.loginBody, response: { 201: shapes.session, 401: shapes.error, 429: shapes.error } },
      config: { rateLimit: { max: loginsPerMinuteMax, timeWindow: "1 minute" } },
    },
    async (request, reply) => {
      const session = await login(hub, request.body);
      await audit(hub, request, session);
      if (session === null) throw refusal("api.unauthenticated", "/body", "");
      setCookie(request, reply, session);
      return reply.code(201).send(session);
    },
  );
}

function login({ people }: Hub, body: LoginBody): Promise<SessionView | null> {
  return "code" in body ? people.loginOnce(body.code) : people.login(body.user, body.password);
}

/** Who came in, and who tried to. */
async function audit({ book }: Hub, request: FastifyRequest<{ Body: LoginBody }>, session: SessionView | null) {
  const user = session?.user ?? ("user" in request.body ? request.body.user : "");
  const type = session === null ? "login.refused" : "login.accepted";
  await book.act({ type, lane: "state", subject: user, data: { user, address: request.ip } });
}

export function addPeopleRoutes(app: FastifyInstance, { people, book }: Hub): void {
  app.delete("/sessions", { schema: { response: { 204: {} } } }, async (request, reply) => {
    await people.logout(tokenOf(request));
    clearCookie(request, reply);
    return reply.code(204).send();
  });
  app.post<{ Body: Static<typeof shapes.userBody> }>(
    "/users",
    { schema: { body: shapes.userBody, response: { 201: shapes.user, 403: shapes.error } } },
    async (request, reply) => {
      const person = await personOf(request, people);
      if (!mayManageUsers(person.role)) throw refusal("api.forbidden", "/", person.role);
      const { user, password, role } = request.body;
      await people.putUser(user, password, role);
      await book.act({ type: "user.changed", lane: "state", subject: user, data: { user, role, by: person.user } });
      return reply.code(201).send({ user, role });
    },
  );
  app.post<{ Body: Static<typeof shapes.passwordBody> }>(
    "/users/me/password",
    { schema: { body: shapes.passwordBody, response: { 204: {}, 403: shapes.error } } },
    async (request, reply) => {
      const person = await personOf(request, people);
      const done = await people.setOwnPassword(tokenOf(request), person, request.body.password);
      if (!done) throw refusal("api.forbidden", "/", "no account");
      await book.act({ type: "password.changed", lane: "state", subject: person.user, data: { user: person.user } });
      return reply.code(204).send();
    },
  );
}
