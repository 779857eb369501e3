// The box's HTTP server, ready to be listened with: limits, guards, refusals, routes.
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { validatorOf } from "../../config/schema/requests.js";
import type { ErrorCode, PortcullisError } from "../model/error.js";
import { refusal } from "../model/error.js";
import { guard, secretOf } from "./access.js";
import { connectionLimits, createConnections, limitConnections } from "./connections.js";
import type { Desk } from "./desk.js";
import { refuse, troubleOf } from "./refusals.js";
import { routes } from "./routes.js";

export const httpLimits = { bodyBytes: 64 * 1024, requestWithinMs: 10_000, lateLookEveryMs: 5_000 } as const;

export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** What was refused without an answer, and errors of our own. */
export type TellTrouble = (code: ErrorCode, detail: string) => void;

/** `tls` undefined: plain, for loopback only. */
export function buildApp(desk: Desk, tls: PemPair | undefined, tell: TellTrouble): FastifyInstance {
  const connections = createConnections();
  // By itself Node looks for late requests twice a minute, and gives the whole one the longer of the two times: its headers' 60 s.
  const late = {
    connectionsCheckingInterval: httpLimits.lateLookEveryMs,
    headersTimeout: httpLimits.requestWithinMs,
  };
  const secured = { minVersion: "TLSv1.2" as const, handshakeTimeout: connectionLimits.handshakeWithinMs };
  const app = fastify({
    ...(tls === undefined ? { http: late } : { https: { ...tls, ...secured, ...late } }),
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
  limitConnections(app.server, connections, (detail) => tell("api.throttled", detail));
  app.setValidatorCompiler(validatorOf);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error: FastifyError | PortcullisError, request, reply) => {
    const trouble = troubleOf(error, request.url);
    if (trouble.code === "api.internal") tell("api.internal", error.stack ?? error.message);
    return refuse(reply, trouble);
  });
  app.setNotFoundHandler((request) => {
    throw refusal("api.not-found", request.url, "no such page on this box");
  });
  guard(app, desk);
  app.addHook("onRequest", async (request) => {
    if (desk.sessions.isOpen(secretOf(request))) connections.know(request.raw.socket);
  });
  app.addHook("preHandler", async ({ query }) => {
    const twice = Object.entries(query as Record<string, unknown>).find(([, value]) => Array.isArray(value));
    if (twice !== undefined) throw refusal("api.invalid-query", twice[0], "given twice");
  });
  for (const add of routes) add(app, desk);
  return app;
}
