// Barriers' drives over HTTP: how they are, interlock checks, and the line of a hold-to-run. The line is the answer of the request that
// began the hold: it stays open for as long as the button is held, and its end, from either side, is the end of the hold.
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { id, strict, words } from "../../../config/schema/request-terms.js";
import { holdMsMax } from "../../model/drive-run.js";
import { refusal } from "../../model/error.js";
import { mayAct } from "../../model/rights.js";
import { personOf } from "../access.js";
import { answer, textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import type { HoldReply } from "../questions/drives.js";
import { giveOrder, orderLimits, refuseOrder } from "./orders.js";
import { credentials } from "./sessions.js";

const barrierOf = Type.Object({ barrier: id }, strict);
const holdOf = Type.Object({ hold: Type.String({ minLength: 1, maxLength: 64 }) }, strict);
const holdBody = Type.Object(
  {
    direction: words(["open", "close"] as const),
    reason: Type.String({ maxLength: orderLimits.reasonCharacters }),
    second: Type.Optional(credentials),
  },
  strict,
);
const signBody = Type.Object({ key: Type.Integer({ minimum: 1 }) }, strict);
const checkBody = Type.Object({ move: words(["begin", "end"] as const) }, strict);

interface Line {
  readonly by: string;
  readonly response: ServerResponse;
}

export function addDriveRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/api/v1/drives", ({ query }) => answer(desk, { kind: "drives", barrier: textOf(query, "barrier") }));
  app.post<{ Params: Static<typeof barrierOf>; Body: Static<typeof checkBody> }>(
    "/api/v1/drives/:barrier/check",
    { schema: { params: barrierOf, body: checkBody } },
    async (request) => {
      const { name, roles } = personOf(request, desk);
      if (!roles.some((role) => mayAct(role, "test-run"))) throw refusal("command.not-allowed", "/check", roles.join());
      const { barrier } = request.params;
      return answer(desk, { kind: "check", barrier, move: request.body.move, by: name });
    },
  );
  addHolds(app, desk);
}

function addHolds(app: FastifyInstance, desk: Desk): void {
  const lines = new Map<string, Line>();

  /** What ended the line ends the hold; what ended the hold ends the line. One drive is tried at a time, so older holds are over. */
  function openLine(hold: string, line: Line): void {
    for (const [over, { response }] of lines) {
      lines.delete(over);
      response.destroy();
    }
    lines.set(hold, line);
    line.response.once("close", () => {
      if (lines.delete(hold)) void desk.inquiry.ask({ kind: "let-go", run: hold, end: "line-lost" });
    });
    line.response.setHeader("content-type", "text/event-stream; charset=utf-8");
    line.response.setHeader("cache-control", "no-store");
    line.response.setHeader("x-accel-buffering", "no");
  }

  function closeLine(hold: string, told: HoldReply): HoldReply {
    const line = lines.get(hold);
    if (told.underWay !== null || line === undefined) return told;
    lines.delete(hold);
    line.response.end(eventText("over", told));
    return told;
  }

  function ownLine(hold: string, name: string): void {
    if (lines.get(hold)?.by !== name) throw refusal("drive.hold-over", "/hold", "");
  }

  app.post<{ Params: Static<typeof barrierOf>; Body: Static<typeof holdBody> }>(
    "/api/v1/drives/:barrier/hold",
    { schema: { params: barrierOf, body: holdBody } },
    async (request, reply) => {
      const { name } = personOf(request, desk);
      const { direction, ...order } = request.body;
      const act = { kind: "hold-run", barrier: request.params.barrier, direction } as const;
      const result = await giveOrder(request, desk, { ...order, act });
      if (!result.ok) return refuseOrder(reply, act, result);
      // The technician may have let go, and hung up, while the order was being recorded.
      if (request.raw.socket.destroyed) {
        void desk.inquiry.ask({ kind: "let-go", run: result.id, end: "line-lost" });
        return reply;
      }
      openLine(result.id, { by: name, response: reply.raw });
      reply.raw.write(eventText("held", { hold: result.id, key: 1, withinMs: holdMsMax }));
      return reply.hijack();
    },
  );
  app.post<{ Params: Static<typeof holdOf>; Body: Static<typeof signBody> }>(
    "/api/v1/holds/:hold",
    { schema: { params: holdOf, body: signBody } },
    async (request) => {
      const { hold } = request.params;
      ownLine(hold, personOf(request, desk).name);
      return closeLine(hold, await answer(desk, { kind: "hold-on", run: hold, key: request.body.key }));
    },
  );
  app.delete<{ Params: Static<typeof holdOf> }>(
    "/api/v1/holds/:hold",
    { schema: { params: holdOf } },
    async (request) => {
      const { hold } = request.params;
      ownLine(hold, personOf(request, desk).name);
      return closeLine(hold, await answer(desk, { kind: "let-go", run: hold, end: "released" }));
    },
  );
}

function eventText(kind: "held" | "over", view: object): string {
  return `event: ${kind}\ndata: ${JSON.stringify(view)}\n\n`;
}
