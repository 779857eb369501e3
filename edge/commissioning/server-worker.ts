// The box's HTTP in a thread of its own: health, metrics, present status, and what a person may ask. Read-only.
import { parentPort, workerData } from "node:worker_threads";
import fastify, { type FastifyReply } from "fastify";
import { errorTexts } from "../../config/texts.js";
import { createClock, monoNow } from "../machine/clock.js";
import { createTimer } from "../machine/timer.js";
import type { ErrorCode } from "../model/error.js";
import { createInquiry } from "./inquiry.js";
import { renderMetrics } from "./metrics.js";
import type { Question } from "./questions.js";
import type { FromServer, ToServer } from "./server.js";
import { type BoxStatus, healthOf } from "./status.js";

const { host, port } = workerData as { host: string; port: number };
let status: BoxStatus | null = null;
let heardAt = Number.NEGATIVE_INFINITY;

const post = (message: FromServer) => parentPort?.postMessage(message);
const inquiry = createInquiry({ clock: createClock(), timer: createTimer() }, (id, question) =>
  post({ kind: "question", id, question }),
);
parentPort?.on("message", (message: ToServer) => {
  if (message.kind === "reply") return inquiry.replied(message.id, message.reply);
  status = message.status;
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

const statusOf: Partial<Record<ErrorCode, number>> = {
  "api.invalid-query": 400,
  "api.not-found": 404,
  "api.throttled": 429,
  "api.no-answer": 503,
};

function refuse(reply: FastifyReply, { code, place, detail }: { code: ErrorCode; place: string; detail: string }) {
  const { message, remedy } = errorTexts[code];
  return reply.code(statusOf[code] ?? 500).send({ code, place, detail, message, remedy });
}

async function answer(question: Question, reply: FastifyReply): Promise<unknown> {
  const answered = await inquiry.ask(question);
  return answered.ok ? answered.body : refuse(reply, answered);
}

function textOf(query: unknown, name: string): string | null {
  const value = (query as Record<string, unknown>)[name];
  return typeof value === "string" && value !== "" ? value : null;
}

app.addHook("preHandler", async ({ query }, reply) => {
  const twice = Object.entries(query as Record<string, unknown>).find(([, value]) => Array.isArray(value));
  if (twice !== undefined) await refuse(reply, { code: "api.invalid-query", place: twice[0], detail: "given twice" });
});

app.get("/api/v1/seal", ({ query }, reply) => answer({ kind: "seal", group: textOf(query, "group") }, reply));
app.get("/api/v1/faults", (_request, reply) => answer({ kind: "faults" }, reply));
app.get("/api/v1/why", async ({ query }, reply) => {
  const [zone, time] = [textOf(query, "zone"), textOf(query, "at")];
  const at = time === null ? null : Date.parse(time);
  if (zone === null) return refuse(reply, { code: "api.invalid-query", place: "zone", detail: "which zone?" });
  if (Number.isNaN(at))
    return refuse(reply, {
      code: "api.invalid-query",
      place: "at",
      detail: "no ISO 8601 time, for example 2026-11-22T08:15:00Z",
    });
  return answer({ kind: "why", zone, at }, reply);
});
app.setNotFoundHandler((request, reply) => {
  void refuse(reply, { code: "api.not-found", place: request.url, detail: "no such page on this box" });
});
post({ kind: "listening", address: await app.listen({ host, port }) });
