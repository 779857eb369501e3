// Points and status as server-sent events.
import type { FastifyInstance } from "fastify";
import { refusal } from "../../model/error.js";
import { secretOf } from "../access.js";
import type { Desk } from "../desk.js";
import { liveLimits } from "../live.js";

export function addLiveRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/api/v1/live", async (request, reply) => {
    const isWelcome = () => desk.isLoopback || desk.sessions.isOpen(secretOf(request));
    reply.raw.setHeader("content-type", "text/event-stream; charset=utf-8");
    reply.raw.setHeader("cache-control", "no-store");
    reply.raw.setHeader("x-content-type-options", "nosniff");
    if (!desk.live.open(reply.raw, isWelcome))
      throw refusal("api.throttled", "/api/v1/live", `${liveLimits.readers} readers`);
    return reply.hijack();
  });
}
