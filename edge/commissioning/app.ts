// The box's HTTP server, ready to be listened with: limits, guards, refusals, routes.
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { validatorOf } from "../../config/schema/requests.js";
import type { PortcullisError } from "../model/error.js";
import { refusal } from "../model/error.js";
import { guard } from "./access.js";
import type { Desk } from "./desk.js";
import { refuse, troubleOf } from "./refusals.js";
import { routes } from "./routes.js";

export const httpLimits = { bodyBytes: 64 * 1024, connections: 128, requestWithinMs: 10_000 } as const;

export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** `tls` undefined: plain, for loopback only. `unexpected`: errors of our own. */
export function buildApp(desk: Desk, tls: PemPair | undefined, unexpected: (detail: string) => void): FastifyInstance {
  const app = fastify({
    ...(tls !== undefined && { https: { ...tls, minVersion: "TLSv1.2" as const } }),
    bodyLimit: httpLimits.bodyBytes,
    requestTimeout: httpLimits.requestWithinMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_error, _request, reply) =>
      void refuse(reply as unknown as FastifyReply, {
        code: "api.invalid-query",
        place: "/",
        detail: "this is no address",
      }),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = httpLimits.connections;
  app.server.on("connection", (socket) => socket.setNoDelay(true));
  app.setValidatorCompiler(validatorOf);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error: FastifyError | PortcullisError, request, reply) => {
    const trouble = troubleOf(error, request.url);
    if (trouble.code === "api.internal") unexpected(error.stack ?? error.message);
    return refuse(reply, trouble);
  });
  app.setNotFoundHandler((request) => {
    throw refusal("api.not-found", request.url, "no such page on this box");
  });
  guard(app, desk);
  app.addHook("preHandler", async ({ query }) => {
    const twice = Object.entries(query as Record<string, unknown>).find(([, value]) => Array.isArray(value));
    if (twice !== undefined) throw refusal("api.invalid-query", twice[0], "given twice");
  });
  for (const add of routes) add(app, desk);
  return app;
}
