// Certificates of boxes over HTTP: one-time codes by which an administrator lets a named box in, the box's own request,
// and taking a certificate's force at once.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { requestLengthMax } from "../../config/signing-requests.js";
import { refusal } from "../../edge/model/error.js";
import type { Replacement } from "../../edge/model/replacement.js";
import { boxMemory } from "../box-memory.js";
import { found } from "./errors.js";
import type { Hub } from "./hub.js";
import { administratorOf } from "./people-routes.js";
import { boxParameters, error, idParameter, items, refusals } from "./shapes.js";
import { id, orNull, place, strict, time, words } from "./terms.js";

/** Requests per address and minute, good or bad. */
export const enrolmentsPerMinuteMax = 20;

const boxBody = Type.Object(
  {
    site: id,
    edge: id,
    replaces: Type.Optional(
      Type.Boolean({ description: "For a spare box; once it is used the certificates before it lose their force." }),
    ),
  },
  strict,
);
const code = Type.Object({
  id: Type.String(),
  ...place,
  by: Type.String(),
  expiresAt: time,
  replaces: Type.Boolean(),
});
const codeOnce = Type.Object({
  ...code.properties,
  code: Type.String({ description: "Shown this once." }),
  fingerprint: Type.String({ description: "SHA-256 of the hub's authority, for --fingerprint." }),
  kept: orNull(
    Type.Object(
      {
        revision: orNull(Type.Integer({ description: "Of the configuration; null: give the file by --config." })),
        hasBook: Type.Boolean(),
        hasInventory: Type.Boolean(),
        hasState: Type.Boolean(),
        lastAt: orNull(time),
      },
      { description: "For a spare box: what the hub can give back to it." },
    ),
  ),
});
const enrolmentBody = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64 }),
    request: Type.String({
      minLength: 1,
      maxLength: requestLengthMax,
      description: "PKCS #10, PEM, key of the curve P-256.",
    }),
    name: Type.Optional(
      Type.String({
        maxLength: 127,
        description: "{site}.{edge} that the box takes itself for; a code for another box is refused and not used up.",
      }),
    ),
  },
  strict,
);
const enrolment = Type.Object({
  name: Type.String({ description: "{site}.{edge}, as the code says; a name in the request is not read." }),
  certificate: Type.String(),
  ca: Type.String(),
  expiresAt: time,
});
const replacement = Type.Object({
  ...enrolment.properties,
  replacement: Type.Unsafe<Replacement>({
    type: "object",
    additionalProperties: true,
    description: "What the hub knows of the box: configuration, book, whole state, the facts after it, heads, time.",
  }),
});
const certificate = Type.Object({
  name: Type.String(),
  serial: Type.String(),
  via: words(["enrolment", "renewal", "met"]),
  since: time,
  by: Type.String(),
  expiresAt: orNull(time),
  revoked: orNull(Type.Object({ at: time, by: Type.String(), reason: Type.String() })),
  connected: Type.Boolean(),
});
const revokeBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, strict);

/** Nobody is logged in on a new box: the code stands for the administrator who gave it. */
export function addEnrolmentRoute(app: FastifyInstance, { certificates, ledger, book, clock }: Hub): void {
  app.post<{ Body: Static<typeof enrolmentBody> }>(
    "/replacements",
    {
      schema: { body: enrolmentBody, response: { 201: replacement, 403: error, 409: error, 429: error } },
      config: { rateLimit: { max: enrolmentsPerMinuteMax, timeWindow: "1 minute" } },
    },
    async (request, reply) => {
      const { replaced, ...enrolled } = await certificates.replace(request.body, request.ip);
      const memory = await boxMemory(boxOf(enrolled.name), { ledger, book });
      const { wall, clock: trust } = clock.now();
      const hubAt = trust === "never-set" ? null : wall;
      return reply.code(201).send({ ...enrolled, replacement: { ...memory, replaced, hubAt } });
    },
  );
  app.post<{ Body: Static<typeof enrolmentBody> }>(
    "/enrolments",
    {
      schema: { body: enrolmentBody, response: { 201: enrolment, 403: error, 409: error, 429: error } },
      config: { rateLimit: { max: enrolmentsPerMinuteMax, timeWindow: "1 minute" } },
    },
    async (request, reply) => reply.code(201).send(await certificates.enrol(request.body, request.ip)),
  );
}

