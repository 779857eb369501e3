// Logging in and out with name and PIN. A page gets a cookie that its scripts cannot read, a program a bearer token.
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { strict } from "../../../config/schema/request-terms.js";
import { refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import { fromOf, isFromPage, markDevice, personOf, secretOf, setCookie, whoAsks } from "../access.js";
import type { Desk } from "../desk.js";
import type { Who } from "../people/login.js";
import { peopleLimits } from "../people/people.js";
import { pinLimits } from "../people/pin.js";
import { sessionLimits } from "../people/sessions.js";

export const credentials = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: peopleLimits.nameCharacters }),
    pin: Type.String({ minLength: 1, maxLength: pinLimits.digitsMax }),
  },
  strict,
);

export interface SessionView {
  readonly name: string;
  readonly roles: Who["roles"];
  readonly idleMs: number;
  readonly lengthMs: number;
  /** For programs only. */
  readonly token?: string;
}

export function addSessionRoutes(app: FastifyInstance, desk: Desk): void {
  app.post<{ Body: Static<typeof credentials> }>(
    "/api/v1/sessions",
    { config: { access: "open" }, schema: { body: credentials } },
    async (request, reply) => {
      const { name, pin } = request.body;
      const outcome = await desk.login(name, pin, fromOf(request, desk));
      if (!outcome.ok) throw refusal(outcome.code, "/body", "");
      const secret = desk.sessions.open(outcome.who);
      setCookie(request, reply, secret, sessionLimits.lengthMs / 1000);
      markDevice(request, reply, desk, name);
      return reply.code(201).send({ ...viewOf(outcome.who), ...(isFromPage(request) ? {} : { token: secret }) });
    },
  );
  app.get("/api/v1/sessions/present", { config: { access: "person" } }, async (request) =>
    viewOf(personOf(request, desk)),
  );
  app.delete("/api/v1/sessions/present", async (request, reply) => {
    const who = desk.sessions.end(secretOf(request));
    if (who !== null) desk.record(fact("login.ended", who.name, { user: who.name, by: who.name }));
    setCookie(request, reply, "", 0);
    return reply.code(204).send();
  });
  // What the login page must know before anybody is logged in.
  app.get("/api/v1/entrance", { config: { access: "open" } }, async (request) => ({
    person: presentOf(whoAsks(request, desk)),
    hasPeople: desk.people().length > 0,
    isLoopback: desk.isLoopback,
  }));
}

function presentOf(who: Who | null): SessionView | null {
  return who === null ? null : viewOf(who);
}

function viewOf({ name, roles }: Who): SessionView {
  return { name, roles, idleMs: sessionLimits.idleMs, lengthMs: sessionLimits.lengthMs };
}
