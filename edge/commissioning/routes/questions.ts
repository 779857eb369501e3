// Questions to the controller that only look: seal now, why no alarm, faults, points, what is guarded.
import type { FastifyInstance } from "fastify";
import { refusal } from "../../model/error.js";
import { answer, textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import { wiringView } from "../wiring/view.js";

export function addQuestionRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/api/v1/seal", ({ query }) => answer(desk, { kind: "seal", group: textOf(query, "group") }));
  app.get("/api/v1/faults", () => answer(desk, { kind: "faults" }));
  app.get("/api/v1/site", () => answer(desk, { kind: "site" }));
  app.get("/api/v1/points", () => answer(desk, { kind: "points", since: null }));
  app.get("/api/v1/wiring", async ({ query }) => {
    const [zone, point] = [textOf(query, "zone"), textOf(query, "point")];
    if ((zone === null) === (point === null)) throw refusal("api.invalid-query", "zone", "one of zone and point");
    return wiringView(await answer(desk, { kind: "wiring", zone, point }));
  });
  app.get("/api/v1/why", async ({ query }) => {
    const [zone, time] = [textOf(query, "zone"), textOf(query, "at")];
    const at = time === null ? null : Date.parse(time);
    if (zone === null) throw refusal("api.invalid-query", "zone", "which zone?");
    if (Number.isNaN(at))
      throw refusal("api.invalid-query", "at", "no ISO 8601 time, for example 2026-11-22T08:15:00Z");
    return answer(desk, { kind: "why", zone, at });
  });
}
