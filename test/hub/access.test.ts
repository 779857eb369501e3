// What the hub records of refusals: of everybody some, of nobody so much that it hides the others.
import type { FastifyRequest } from "fastify";
import { expect, it } from "vitest";
import { auditRefusals, refusalsPerAddressMax } from "../../hub/console/access.js";
import type { OwnFact } from "../../hub/ledger/ledger.js";
import { manualClock } from "../support/manual-clock.js";
import { log } from "./running-hub.js";

const from = (ip: string) =>
  ({ ip, method: "POST", headers: {}, routeOptions: { url: "/api/v1/commands" } }) as unknown as FastifyRequest;

it("records what one client is refused while another is refused without end", async () => {
  const records: OwnFact[] = [];
  const book = { act: async (...facts: readonly OwnFact[]) => void records.push(...facts) };
  const clock = manualClock();
  const audit = auditRefusals({ people: { who: async () => null }, book, clock, log } as never);
  const addresses = () => records.splice(0).map(({ data }) => data["address"]);

  for (let asked = 0; asked < 100; asked += 1) await audit("api.forbidden", from("10.0.0.1"));
  await audit("api.forbidden", from("10.0.0.2"));
  expect(addresses()).toEqual([...Array<string>(refusalsPerAddressMax).fill("10.0.0.1"), "10.0.0.2"]);

  clock.advance(60_000);
  await audit("api.forbidden", from("10.0.0.1"));
  expect(addresses()).toEqual(["10.0.0.1"]);
});
