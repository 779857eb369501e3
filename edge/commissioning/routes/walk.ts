// The walk test as it stands, which zones are due and the last results; it is begun and ended as an order.
import type { FastifyInstance } from "fastify";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";

export function addWalkRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/api/v1/walk-test", () => answer(desk, { kind: "walk" }));
}
