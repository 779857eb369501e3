// The hub's HTTP server: API, event stream, health, metrics and the page, with the guards that stand before all of them.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import rateLimit from "@fastify/rate-limit";
import statics from "@fastify/static";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyPluginCallback, LogController } from "fastify";
import { validatorOf } from "../../config/schema/requests.js";
import { builtFile } from "../../edge/machine/built.js";
import { PortcullisError, refusal } from "../../edge/model/error.js";
import { auditRefusals, cookieName, refuseForeignOrigin } from "./access.js";
import { addActRoutes } from "./act-routes.js";
import { addAlarmRoutes } from "./alarm-routes.js";
import { addCertificateRoutes, addEnrolmentRoute } from "./certificate-routes.js";
import { answerError } from "./errors.js";
import { addHistoryRoutes } from "./history-routes.js";
import type { Hub } from "./hub.js";
import { addListRoutes, demandPerson } from "./list-routes.js";
import { addOutletRoutes } from "./outlet-routes.js";
import { addLoginRoute, addPeopleRoutes } from "./people-routes.js";

const bodyBytesMax = 64 * 1024;
const requestWithinMs = 10_000;
const connectionsMax = 1024;

const headers = {
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** How the server is reached. */
export interface Reach {
  /** PEM texts; undefined: plain HTTP, for loopback only. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** A TLS proxy on this machine is believed about address and protocol. */
  readonly behindProxy: boolean;
}

/** Ready to be listened with; the caller closes it. */
export async function buildServer(hub: Hub, { tls, behindProxy }: Reach): Promise<FastifyInstance> {
  const app = Fastify({
    ...(tls !== undefined && { https: { ...tls, minVersion: "TLSv1.2" as const } }),
    trustProxy: behindProxy ? "loopback" : false,
    loggerInstance: hub.log,
    // An address may hold a one-time code, so requests are not logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestWithinMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  }) as unknown as FastifyInstance;
  app.server.maxConnections = connectionsMax;
  const parseJson = app.getDefaultJsonParser("error", "error");
  // Many programs name the type also where there is nothing to say.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null) : parseJson(request, String(body), done),
  );
  app.setValidatorCompiler(validatorOf);
  // Views are built by our own code; a schema would only cut off what a newer box adds.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  const audit = auditRefusals(hub);
  app.setErrorHandler(async (error: FastifyError | PortcullisError, request, reply) => {
    if (error instanceof PortcullisError) await audit(error.trouble.code, request);
    answerError(error, request, reply);
    return reply;
  });
  app.setNotFoundHandler((request) => {
    throw refusal("api.not-found", request.url, "");
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    if (request.protocol === "https") reply.header("strict-transport-security", "max-age=31536000");
    refuseForeignOrigin(request);
  });
  await app.register(rateLimit, { global: false });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Portcullis hub", version: "1" },
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: cookieName },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
  });
  await app.register(scoped((scope) => addOpenRoutes(scope, hub)));
  await app.register(
    scoped((scope) => addApi(scope, hub)),
    { prefix: "/api/v1" },
  );
  await addPage(app);
  return app;
}

/** Routes with hooks of their own; they see the routes' documentation only if they are added after its plugin. */
function scoped(add: (scope: FastifyInstance) => void): FastifyPluginCallback {
  return (scope, _options, done) => {
    add(scope);
    done();
  };
}

function addApi(api: FastifyInstance, hub: Hub): void {
  api.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  addLoginRoute(api, hub);
  addEnrolmentRoute(api, hub);
  api.get("/openapi.json", { schema: { response: { 200: {} } } }, () => api.swagger());
  api.register(
    scoped((closed) => {
      demandPerson(closed, hub);
      addListRoutes(closed, hub);
      addHistoryRoutes(closed, hub);
      addAlarmRoutes(closed, hub);
      addActRoutes(closed, hub);
      addOutletRoutes(closed, hub);
      addPeopleRoutes(closed, hub);
      addCertificateRoutes(closed, hub);
    }),
  );
}

function addOpenRoutes(app: FastifyInstance, { reasons, metrics, broker }: Hub): void {
  app.get("/healthz", { schema: { response: { 200: {}, 503: {} } } }, (_request, reply) => {
    const found = reasons();
    return reply.code(found.length === 0 ? 200 : 503).send({ ready: found.length === 0, reasons: found, broker });
  });
  app.get("/metrics", { schema: { produces: ["text/plain"] } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}

async function addPage(app: FastifyInstance): Promise<void> {
  const root = fileURLToPath(builtFile("hub/console/web/"));
  if (existsSync(root)) await app.register(statics, { root, schemaHide: true });
}
