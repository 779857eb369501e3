// The box's HTTP in a thread of its own: /healthz, /metrics and its present status. Read-only.
import { parentPort, workerData } from "node:worker_threads";
import fastify from "fastify";
import { monoNow } from "../machine/clock.js";
import { renderMetrics } from "./metrics.js";
import { type BoxStatus, healthOf } from "./status.js";

const { host, port } = workerData as { host: string; port: number };
let status: BoxStatus | null = null;
let heardAt = Number.NEGATIVE_INFINITY;

parentPort?.on("message", (message: BoxStatus) => {
  status = message;
  heardAt = monoNow();
});

const app = fastify({ bodyLimit: 1024, forceCloseConnections: true });
app.server.on("connection", (socket) => socket.setNoDelay(true));
app.addHook("onSend", async (_request, reply) => {
  void reply.headers({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
});
app.get("/healthz", async (_request, reply) => {
  const health = healthOf(status, monoNow() - heardAt);
  void reply.code(health.status === "ok" || health.status === "degraded" ? 200 : 503);
  return health;
});
app.get("/metrics", async (_request, reply) => {
  void reply.type("text/plain; version=0.0.4");
  return renderMetrics(status);
});
app.get("/api/v1/status", async (_request, reply) => {
  if (status === null) void reply.code(503);
  return status ?? { status: "starting" };
});
app.setNotFoundHandler((request, reply) => {
  void reply.code(404).send({
    code: "api.not-found",
    place: request.url,
    message: "There is no such page on this box. 本机没有此页面。",
  });
});
const address = await app.listen({ host, port });
parentPort?.postMessage({ address });
