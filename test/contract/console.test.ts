// The hub's HTTP API over a real socket: who gets in, what is refused and how, and the live stream.
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { at, type BoxConnection, breachData, connectBox, createJournal, inventory } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

const until = { timeout: 10_000, interval: 20 };
const password = "a long enough password";

describe("the console's API", () => {
  let hub: TestHub;
  let operator: string;
  let technician: string;

  beforeAll(async () => {
    hub = await startTestHub();
    operator = await hub.hub.issueToken("wang", "operator", 1);
    technician = await hub.hub.issueToken("zhao", "technician", 1);
  }, 30_000);
  afterAll(() => hub.close());

  it("S-01: lets the first person in once, makes them set a password, and has no code any more", async () => {
    const code = hub.hub.oneTimeCode;
    const first = await hub.call("POST", "/api/v1/sessions", { body: { code } });
    expect(first).toMatchObject({ status: 201, body: { user: "admin", role: "administrator", mustSetPassword: true } });
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^portcullis_session=[\w-]{43}; Expires=.*; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await hub.call("POST", "/api/v1/sessions", { body: { code } })).status).toBe(401);

    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect((await hub.call("POST", "/api/v1/users/me/password", { headers, body: { password } })).status).toBe(204);
    const login = await hub.call("POST", "/api/v1/sessions", { body: { user: "admin", password } });
    expect(login).toMatchObject({ status: 201, body: { mustSetPassword: false } });

    const user = { user: "张伟", password, role: "operator" };
    expect((await hub.call("POST", "/api/v1/users", { headers, body: user })).status).toBe(201);
    expect((await hub.call("POST", "/api/v1/sessions", { body: { user: "张伟", password } })).status).toBe(201);
    await hub.restart();
    expect(hub.hub.oneTimeCode).toBeNull();
    expect((await hub.call("GET", "/api/v1/alarms", { headers })).status).toBe(200);
    expect((await hub.call("DELETE", "/api/v1/sessions", { headers })).status).toBe(204);
    expect((await hub.call("GET", "/api/v1/alarms", { headers })).status).toBe(401);
  });

  it("publishes every route in its OpenAPI document", async () => {
    const { body } = await hub.call("GET", "/api/v1/openapi.json");
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual(
      [
        "get /healthz",
        "get /metrics",
        "get /api/v1/openapi.json",
        "post /api/v1/sessions",
        "get /api/v1/sessions",
        "delete /api/v1/sessions",
        "delete /api/v1/sessions/{id}",
        "get /api/v1/users",
        "post /api/v1/users",
        "post /api/v1/users/me/password",
        "post /api/v1/users/{user}/disable",
        "post /api/v1/users/{user}/enable",
        "get /api/v1/alarms",
        "get /api/v1/alarms/{id}",
        "get /api/v1/alarm-changes",
        "get /api/v1/alarm-measures",
        "get /api/v1/history",
        "post /api/v1/alarms/{id}/acknowledge",
        "post /api/v1/alarms/{id}/silence",
        "post /api/v1/alarms/{id}/reset",
        "post /api/v1/alarms/{id}/shelve",
        "post /api/v1/alarms/{id}/unshelve",
        "post /api/v1/alarms/{id}/take-out-of-service",
        "post /api/v1/alarms/{id}/return-to-service",
        "get /api/v1/incidents",
        "get /api/v1/incidents/{id}",
        "get /api/v1/areas",
        "get /api/v1/zones",
        "get /api/v1/barriers",
        "get /api/v1/edges",
        "get /api/v1/edges/{site}/{edge}/heads",
        "post /api/v1/edges/{site}/{edge}/revoke",
        "get /api/v1/certificates",
        "get /api/v1/enrolment-codes",
        "post /api/v1/enrolment-codes",
        "delete /api/v1/enrolment-codes/{id}",
        "post /api/v1/enrolments",
        "post /api/v1/replacements",
        "get /api/v1/outlets",
        "get /api/v1/outlets/{name}/aside",
        "post /api/v1/outlets/{name}/aside/send",
        "get /api/v1/duties",
        "get /api/v1/work-orders",
        "get /api/v1/commands",
        "post /api/v1/commands",
        "get /api/v1/commands/{id}",
        "post /api/v1/commands/{id}/approve",
        "post /api/v1/commands/{id}/refuse",
        "get /api/v1/approvals",
        "post /api/v1/approvals/{id}/approve",
        "post /api/v1/approvals/{id}/refuse",
        "post /api/v1/sites/{site}/commands",
        "get /api/v1/site-commands/{id}",
        "get /api/v1/records",
        "get /api/v1/stream",
      ].sort(),
    );
  });

  it("demands a person everywhere but at health, metrics, document, login and the enrolment or replacement of a box", async () => {
    const { body } = await hub.call("GET", "/api/v1/openapi.json");
    const open = ["get /healthz", "get /metrics", "get /api/v1/openapi.json", "post /api/v1/sessions"];
    open.push("post /api/v1/enrolments", "post /api/v1/replacements");
    for (const [path, methods] of Object.entries(body.paths)) {
      for (const method of Object.keys(methods).filter((name) => !open.includes(`${name} ${path}`))) {
        const answer = await hub.call(
          method.toUpperCase(),
          path.replace(/\{\w+\}/, "1"),
          method === "post" ? { body: {} } : {},
        );
        expect([path, answer.status, answer.body.code]).toEqual([path, 401, "api.unauthenticated"]);
      }
    }
  });

  it("gives each refusal a code, a place and words in the reader's language", async () => {
    const body = { site: "compound", edge: "gatehouse", act: { kind: "open-sesame" }, reason: "" };
    const english = await hub.call("POST", "/api/v1/commands", { token: operator, body });
    expect(english).toMatchObject({
      status: 400,
      body: { code: "api.invalid-body", place: expect.stringContaining("/body/act") },
    });
    const headers = { "accept-language": "zh-CN,zh;q=0.9" };
    const chinese = await hub.call("GET", "/api/v1/incidents/none", { token: operator, headers });
    expect(chinese).toMatchObject({
      status: 404,
      body: { code: "api.not-found", message: expect.stringContaining("没有找到") },
    });
  });

  it.each([
    { name: "no JSON", body: "{", status: 400, code: "api.invalid-body" },
    { name: "an unknown field", body: '{"user":"a","password":"b","x":1}', status: 400, code: "api.invalid-body" },
    { name: "a number for a text", body: '{"user":"a","password":5}', status: 400, code: "api.invalid-body" },
    { name: "more than the limit", body: `{"user":"${"a".repeat(70_000)}"}`, status: 400, code: "api.invalid-body" },
  ])("refuses a body with $name", async ({ body, status, code }) => {
    const url = `http://127.0.0.1:${hub.hub.ports.http}/api/v1/sessions`;
    const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it("takes an act without a body also from a program that names the type of one", async () => {
    const headers = { "content-type": "application/json" };
    const unknown = await hub.call("POST", "/api/v1/alarms/77/acknowledge", { token: operator, headers });
    expect(unknown).toMatchObject({ status: 404, body: { code: "api.not-found" } });
    const none = await hub.call("POST", "/api/v1/commands", { token: operator, headers });
    expect(none).toMatchObject({ status: 400, body: { code: "api.invalid-body" } });
  });

  it("refuses what a role may not do", async () => {
    const act = { kind: "stand-down", group: "main", barriers: ["b1"] };
    const command = { site: "compound", edge: "gatehouse", act, reason: "" };
    const refused = await hub.call("POST", "/api/v1/commands", { token: technician, body: command });
    expect(refused).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    const user = { user: "eve", password, role: "administrator" };
    expect((await hub.call("POST", "/api/v1/users", { token: operator, body: user })).status).toBe(403);
    const own = await hub.call("POST", "/api/v1/users/me/password", { token: operator, body: { password } });
    expect(own.status).toBe(403);
    expect((await hub.call("GET", "/api/v1/users", { token: operator })).status).toBe(403);
    expect((await hub.call("POST", "/api/v1/users/wang/disable", { token: operator })).status).toBe(403);
  });

  it("records who asked for what he may not have", async () => {
    const { body } = await hub.call("GET", "/api/v1/records?type=access.refused", { token: operator });
    const refusals = body.items.map((row) => (row as unknown as { record: { data: object } }).record.data);
    expect(refusals).toContainEqual(
      expect.objectContaining({ user: "zhao", method: "POST", route: "/api/v1/commands", code: "command.not-allowed" }),
    );
  });

  it("S-10: refuses a change that a foreign page asks for", async () => {
    const headers = { origin: "https://evil.example" };
    const answer = await hub.call("DELETE", "/api/v1/sessions", { token: operator, headers });
    expect(answer).toMatchObject({ status: 403, body: { code: "api.forbidden" } });
    const own = { origin: `http://127.0.0.1:${hub.hub.ports.http}` };
    expect((await hub.call("POST", "/api/v1/alarms/1/acknowledge", { token: operator, headers: own })).status).toBe(
      404,
    );
  });

  it("serves the page with headers that keep others out", async () => {
    const { status, headers, body } = await hub.call("GET", "/");
    expect([status, body.message.slice(0, 15).toLowerCase()]).toEqual([200, "<!doctype html>"]);
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("counts for Prometheus", async () => {
    const { body } = await hub.call("GET", "/metrics");
    expect(body.message).toMatch(/^portcullis_ready [01]$/m);
  });
});

interface StreamEvent {
  readonly id: number;
  readonly kind: string;
  readonly view: Readonly<Record<string, unknown>>;
}

/** A reader of the stream that collects its events. */
function openStream(port: number, token: string, lastEventId?: number) {
  const events: StreamEvent[] = [];
  const state = { open: false, ended: false };
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
  };
  let text = "";
  const get = request({ host: "127.0.0.1", port, path: "/api/v1/stream", headers }, (response) => {
    state.open = response.statusCode === 200;
    response.setEncoding("utf8").on("data", (chunk: string) => {
      const blocks = (text + chunk).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, id, kind, data] = /^id: (\d+)\nevent: (.+)\ndata: (.+)$/.exec(block) ?? [];
        if (data !== undefined) events.push({ id: Number(id), kind: kind ?? "", view: JSON.parse(data) });
      }
    });
    response.on("close", () => {
      state.ended = true;
    });
  });
  get.on("error", () => {
    state.ended = true;
  });
  get.end();
  return { events, state, close: () => get.destroy() };
}

