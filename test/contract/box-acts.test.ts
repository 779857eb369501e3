// People at a real box on loopback: logging in, ordering, agreeing, and what pages of others may not do.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PointsReply } from "../../edge/commissioning/questions/points.js";
import { orderLimits } from "../../edge/commissioning/routes/orders.js";
import type { Role } from "../../edge/model/command.js";
import { putPeople } from "../support/box-people.js";
import { portcullis } from "../support/command-line.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
let beam: Player;
const pins: Readonly<Record<string, string>> = { li: "739154", wang: "417390", tech: "285306" };
const duressPin = "850263";

beforeAll(async () => {
  box = await startSmallBox();
  beam = await playDevice(box.dataDir, box.site.broker, "beam");
  expect((await post("/api/v1/sessions", { name: "li", pin: "739154" })).body).toMatchObject({ code: "people.none" });
  const roles: Readonly<Record<string, Role>> = { li: "supervisor", wang: "operator", tech: "technician" };
  const people = Object.entries(roles).map(([name, role]) => ({
    name,
    roles: [role],
    pin: pins[name] ?? "",
    duressPin,
  }));
  putPeople(box.dataDir, people);
});
afterAll(async () => {
  await beam?.close();
  await box?.close();
});

async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(box.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: answer.status,
    cookie: answer.headers.get("set-cookie") ?? "",
    body: (await answer.json()) as Readonly<Record<string, unknown>>,
  };
}

async function bearer(name: string, pin = pins[name] ?? ""): Promise<Readonly<Record<string, string>>> {
  const { body } = await post("/api/v1/sessions", { name, pin });
  return { authorization: `Bearer ${body["token"]}` };
}

const silence = { act: { kind: "silence" }, reason: "test" };
const standDown = { act: { kind: "stand-down", group: "lane", barriers: ["boom"] }, reason: "test" };

