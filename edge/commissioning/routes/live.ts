// Points, or with `?vibration=ZONE` the trace of a vibration fibre, and status as server-sent events.
import type { FastifyInstance } from "fastify";
import { refusal } from "../../model/error.js";
import { mayRead, secretOf } from "../access.js";
import { answer, textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import { liveLimits } from "../live.js";

export function addLiveRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/api/v1/live", async (request, reply) => {
    const isWelcome = () => mayRead(request, desk) || desk.sessions.isOpen(secretOf(request));
    const zone = textOf(request.query, "vibration");
    // Refused while an answer can still say so.
    if (zone !== null) await answer(desk, { kind: "vibration", zone, since: desk.clock.mono() });
    reply.raw.setHeader("content-type", "text/event-stream; charset=utf-8");
    reply.raw.setHeader("cache-control", "no-store");
    reply.raw.setHeader("x-content-type-options", "nosniff");
    if (!desk.live.open(reply.raw, isWelcome, zone))
      throw refusal("api.throttled", "/api/v1/live", `${liveLimits.readers} readers`);
    return reply.hijack();
  });
}
