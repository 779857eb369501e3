// Alarms and dual approval through the hub's own sockets: seen everywhere and at the box, escalated, kept over restarts, refused by one rule.
import Ajv from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { at, type BoxConnection, breachData, connectBox, createJournal, inventory, openedData } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

const until = { timeout: 15_000, interval: 50 };
const minute = 60_000;
const password = "a long enough password";
const overdue = { alarm: { key: "workorder/W1", priority: 3 }, number: "W1", device: "barrier:b1", dueAt: at(0) };

describe("alarms at a hub", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let token: string;
  let colleague: string;
  let administrator: string;
  const journal = createJournal("compound", "gatehouse");

  beforeAll(async () => {
    hub = await startTestHub({ alarms: { escalateAfterSeconds: [1, 2], shelveMinutesMax: 60 } });
    token = await hub.hub.issueToken("wang", "operator", 1);
    colleague = await hub.hub.issueToken("li", "supervisor", 1);
    administrator = await hub.hub.issueToken("root", "administrator", 1);
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    await vi.waitFor(async () => expect((await get("edges")).items).toMatchObject([{ online: true }]), until);
    tell("config.applied", { revision: 1, hash: "h", inventory });
    tell("incident.opened", openedData("i1", 100));
    tell("zone.breached", breachData("i1", 100));
    tell("workorder.overdue", overdue);
    await vi.waitFor(async () => expect((await get("alarms")).items).toHaveLength(2), until);
  }, 30_000);
  afterAll(async () => {
    await box.end();
    await hub.close();
  });

  function tell(type: string, data: object): void {
    const record = journal.add(type, data);
    box.send(record.lane, [record]);
  }
  const get = async (path: string, by = token) => (await hub.call("GET", `/api/v1/${path}`, { token: by })).body;
  const post = (path: string, by = token, body?: object) =>
    hub.call("POST", `/api/v1/${path}`, { token: by, ...(body && { body }) });
  const idOf = async (type: string) => (await get("alarms")).items.find((alarm) => alarm.type === type)?.id ?? "";

  it("escalate while nobody acknowledges them, level by level, each a record and in the list", async () => {
    const id = await idOf("zone.breached");
    await vi.waitFor(async () => expect(await get(`alarms/${id}`)).toMatchObject({ escalation: 2 }), until);
    const { items } = await get("records?type=alarm.escalated");
    const own = items.map(
      (row) => (row as unknown as { record: { data: { target: string; level: number } } }).record.data,
    );
    expect(own.filter(({ target }) => target === id).map(({ level }) => level)).toEqual([1, 2]);
    const { body } = await hub.call("GET", "/metrics");
    expect(body.message).toMatch(/^portcullis_alarms_escalated_total 4$/m);
  });

  it("GB 50394 5.2.2: of an intrusion are not shelved, others are for a limited time with a reason", async () => {
    const shelve = { forMs: 30 * minute, reason: "parts ordered" };
    const path = async (type: string) => `alarms/${await idOf(type)}/shelve`;
    expect(await post(await path("zone.breached"), token, shelve)).toMatchObject({
      status: 409,
      body: { code: "alarm.protected" },
    });
    expect((await get("records?type=act.refused")).items).toHaveLength(1);
    const long = { ...shelve, forMs: 61 * minute };
    expect(await post(await path("workorder.overdue"), token, long)).toMatchObject({ status: 400 });
    expect(await post(await path("workorder.overdue"), token, { forMs: 1000 })).toMatchObject({ status: 400 });
    expect(await post(await path("workorder.overdue"), token, shelve)).toMatchObject({
      status: 200,
      body: { shelved: { by: "wang", reason: "parts ordered" }, state: "unacknowledged" },
    });
    expect(await get("alarm-measures")).toMatchObject({ shelved: 1, raisedInTenMinutes: 2, flood: null });
  });

  it("come back when the time of shelving is over", async () => {
    const id = await idOf("workorder.overdue");
    await post(`alarms/${id}/shelve`, token, { forMs: 1, reason: "a moment" });
    await vi.waitFor(async () => expect(await get(`alarms/${id}`)).toMatchObject({ shelved: null }), until);
    expect((await get("records?type=alarm.unshelved")).items).toHaveLength(1);
  });

  it("that are acknowledged while the box is away reach it when it is back, once it has written them down no more", async () => {
    const status = "portcullis/v1/compound/gatehouse/status";
    await box.client.publishAsync(status, JSON.stringify({ online: false }), { retain: true });
    await box.end();
    await vi.waitFor(async () => expect((await get("edges")).items).toMatchObject([{ online: false }]), until);
    const id = await idOf("zone.breached");
    expect((await post(`alarms/${id}/acknowledge`)).body).toMatchObject({
      acknowledgedBy: "wang",
      acknowledgedFrom: "http",
    });
    await hub.restart();
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    await vi.waitFor(
      () => expect(box.commands.at(-1)).toMatchObject({ act: { kind: "acknowledge", incident: "i1" } }),
      until,
    );
    const told = box.commands.at(-1);
    const act = { kind: "acknowledge", incident: "i1" };
    tell("operator.commanded", { command: told?.id, issuers: told?.issuers, act, reason: "" });
    tell("operator.acknowledged", { incident: "i1", by: "wang" });
    tell("step.missed", {
      alarm: { key: "i1/s/missed", priority: 1 },
      ...{ step: "s", incident: "i1", target: "b1", reason: "jammed", deadlineAt: at(1), latenessMs: 0 },
    });
    await vi.waitFor(async () => expect(await idOf("step.missed")).not.toBe(""), until);
    expect(await get(`alarms/${await idOf("step.missed")}`)).toMatchObject({
      state: "unacknowledged",
      class: "missed-step",
    });
  });

  it("change in a feed that goes on from any cursor, the same before and after a restart of the hub", async () => {
    const first = (await get("alarm-changes?limit=3")) as unknown as Changes;
    expect(first.items).toHaveLength(3);
    await hub.restart();
    const all = (await get("alarm-changes?limit=500")) as unknown as Changes;
    expect(all.items.slice(0, 3)).toEqual(first.items);
    const rest = (await get(`alarm-changes?after=${first.items[2]?.sequence}`)) as unknown as Changes;
    expect(rest.items).toEqual(all.items.slice(3));
    expect(all.items.at(-1)?.sequence).toBe(all.head);
    const sequences = all.items.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect((await get(`alarm-changes?after=${all.head}`)).items).toEqual([]);
  });

  it("answer as the OpenAPI document says, as does everything that can be read", async () => {
    const paths = (await get("openapi.json")).paths as unknown as Document;
    const ajv = new Ajv.default({ strict: false, formats: { "date-time": true } });
    const wide = Object.keys(paths).filter((path) => paths[path]?.get !== undefined && !path.includes("{"));
    const schemaOf = (path: string) => paths[path]?.get?.responses["200"]?.content?.["application/json"]?.schema;
    const checked = wide.filter((path) => schemaOf(path) !== undefined);
    expect(checked.length).toBeGreaterThanOrEqual(15);
    for (const path of checked) {
      const { body } = await hub.call("GET", path, { token: administrator });
      const check = ajv.compile(schemaOf(path) ?? {});
      expect([path, check(body), check.errors]).toEqual([path, true, null]);
    }
  });

  describe("and what needs two persons", () => {
    const standDown = { kind: "stand-down", group: "main", barriers: ["b1"] };
    const order = { site: "compound", edge: "gatehouse", act: standDown, reason: "over" };
    const commands = () => box.commands.filter(({ act }) => act.kind === "stand-down");

    it("is listed with what is asked and by whom until another decides", async () => {
      const { body } = await post("commands", token, order);
      expect((await get("approvals?state=awaiting")).items).toMatchObject([
        { id: body.id, kind: "command", requestedBy: "wang", reason: "over", subject: { act: standDown } },
      ]);
      expect((await post(`approvals/${body.id}/approve`)).body.code).toBe("command.needs-two-persons");
      const approved = await post(`approvals/${body.id}/approve`, colleague);
      expect(approved).toMatchObject({ status: 200, body: { state: "approved", decidedBy: "li" } });
      await vi.waitFor(() => expect(commands()).toMatchObject([{ id: body.id, issuers: ["wang", "li"] }]), until);
      expect((await get("approvals?state=awaiting")).items).toEqual([]);
    });

    it("is not sent when the other refuses, and says so", async () => {
      const { body } = await post("commands", token, order);
      const refused = await post(`commands/${body.id}/refuse`, colleague);
      expect(refused).toMatchObject({ status: 200, body: { state: "refused", code: "command.declined" } });
      expect((await post(`commands/${body.id}/approve`, colleague)).status).toBe(409);
      expect(commands()).toHaveLength(1);
    });

    it("is not sent for a person who was disabled since", async () => {
      const eve = { user: "eve", password, role: "supervisor" };
      const chief = { user: "chief", password, role: "administrator" };
      for (const user of [eve, chief]) expect((await post("users", administrator, user)).status).toBe(201);
      const login = await hub.call("POST", "/api/v1/sessions", { body: { user: "eve", password } });
      const { body } = await post("commands", login.body.token, order);
      expect((await post("users/eve/disable", administrator)).body).toMatchObject({ user: "eve", disabled: true });
      expect((await hub.call("GET", "/api/v1/alarms", { token: login.body.token })).status).toBe(401);
      expect((await hub.call("POST", "/api/v1/sessions", { body: { user: "eve", password } })).status).toBe(401);
      expect((await post(`approvals/${body.id}/approve`, colleague)).status).toBe(403);
      expect((await post("users/chief/disable", administrator)).status).toBe(409);
      expect((await get("records?type=user.disabled")).items).toHaveLength(1);
    });

    it("A-30: is the opening of a lane in level 1, though nobody said so", async () => {
      const posture = { level: "level-1", issuer: "x", reference: "1", leader: "chen" };
      tell("posture.changed", { ...posture, from: "normal", by: "li", at: at(1) });
      await vi.waitFor(
        async () => expect((await get("edges")).items).toMatchObject([{ posture: { level: "level-1" } }]),
        until,
      );
      const open = { ...order, act: { kind: "open", barrier: "b1" } };
      expect((await post("commands", colleague, open)).body.state).toBe("awaiting-approval");
    });
  });

  it("of an incident that their box knows no more can be reset all the same", async () => {
    const id = await idOf("step.missed");
    await post(`alarms/${id}/acknowledge`);
    await post(`alarms/${id}/reset`);
    await vi.waitFor(() => expect(box.commands.at(-1)?.act).toEqual({ kind: "reset", incident: "i1" }), until);
    box.answer(box.commands.at(-1)?.id ?? "", false, "command.unknown-target");
    await vi.waitFor(async () => expect(await get(`alarms/${id}`)).toMatchObject({ state: "closed" }), until);
    expect(await get(`alarms/${await idOf("zone.breached")}`)).toMatchObject({ state: "closed", resetBy: "wang" });
  });

  it("that come faster than people can follow are a flood, on record and over a restart, and all are in the list", async () => {
    for (let made = 0; made < 12; made += 1) {
      tell("duty.missed", { alarm: { key: `duty/d${made}`, priority: 4 }, duty: `d${made}`, dueAt: at(made) });
    }
    const flood = async () => (await get("alarm-measures")) as unknown as { flood: { since: string } | null };
    await vi.waitFor(async () => expect((await flood()).flood).not.toBeNull(), until);
    const { flood: before } = await flood();
    await hub.restart();
    expect((await flood()).flood).toEqual(before);
    expect((await get("alarms")).items.filter(({ type }) => type === "duty.missed")).toHaveLength(12);
    expect((await hub.call("GET", "/metrics")).body.message).toMatch(/^portcullis_alarms_flood 1$/m);
    await vi.waitFor(async () => expect((await get("edges")).items).toMatchObject([{ online: true }]), until);
  });

  it("A-22: a posture for a whole site goes to every box, and each gives a result of its own", async () => {
    const act = { kind: "set-posture", level: "level-2", issuer: "市反恐办", reference: "2026-17", leader: null };
    const { status, body } = await post("sites/compound/commands", colleague, { act, reason: "ordered" });
    expect(status).toBe(201);
    await vi.waitFor(() => expect(box.commands.at(-1)?.act.kind).toBe("set-posture"), until);
    box.answer(box.commands.at(-1)?.id ?? "", true);
    await vi.waitFor(async () => {
      expect(await get(`site-commands/${body.id}`)).toMatchObject({
        site: "compound",
        boxes: [
          { edge: "gatehouse", commands: [{ state: "done", act }] },
          { edge: "annex", commands: [{ state: "refused", code: "uplink.unreachable" }] },
        ],
      });
    }, until);
    expect((await post("sites/compound/commands", token, { act, reason: "" })).status).toBe(403);
    expect((await post("sites/nowhere/commands", colleague, { act, reason: "" })).status).toBe(404);
    expect((await get("records?type=site.commanded")).items).toHaveLength(1);
  });

  it("a lock-down of a whole site closes every group of every box", async () => {
    const { body } = await post("sites/compound/commands", token, { act: { kind: "lock-down" }, reason: "" });
    await vi.waitFor(() => expect(box.commands.at(-1)?.act).toEqual({ kind: "lock-down", group: "main" }), until);
    expect(await get(`site-commands/${body.id}`)).toMatchObject({ boxes: [{ commands: [{}] }, { edge: "annex" }] });
  });

  it("a session that somebody else ends is over at once, its open stream too", async () => {
    const login = await hub.call("POST", "/api/v1/sessions", { body: { user: "chief", password } });
    const url = `http://127.0.0.1:${hub.hub.ports.http}/api/v1/stream`;
    const stream = await fetch(url, { headers: { authorization: `Bearer ${login.body.token}` } });
    const ended = stream.text();
    const chief = (await get("sessions", administrator)).items.filter(({ user }) => user === "chief");
    expect(chief).toHaveLength(1);
    expect((await hub.call("DELETE", `/api/v1/sessions/${chief[0]?.id}`, { token })).status).toBe(403);
    expect((await hub.call("DELETE", `/api/v1/sessions/${chief[0]?.id}`, { token: administrator })).status).toBe(204);
    expect(await ended).toContain("welcome");
    expect((await hub.call("GET", "/api/v1/alarms", { token: login.body.token })).status).toBe(401);
  });
});

interface Changes {
  readonly head: number;
  readonly items: readonly { readonly sequence: number }[];
}

type Document = Readonly<
  Record<string, { readonly get?: { readonly responses: Readonly<Record<string, Content | undefined>> } } | undefined>
>;
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object } | undefined>>;
}