describe("a session at the box", () => {
  it("gives a page a cookie that no script reads, and a program a token", async () => {
    const program = await post("/api/v1/sessions", { name: "li", pin: pins["li"] });
    expect(program).toMatchObject({
      status: 201,
      body: { name: "li", roles: ["supervisor"], token: expect.any(String) },
    });
    const page = await post("/api/v1/sessions", { name: "li", pin: pins["li"] }, { origin: box.url });
    expect(page.body).not.toHaveProperty("token");
    expect(page.cookie).toMatch(
      /^portcullis_box=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict, portcullis_box_device=[\w-]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it("is refused to a wrong PIN, an unknown name and a body that is none", async () => {
    const refused = [
      await post("/api/v1/sessions", { name: "tech", pin: "000000" }),
      await post("/api/v1/sessions", { name: "nobody", pin: "739154" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    expect(await post("/api/v1/sessions", { name: "li" })).toMatchObject({
      status: 400,
      body: { code: "api.invalid-body" },
    });
  });

  it("ends when its person logs out", async () => {
    const headers = await bearer("li");
    const present = () => fetch(`${box.url}/api/v1/sessions/present`, { headers });
    expect((await present()).status).toBe(200);
    expect((await fetch(`${box.url}/api/v1/sessions/present`, { method: "DELETE", headers })).status).toBe(204);
    expect((await present()).status).toBe(401);
  });
});

describe("an act at the box", () => {
  it("is carried out for who may, with the hub off", async () => {
    expect(await post("/api/v1/commands", silence, await bearer("wang"))).toMatchObject({
      status: 200,
      body: { ok: true },
    });
  });

  it("is refused to nobody, to the wrong role, and when it is none", async () => {
    expect(await post("/api/v1/commands", silence)).toMatchObject({
      status: 401,
      body: { code: "api.unauthenticated" },
    });
    expect(await post("/api/v1/commands", standDown, await bearer("tech"))).toMatchObject({
      status: 403,
      body: { code: "command.not-allowed", remedy: { zh: expect.any(String), en: expect.any(String) } },
    });
    const none = { act: { kind: "open-sesame" }, reason: "x" };
    expect(await post("/api/v1/commands", none, await bearer("li"))).toMatchObject({ status: 400 });
  });

  it("needs two different persons with their PINs where two must agree", async () => {
    const headers = await bearer("li");
    const order = (second?: object) => post("/api/v1/commands", { ...standDown, ...(second && { second }) }, headers);
    const needsTwo = { status: 403, body: { code: "command.needs-two-persons" } };
    expect(await order()).toMatchObject(needsTwo);
    expect(await order({ name: "li", pin: pins["li"] })).toMatchObject(needsTwo);
    expect(await order({ name: "wang", pin: "000000" })).toMatchObject({ status: 401 });
    expect(await order({ name: "tech", pin: pins["tech"] })).toMatchObject({ body: { code: "command.not-allowed" } });
    // Two persons stood for it; that nothing is locked down is the controller's own word.
    expect(await order({ name: "wang", pin: pins["wang"] })).toMatchObject({
      status: 409,
      body: { code: "command.not-possible" },
    });
  });

  it("calls for help also when a PIN under duress is used and nothing of it is obeyed", async () => {
    const second = { name: "wang", pin: duressPin };
    const act = { kind: "take-out-for-repair", zone: "fence-1", guard: "x", forMs: 1000 };
    const refused = await post("/api/v1/commands", { act, reason: "test", second }, await bearer("li"));
    expect(refused).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    await until("the journal has it", async () => {
      const { out } = await portcullis("journal", "export", box.dataDir);
      return out.split("\n").some((line) => line.includes('"operator.under-duress"') && line.includes('"by":"wang"'));
    });
  });

  it("names who gave an order in the same order under duress", async () => {
    const act = { kind: "start-walk-test", zones: ["fence-1"], forMs: 60_000 };
    const second = { name: "wang", pin: duressPin };
    expect(await post("/api/v1/commands", { act, reason: "test", second }, await bearer("li"))).toMatchObject({
      status: 200,
    });
    expect((await box.get("/api/v1/walk-test")).body).toMatchObject({ running: { person: "li" } });
    await post("/api/v1/commands", { act: { kind: "end-walk-test" }, reason: "test" }, await bearer("li"));
  });

  it("answers the same under duress, and shows nothing of it", async () => {
    const own = await post("/api/v1/commands", silence, await bearer("li"));
    const forced = await post("/api/v1/commands", silence, await bearer("li", duressPin));
    expect({ ...forced.body, id: "" }).toEqual({ ...own.body, id: "" });
    const records = await until("the journal has it", async () => {
      const { out } = await portcullis("journal", "export", box.dataDir);
      return out.includes("operator.under-duress") && out;
    });
    expect(records).toContain('"hold-up"');
    expect(JSON.stringify((await box.get("/api/v1/status")).body)).not.toMatch(/hold-up|duress/);
  });
});

describe("pages of others", () => {
  it("order nothing with the cookie of who is logged in", async () => {
    const { cookie } = await post("/api/v1/sessions", { name: "li", pin: pins["li"] }, { origin: box.url });
    const [session = ""] = cookie.split(";");
    const order = (headers: object) => post("/api/v1/commands", silence, { cookie: session, ...headers });
    expect(await order({ origin: box.url })).toMatchObject({ status: 200 });
    expect(await order({ "sec-fetch-site": "same-origin" })).toMatchObject({ status: 200 });
    for (const headers of [{}, { origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }])
      expect(await order(headers)).toMatchObject({ status: 403, body: { code: "api.foreign" } });
  });

  it("do not reach the box under a name of their own", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request(`${box.url}/api/v1/status`, { headers: { host: "evil.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });
});

describe("points", () => {
  it("stand with value, quality, users and newest samples", async () => {
    beam.say({ beam: "clear", cover: "shut" });
    const blocked = await until("the beam is heard of", async () => {
      const { points } = (await box.get("/api/v1/points")).body as PointsReply;
      const point = points.find((each) => each.point === "beam-blocked");
      return point?.quality === "good" && point;
    });
    expect(blocked).toMatchObject({
      direction: "in",
      driver: "field",
      driverUp: true,
      zones: ["fence-1"],
      value: false,
    });
    expect(blocked.samples.at(-1)).toMatchObject({ value: false, quality: "good" });
  });

  it("come live with the status", async () => {
    const answer = await fetch(`${box.url}/api/v1/live`);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.includes("event: points") && text.includes("event: status")) break;
    }
    expect(text).toContain('"point":"beam-blocked"');
  });

  it("are printed by the command line", async () => {
    const { code, out } = await portcullis("commission", "points", "--url", box.url);
    expect(code).toBe(0);
    expect(out).toMatch(/^beam-blocked {2}input {2}field {2}/m);
  });
});

it("shows its page to everybody on this machine, and needs nothing from another host", async () => {
  const answer = await fetch(box.url);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(await answer.text()).toContain("main.js");
});

it("a flood of one person's orders keeps nobody else from giving any, and nobody from a lock-down", async () => {
  const wang = await bearer("wang");
  const wrong = { act: { kind: "report", step: "none" }, reason: "flood" };
  for (let round = 0; round < orderLimits.perMinute / 10; round += 1)
    await Promise.all(Array.from({ length: 10 }, () => post("/api/v1/commands", wrong, wang)));
  expect((await post("/api/v1/commands", wrong, wang)).status).toBe(429);
  const lockDown = { act: { kind: "lock-down", group: "none" }, reason: "test" };
  expect((await post("/api/v1/commands", lockDown, wang)).status).toBe(404);
  expect((await post("/api/v1/commands", silence, await bearer("li"))).status).not.toBe(429);
});
