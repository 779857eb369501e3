// Logging in and out, users, passwords, sessions. Failures are recorded; the twenty-first login of an address within a minute
// is refused, and a name that is guessed at must wait.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import { refusal } from "../../edge/model/error.js";
import type { Person } from "../people/people.js";
import { mayManageUsers } from "../people/rights.js";
import { type Attempt, createThrottle } from "../people/throttle.js";
import { clearCookie, personOf, setCookie, tokenOf } from "./access.js";
import { found } from "./errors.js";
import type { Hub } from "./hub.js";
import * as shapes from "./shapes.js";
import type { SessionView, UserView } from "./views.js";

/** Logins per address and minute, good or bad. */
export const loginsPerMinuteMax = 20;
const rateLimit = { max: loginsPerMinuteMax, timeWindow: "1 minute" };

type LoginBody = Static<typeof shapes.loginBody>;

/** Nobody is logged in yet. */
export function addLoginRoute(app: FastifyInstance, hub: Hub): void {
  const { log, book } = hub;
  const door = createDoor(hub);
  /** Once per address and minute, or the record would be the flood. */
  const onExceeded = ({ ip }: FastifyRequest) => {
    book
      .act({ type: "login.throttled", lane: "state", subject: "hub", data: { address: ip } })
      .catch((error: unknown) => log.error({ err: error }, "a throttled login was not recorded"));
  };
  app.post<{ Body: LoginBody }>(
    "/sessions",
    {
      schema: { body: shapes.loginBody, response: { 201: shapes.session, 401: shapes.error, 429: shapes.error } },
      config: { rateLimit: { ...rateLimit, onExceeded: onceAMinute(onExceeded) } },
    },
    async (request, reply) => {
      const attempt = await door.admit(request, reply);
      const session = await login(hub, request.body);
      door.settle(attempt, session !== null);
      await audit(hub, request, session);
      if (session === null) throw refusal("api.login-refused", "/body", "");
      setCookie(request, reply, session);
      return reply.code(201).send(session);
    },
  );
}

function onceAMinute(tell: (request: FastifyRequest) => void): (request: FastifyRequest) => void {
  const told = new Set<string>();
  return (request) => {
    if (told.has(request.ip) || told.size >= 1000) return;
    told.add(request.ip);
    setTimeout(() => told.delete(request.ip), 60_000).unref();
    tell(request);
  };
}

/** Each name at its own pace; a one-time code has none. */
function createDoor({ people, book, clock }: Hub) {
  const throttle = createThrottle();
  return {
    async admit(request: FastifyRequest<{ Body: LoginBody }>, reply: FastifyReply): Promise<Attempt | null> {
      if ("code" in request.body) return null;
      const { user } = request.body;
      const token = tokenOf(request);
      const known = token === "" ? null : await people.who(token);
      const attempt = { user, address: request.ip, hasSession: known?.user === user };
      const { waitMs, isNews } = throttle.admit(attempt, clock.mono());
      if (waitMs === 0) return attempt;
      const data = { user, address: request.ip, waitMs: Math.ceil(waitMs) };
      if (isNews) await book.act({ type: "login.throttled", lane: "state", subject: user, data });
      const seconds = Math.ceil(waitMs / 1000);
      void reply.header("retry-after", seconds);
      throw refusal("api.login-slowed", "/body/user", `${seconds} s`);
    },
    settle(attempt: Attempt | null, isIn: boolean): void {
      if (attempt === null) return;
      if (isIn) throttle.succeeded(attempt);
      else throttle.failed(attempt, clock.mono());
    },
  };
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

export function addPeopleRoutes(app: FastifyInstance, hub: Hub): void {
  const { people, book } = hub;
  app.delete("/sessions", { schema: { response: { 204: {} } } }, async (request, reply) => {
    const { user } = await personOf(request, people);
    await people.logout(tokenOf(request));
    await book.act({ type: "login.ended", lane: "state", subject: user, data: { user, by: user } });
    clearCookie(request, reply);
    return reply.code(204).send();
  });
  app.post<{ Body: Static<typeof shapes.passwordBody> }>(
    "/users/me/password",
    { schema: { body: shapes.passwordBody, response: { 204: {}, 403: shapes.error } }, config: { rateLimit } },
    async (request, reply) => {
      const person = await personOf(request, people);
      const done = await people.setOwnPassword(tokenOf(request), person, request.body);
      const type = done ? "password.changed" : "password.refused";
      await book.act({ type, lane: "state", subject: person.user, data: { user: person.user } });
      if (!done) throw refusal("api.password-wrong", "/current", "");
      hub.stream.recheck();
      return reply.code(204).send();
    },
  );
  addUserRoutes(app, hub);
  addSessionRoutes(app, hub);
}

export async function administratorOf(request: FastifyRequest, { people }: Hub): Promise<Person> {
  const person = await personOf(request, people);
  if (!mayManageUsers(person.role)) throw refusal("api.forbidden", "/", person.role);
  return person;
}

function addUserRoutes(app: FastifyInstance, hub: Hub): void {
  const { people, book, stream } = hub;
  app.get(
    "/users",
    { schema: { response: { 200: shapes.items(shapes.user), ...shapes.refusals } } },
    async (request) => {
      await administratorOf(request, hub);
      return { items: await people.users() };
    },
  );
  app.post<{ Body: Static<typeof shapes.userBody> }>(
    "/users",
    { schema: { body: shapes.userBody, response: { 201: shapes.user, ...shapes.refusals } } },
    async (request, reply) => {
      const { user: by } = await administratorOf(request, hub);
      const { user, password, role } = request.body;
      await people.putUser(user, password, role);
      await book.act({ type: "user.changed", lane: "state", subject: user, data: { user, role, by } });
      stream.recheck();
      return reply.code(201).send(await userOf(hub, user));
    },
  );
  for (const verb of ["disable", "enable"] as const) {
    app.post<{ Params: { user: string } }>(
      `/users/:user/${verb}`,
      { schema: { params: shapes.userParameter, response: { 200: shapes.user, ...shapes.refusals } } },
      async (request) => {
        const { user: by } = await administratorOf(request, hub);
        const { user } = request.params;
        await people.setDisabled(user, verb === "disable");
        await book.act({ type: `user.${verb}d`, lane: "state", subject: user, data: { user, by } });
        stream.recheck();
        return userOf(hub, user);
      },
    );
  }
}

async function userOf({ people }: Hub, user: string): Promise<UserView> {
  const users = await people.users();
  return found(
    users.find((view) => view.user === user),
    user,
  );
}

function addSessionRoutes(app: FastifyInstance, hub: Hub): void {
  const { people, book, stream } = hub;
  app.get("/sessions", { schema: { response: { 200: shapes.items(shapes.sessionInfo) } } }, async (request) => {
    const { user, role } = await personOf(request, people);
    const all = await people.sessions();
    return { items: all.filter((session) => session.user === user || mayManageUsers(role)) };
  });
  app.delete<{ Params: { id: string } }>(
    "/sessions/:id",
    { schema: { params: shapes.idParameter, response: { 204: {}, ...shapes.refusals } } },
    async (request, reply) => {
      const { user: by, role } = await personOf(request, people);
      const { id } = request.params;
      const { user } = found(
        (await people.sessions()).find((session) => session.id === id),
        id,
      );
      if (user !== by && !mayManageUsers(role)) throw refusal("api.forbidden", "/", role);
      await people.endSession(id);
      await book.act({ type: "login.ended", lane: "state", subject: user, data: { user, by, session: id } });
      stream.recheck();
      return reply.code(204).send();
    },
  );
}
