// Who may look at a box that listens beyond its own machine, and under which name it is reached.
import { scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { buildApp, httpLimits } from "../../../edge/commissioning/app.js";
import type { Desk } from "../../../edge/commissioning/desk.js";
import { createInquiry } from "../../../edge/commissioning/inquiry.js";
import { createLive } from "../../../edge/commissioning/live.js";
import { createDevices } from "../../../edge/commissioning/people/devices.js";
import { createLogin } from "../../../edge/commissioning/people/login.js";
import { digestOf, type Person } from "../../../edge/commissioning/people/people.js";
import { createSessions } from "../../../edge/commissioning/people/sessions.js";
import { loginLimits } from "../../../edge/commissioning/people/throttle.js";
import { createRandom } from "../../../edge/machine/random.js";
import { manualMachine } from "../../support/journal.js";

/** As pin.ts keeps them, but cheap to try. */
const cheapHash = (pin: string) =>
  `scrypt$4$AA==$${scryptSync(pin, Buffer.from("AA==", "base64"), 32, { N: 16, r: 8 }).toString("base64")}`;

const li: Person = {
  name: "li",
  roles: ["operator"],
  pin: cheapHash("739154"),
  duressPin: cheapHash("850263"),
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
    devices: createDevices({ ...machine, keyFile: "" }, people),
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

  it("and on it, everybody may look, and nobody whom a proxy on it brings", async () => {
    expect(await open(true).get("/metrics")).toBe(200);
    expect(await open(true).get("/metrics", { "x-forwarded-for": "10.0.0.66" })).toBe(401);
  });
});

it("a request has its time in all, not that of its headers, which Node would take when it is longer", () => {
  const { server } = open(false).app;
  expect([server.headersTimeout, server.requestTimeout]).toEqual([
    httpLimits.requestWithinMs,
    httpLimits.requestWithinMs,
  ]);
});

describe("a flood of wrong PINs", () => {
  const isPage = { "sec-fetch-site": "same-origin" };
  const setUp = () => {
    const { app } = open(false);
    return (pin: string, remoteAddress: string, headers: Readonly<Record<string, string>> = {}) =>
      app.inject({
        method: "POST",
        url: "/api/v1/sessions",
        remoteAddress,
        headers: { host: "10.0.0.5", ...isPage, ...headers },
        payload: { name: "li", pin },
      });
  };
  const cookiesOf = ({ cookies }: { readonly cookies: readonly { readonly name: string; readonly value: string }[] }) =>
    new Map(cookies.map(({ name, value }) => [name, value]));

  it("from many addresses keeps out strangers, and neither the device on which a guard has logged in nor the box itself", async () => {
    const login = setUp();
    const device = cookiesOf(await login("739154", "10.0.0.7")).get("portcullis_box_device") ?? "";
    const cookie = `portcullis_box_device=${device}`;
    const flood: number[] = [];
    for (let from = 0; from < 20; from += 1)
      for (let count = 0; count < 3; count += 1) flood.push((await login("000000", `10.1.0.${from}`)).statusCode);
    expect(flood.filter((status) => status === 401)).toHaveLength(loginLimits.strangers.atOnce);
    expect((await login("739154", "10.0.0.8")).statusCode).toBe(429);
    expect((await login("739154", "10.0.0.7")).statusCode).toBe(429);
    expect((await login("739154", "10.0.0.7", { cookie })).statusCode).toBe(201);
    expect((await login("850263", "10.0.0.9", { cookie })).statusCode).toBe(201);
    expect((await login("739154", "127.0.0.1")).statusCode).toBe(201);
    expect((await login("739154", "127.0.0.1", { "x-forwarded-for": "127.0.0.1, 10.2.0.1" })).statusCode).toBe(429);
  });

  it("is judged by nothing that the mark of a device opens", async () => {
    const { app, desk, get } = open(false);
    const cookie = `portcullis_box_device=${desk.devices.markFor(li)}`;
    expect(await get("/api/v1/status", { cookie })).toBe(401);
    expect(
      (await app.inject({ url: "/api/v1/sessions/present", headers: { host: "10.0.0.5", cookie } })).statusCode,
    ).toBe(401);
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