describe("the event stream", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let token: string;
  const journal = createJournal("compound", "gatehouse");
  const send = (...args: Parameters<typeof journal.add>) => {
    const record = journal.add(...args);
    box.send(record.lane, [record]);
  };

  beforeAll(async () => {
    hub = await startTestHub();
    token = await hub.hub.issueToken("wang", "operator", 1);
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    await vi.waitFor(async () => expect((await hub.call("GET", "/healthz")).status).toBe(200), until);
  }, 30_000);
  afterAll(async () => {
    await box.end();
    await hub.close();
  });

  it("shows changes live, and to one that comes back what it has missed", async () => {
    const live = openStream(hub.hub.ports.http, token);
    await vi.waitFor(() => expect(live.state.open).toBe(true), until);
    send("config.applied", { revision: 1, hash: "h", inventory });
    send("zone.breached", breachData("i1", 1));
    await vi.waitFor(
      () =>
        expect(live.events.map(({ kind }) => kind)).toEqual(
          expect.arrayContaining(["edge", "zone", "barrier", "alarm"]),
        ),
      until,
    );
    expect(live.events.find(({ kind }) => kind === "alarm")?.view).toMatchObject({
      zone: "north",
      state: "unacknowledged",
    });
    live.close();
    const last = live.events.at(-1)?.id ?? 0;
    send("area.armed", { area: "gate", by: "wang", at: at(2), zones: ["panic"] });
    await vi.waitFor(() => expect(box.heads.get("epoch-1/state")).toBe(2), until);
    const back = openStream(hub.hub.ports.http, token, last);
    await vi.waitFor(() => expect(back.events.map(({ kind }) => kind)).toEqual(["zone", "edge"]), until);
    expect(back.events.every(({ id }) => id > last)).toBe(true);
    back.close();
  });

  it("shows everything as it stands to one that was away over a restart", async () => {
    const before = openStream(hub.hub.ports.http, token, 0);
    await vi.waitFor(() => expect(before.events.length).toBeGreaterThan(0), until);
    const last = before.events.at(-1)?.id ?? 0;
    await hub.restart();
    await vi.waitFor(() => expect(before.state.ended).toBe(true), until);
    const after = openStream(hub.hub.ports.http, token, last);
    await vi.waitFor(
      () =>
        expect(after.events.map(({ kind }) => kind)).toEqual(
          expect.arrayContaining(["alarm", "zone", "barrier", "edge"]),
        ),
      until,
    );
    expect(after.events[0]?.id).toBeGreaterThan(last);
    after.close();
  });
});