export function addCertificateRoutes(app: FastifyInstance, hub: Hub): void {
  const { certificates } = hub;
  addCodeRoutes(app, hub);
  app.get("/certificates", { schema: { response: { 200: items(certificate), ...refusals } } }, async (request) => {
    await administratorOf(request, hub);
    return { items: certificates.list() };
  });
  app.post<{ Params: Static<typeof boxParameters>; Body: Static<typeof revokeBody> }>(
    "/edges/:site/:edge/revoke",
    { schema: { params: boxParameters, body: revokeBody, response: { 200: items(certificate), ...refusals } } },
    async (request) => {
      const { user } = await administratorOf(request, hub);
      const name = `${request.params.site}.${request.params.edge}`;
      // Also one that the configuration names no more.
      if (!certificates.list().some((each) => each.name === name)) listed(hub, request.params, "/params");
      await certificates.revoke(name, user, request.body.reason);
      return { items: certificates.list().filter((each) => each.name === name) };
    },
  );
}

function addCodeRoutes(app: FastifyInstance, hub: Hub): void {
  const { certificates } = hub;
  app.get("/enrolment-codes", { schema: { response: { 200: items(code), ...refusals } } }, async (request) => {
    await administratorOf(request, hub);
    return { items: certificates.codes().map(viewOf) };
  });
  app.post<{ Body: Static<typeof boxBody> }>(
    "/enrolment-codes",
    { schema: { body: boxBody, response: { 201: codeOnce, ...refusals } } },
    async (request: FastifyRequest<{ Body: Static<typeof boxBody> }>, reply) => {
      const { user } = await administratorOf(request, hub);
      const { replaces = false, ...box } = request.body;
      const fingerprint = certificates.fingerprint();
      const { code: spoken, entry } = await certificates.makeCode(listed(hub, box, "/body"), user, replaces);
      const kept = replaces ? await keptOf(box, hub) : null;
      return reply.code(201).send({ ...viewOf(entry), code: spoken, fingerprint, kept });
    },
  );
  app.delete<{ Params: { id: string } }>(
    "/enrolment-codes/:id",
    { schema: { params: idParameter, response: { 204: {}, ...refusals } } },
    async (request, reply) => {
      const { user } = await administratorOf(request, hub);
      found((await certificates.withdrawCode(request.params.id, user)) || undefined, request.params.id);
      return reply.code(204).send();
    },
  );
}

/** The name in the certificate of a box that the configuration lets in. */
function listed({ certificates }: Hub, { site, edge }: Static<typeof boxParameters>, at: string): string {
  const name = `${site}.${edge}`;
  if (!certificates.isListed(name)) throw refusal("command.unknown-target", at, name);
  return name;
}

function viewOf({ id: own, name, by, expiresAt, replaces = false }: CodeView) {
  return { id: own, ...boxOf(name), by, expiresAt, replaces };
}

interface CodeView {
  readonly id: string;
  readonly name: string;
  readonly by: string;
  readonly expiresAt: string;
  readonly replaces?: boolean;
}

function boxOf(name: string): { readonly site: string; readonly edge: string } {
  const [site = "", edge = ""] = name.split(".");
  return { site, edge };
}

/** Said before the code is used: afterwards the old box is shut out. */
async function keptOf(box: { readonly site: string; readonly edge: string }, ports: Hub) {
  const { config, book, inventory, kept, lastAt } = await boxMemory(box, ports);
  return {
    revision: config?.revision ?? null,
    hasBook: book !== null,
    hasInventory: typeof inventory === "string",
    hasState: kept.length > 0,
    lastAt,
  };
}
