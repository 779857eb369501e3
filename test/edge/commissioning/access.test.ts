// Who may look at a box that listens beyond its own machine, and under which name it is reached.
import { describe, expect, it } from "vitest";
import { buildApp } from "../../../edge/commissioning/app.js";
import type { Desk } from "../../../edge/commissioning/desk.js";
import { createInquiry } from "../../../edge/commissioning/inquiry.js";
import { createLive } from "../../../edge/commissioning/live.js";
import { createLogin } from "../../../edge/commissioning/people/login.js";
import { digestOf, type Person } from "../../../edge/commissioning/people/people.js";
import { createSessions } from "../../../edge/commissioning/people/sessions.js";
import { createRandom } from "../../../edge/machine/random.js";
import { manualMachine } from "../../support/journal.js";

const li: Person = {
  name: "li",
  roles: ["operator"],
  pin: "",
  duressPin: null,
  disabled: false,
  changedBy: "test",
  changedAt: "",
};

function open(isLoopback: boolean) {
  const machine = { ...manualMachine(), random: createRandom() };
  const inquiry = createInquiry(machine, () => undefined);
  const people = () => [li];
  const desk: Desk = {
    ...machine,
    isLoopback,
    names: ["gate.example"],
    dataDir: "",
    keyFile: "",
    inquiry,
    live: createLive({ ...machine, inquiry, present: () => null }),
    login: createLogin({ ...machine, people, record: () => undefined, underDuress: () => undefined }),
    sessions: createSessions(machine, people),
    people,
    status: () => null,
    statusAgeMs: () => 0,
    record: () => undefined,
  };
  const app = buildApp(desk, undefined, () => undefined);
  const get = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
    (await app.inject({ url, headers: { host: "10.0.0.5", ...headers } })).statusCode;
  return { desk, get, app };
}

describe("beyond its own machine", () => {
  it("a box shows nothing but health and its login page to who is not logged in", async () => {
    const { get, desk } = open(false);
    const closed = [
      "status",
      "points",
      "site",
      "seal",
      "faults",
      "why",
      "live",
      "report",
      "report.html",
      "inventory",
    ].map((path) => `/api/v1/${path}`);
    for (const path of [...closed, "/metrics"]) expect([path, await get(path)]).toEqual([path, 401]);
    expect(await get("/healthz")).toBe(503);
    expect(await get("/api/v1/entrance")).toBe(200);
    const secret = desk.sessions.open({ name: "li", roles: li.roles, duress: false, digest: digestOf(li) });
    expect(await get("/metrics", { authorization: `Bearer ${secret}` })).toBe(200);
    expect(await get("/metrics", { cookie: `portcullis_box=${secret}` })).toBe(200);
    expect(await get("/metrics", { authorization: "Bearer x" })).toBe(401);
  });

  it("and on it, everybody may look", async () => {
    expect(await open(true).get("/metrics")).toBe(200);
  });
});

describe("a name", () => {
  it.each([
    ["10.0.0.5:8081", 200],
    ["[::1]:8081", 200],
    ["localhost:8081", 200],
    ["GATE.example", 200],
    ["evil.example", 403],
    ["localhost.evil.example", 403],
    ["evil.example@localhost", 200],
    ["a b", 403],
  ])("that is not the box's own is refused: %s", async (host, status) => {
    expect(await open(true).get("/metrics", { host })).toBe(status);
  });
});

it("an address that is none is refused with a code of the catalogue, like any other mistake", async () => {
  const answer = await open(true).app.inject({ url: "/api/v1/zones/%zz/vibration", headers: { host: "10.0.0.5" } });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: "api.invalid-query", message: { zh: expect.any(String) } });
});
