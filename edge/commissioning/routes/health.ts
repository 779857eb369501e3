// Health, metrics and the present status, from what the controller told last.
import type { FastifyInstance } from "fastify";
import type { Desk } from "../desk.js";
import { renderMetrics } from "../metrics.js";
import { healthOf } from "../status.js";

export function addHealthRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/healthz", { config: { access: "open" } }, async (_request, reply) => {
    const health = healthOf(desk.status(), desk.statusAgeMs());
    void reply.code(health.status === "ok" || health.status === "degraded" ? 200 : 503);
    return health;
  });
  app.get("/metrics", async (_request, reply) => {
    void reply.type("text/plain; version=0.0.4");
    return renderMetrics(desk.status());
  });
  app.get("/api/v1/status", async (_request, reply) => {
    const status = desk.status();
    if (status === null) void reply.code(503);
    return status ?? { status: "starting" };
  });
}
