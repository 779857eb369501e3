// What a guard does in the gatehouse over the box's HTTP, with no hub anywhere: seal, lock down, let pass, stand down by two PINs.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Act } from "../../edge/model/command.js";
import type { Durable } from "../../edge/model/durable.js";
import { until } from "../support/until.js";
import { duressPin, type GateBox, pins, startGateBox } from "./gate-box.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let gate: GateBox;
beforeAll(async () => {
  gate = await startGateBox();
});
afterAll(async () => gate?.close());

async function post(path: string, body: unknown, token = "") {
  const answer = await fetch(gate.box.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

async function login(name: keyof typeof pins, pin: string = pins[name]): Promise<string> {
  return String((await post("/api/v1/sessions", { name, pin })).body["token"]);
}

async function order(by: string, act: Act, more: object = {}) {
  return post("/api/v1/commands", { act, reason: "test", ...more }, by);
}

async function durable(): Promise<Durable> {
  return ((await gate.box.get("/api/v1/status")).body as { durable: Durable }).durable;
}

const lockDown: Act = { kind: "lock-down", group: "lane" };
const standDown: Act = { kind: "stand-down", group: "lane", barriers: ["boom"] };
const passing = (forMs: number): Act => ({ kind: "let-pass", barrier: "boom", forMs });
const closed = () => until("the gate is closed", async () => (await durable()).barriers["boom"] === "closed");
const opened = () => until("the gate is open", async () => (await durable()).barriers["boom"] === "open");

describe("the gatehouse with the hub off", () => {
  it("A-33: seals, lets one vehicle pass by one guard, has that reviewed by another, and opens for two PINs only", async () => {
    const [li, chen] = [await login("li"), await login("chen")];
    expect((await gate.box.get("/api/v1/seal")).body).toMatchObject({
      ok: true,
      groups: [{ group: "lane", barriers: [{}] }],
    });
    expect(await order(li, lockDown)).toMatchObject({ status: 200 });
    await closed();

    expect(await order(await login("tech"), passing(60_000))).toMatchObject({ status: 403 });
    expect(await order(li, passing(2_000), { reason: "ambulance" })).toMatchObject({ status: 200 });
    await opened();
    await closed();
    const [review] = Object.values((await durable()).workOrders).filter(({ cause }) => cause === "review");
    expect(review).toMatchObject({
      state: "open",
      pass: { by: "li", reason: "ambulance", closedAt: { wall: expect.any(Number) } },
    });
    const sign: Act = { kind: "work-order", number: review?.number ?? "", to: "verified", note: "seen" };
    expect(await order(li, sign)).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    expect(await order(chen, sign)).toMatchObject({ status: 200 });
    await until("the review is signed off", async () => {
      const orders = Object.values((await durable()).workOrders);
      return orders.every(({ cause }) => cause !== "review");
    });

    expect(await order(li, standDown)).toMatchObject({ status: 403, body: { code: "command.needs-two-persons" } });
    const twice = { second: { name: "li", pin: pins.li } };
    expect(await order(li, standDown, twice)).toMatchObject({ body: { code: "command.needs-two-persons" } });
    expect(await order(li, standDown, { second: { name: "wang", pin: pins.wang } })).toMatchObject({ status: 200 });
    await opened();
    await until("nothing is held", async () => Object.keys((await durable()).lockDowns).length === 0);
  });

  it("A-33: stands down the same for a PIN under duress, and no page of the box tells it", async () => {
    const forced = await login("li", duressPin);
    await order(forced, lockDown);
    await closed();
    const answer = await order(forced, standDown, { second: { name: "wang", pin: duressPin } });
    expect(answer).toMatchObject({ status: 200, body: { ok: true, code: "", obstacles: [] } });
    await opened();
    const shown = JSON.stringify([await gate.box.get("/api/v1/status"), await gate.box.get("/api/v1/site")]);
    expect(shown).not.toMatch(/hold-up|duress/);
  });

  it("A-22: obeys nobody beyond the role, whatever the page would show", async () => {
    const li = await login("li");
    const level: Act = { kind: "set-posture", level: "level-3", issuer: "bureau", reference: "7", leader: null };
    expect(await order(li, level)).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    expect((await durable()).posture.level).toBe("normal");
  });

  it("A-01: says what keeps an area from being armed, each in both languages", async () => {
    const li = await login("li");
    gate.breakBeam();
    await until("the alarm is open", async () =>
      Object.values((await durable()).incidents).some(({ kind }) => kind === "intrusion"),
    );
    await order(li, { kind: "disarm", area: "fence" });
    const refused = await order(li, { kind: "arm", area: "fence" });
    expect(refused).toMatchObject({ status: 409, body: { code: "arming.prevented" } });
    const text = { zh: expect.any(String), en: expect.any(String) };
    expect(refused.body["obstacles"]).toContainEqual({ subject: "fence-1", why: "still-latched", text });
    gate.quiet();
  });
});
