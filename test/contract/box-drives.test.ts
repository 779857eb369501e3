// A barrier's drive over the box's own HTTP, on a real box with a boom gate that is played by hand: lock-out, runs, the line of a
// hold, the interlock check.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { DrivesReply, DriveView, HoldReply } from "../../edge/commissioning/questions/drives.js";
import type { Role } from "../../edge/model/command.js";
import { putPeople } from "../support/box-people.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

type Headers = Readonly<Record<string, string>>;
const pins: Readonly<Record<string, string>> = { li: "739154", wang: "417390", tech: "285306" };
const roles: Readonly<Record<string, Role>> = { li: "supervisor", wang: "operator", tech: "technician" };
const open = { closed: false, open: true, loop: false };
const between = { closed: false, open: false, loop: false };
const closed = { closed: true, open: false, loop: false };

let box: SmallBox;
let gate: Player;
const as: Record<string, Headers> = {};

beforeAll(async () => {
  box = await startSmallBox();
  gate = await playDevice(box.dataDir, box.site.broker, "gate");
  const people = Object.entries(roles).map(([name, role]) => ({ name, roles: [role], pin: pins[name] ?? "" }));
  putPeople(box.dataDir, people);
  for (const name of Object.keys(roles)) {
    const { body } = await post("/api/v1/sessions", { name, pin: pins[name] }, {});
    as[name] = { authorization: `Bearer ${body["token"]}` };
  }
  gate.say(open);
  await order("li", { kind: "disarm", area: "entrance" });
});
afterAll(async () => {
  await gate?.close();
  await box?.close();
});
beforeEach(async () => {
  gate.say(open);
  await until("the gate stands open", async () => (await drive()).state === "open");
});

async function post(path: string, body: unknown, headers: Headers, method = "POST") {
  const answer = await fetch(box.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

const order = (who: string, act: object, second?: string) =>
  post(
    "/api/v1/commands",
    { act, reason: "test", ...(second === undefined ? {} : { second: { name: second, pin: pins[second] } }) },
    as[who] ?? {},
  );

async function drive(): Promise<DriveView> {
  const { body } = await box.get("/api/v1/drives?barrier=boom");
  const [view] = (body as DrivesReply).drives;
  if (view === undefined) throw new Error("no boom gate");
  return view;
}

const relay = (id: string, value: string) =>
  until(`${id} is ${value}`, async () => gate.ordered(`f/gate/${id}`) === value);
const lockOut = { kind: "lock-out", barrier: "boom", note: "new spring" };
const clear = { kind: "clear-lock-out", barrier: "boom" };

describe("a lock-out at the box", () => {
  it("is a technician's, is shown with his name, and is his to clear", async () => {
    expect(await order("wang", lockOut)).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    expect(await order("tech", lockOut)).toMatchObject({ status: 200 });
    expect(await drive()).toMatchObject({ state: "locked-out", lockOut: { by: "tech", note: "new spring" } });
    expect(await order("wang", clear)).toMatchObject({ status: 403, body: { code: "command.needs-two-persons" } });
    expect(await order("wang", clear, "tech")).toMatchObject({ status: 200 });
    expect((await drive()).lockOut).toBeNull();
  });

  it("stands in the answer to 'seal now?' and against every run", async () => {
    await order("tech", lockOut);
    const seal = await box.get("/api/v1/seal?group=lane");
    expect(seal.body).toMatchObject({
      ok: false,
      groups: [{ barriers: [{ barrier: "boom", obstacles: ["locked-out"] }] }],
    });
    const run = await order("tech", { kind: "test-run", barrier: "boom", direction: "close", mode: "normal" });
    expect(run).toMatchObject({ status: 409, body: { obstacles: [{ subject: "boom", why: "locked-out" }] } });
    expect(await order("li", clear, "wang")).toMatchObject({ status: 200 });
    expect(gate.ordered("f/gate/gate-close") ?? "off").toBe("off");
  });

  it("is refused with a body that lacks its note", async () => {
    expect(await order("tech", { kind: "lock-out", barrier: "boom" })).toMatchObject({
      status: 400,
      body: { code: "api.invalid-body" },
    });
  });
});

describe("a test run at the box", () => {
  it("is measured from the relay to the contact and kept", async () => {
    const run = await order("tech", { kind: "test-run", barrier: "boom", direction: "close", mode: "normal" });
    expect(run).toMatchObject({ status: 200 });
    await relay("gate-close", "on");
    gate.say(between);
    await until("the gate is on its way", async () => (await drive()).state === "closing");
    gate.say(closed);
    const [told] = await until("the run is kept", async () => {
      const { runs } = await drive();
      return runs.length > 0 ? runs : undefined;
    });
    expect(told).toMatchObject({ id: run.body["id"], kind: "run", by: "tech", end: "arrived", isFull: true });
    expect(told?.ms).toBeGreaterThan(0);
    await relay("gate-close", "off");
    expect((await drive()).summaries).toMatchObject([{ direction: "close", mode: "normal", runs: 1, isShort: true }]);
  });

  it("is refused to a guard", async () => {
    const run = await order("wang", { kind: "test-run", barrier: "boom", direction: "close", mode: "normal" });
    expect(run.status).toBe(403);
  });
});

/** Begins a hold and gives its line, its id and the first key. */
async function beginHold(who: string) {
  const line = new AbortController();
  const answer = await fetch(`${box.url}/api/v1/drives/boom/hold`, {
    method: "POST",
    headers: { "content-type": "application/json", ...as[who] },
    body: JSON.stringify({ direction: "close", reason: "test" }),
    signal: line.signal,
  });
  const reader = answer.body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  const data = /data: (.*)/.exec(first)?.[1] ?? first;
  return { status: answer.status, line, ...(JSON.parse(data) as { hold: string; key: number; code?: string }) };
}

/** Signs until `isEnough`; gives the last key. */
async function signUntil(hold: string, first: number, isEnough: () => boolean): Promise<HoldReply> {
  for (let key = first; ; ) {
    const { body } = await post(`/api/v1/holds/${hold}`, { key }, as["tech"] ?? {});
    const told = body as unknown as HoldReply;
    if (isEnough() || told.underWay === null) return told;
    key = told.underWay.key ?? 0;
  }
}

describe("hold-to-run at the box", () => {
  const runs = () => gate.ordered("f/gate/gate-close") === "on";
  const lastEnd = (end: string) =>
    until(`the hold is over: ${end}`, async () => (await drive()).runs.at(-1)?.end === end);

  it("runs while signs come and stops when the technician lets go", async () => {
    const { hold, key } = await beginHold("tech");
    await signUntil(hold, key, runs);
    const over = await post(`/api/v1/holds/${hold}`, undefined, as["tech"] ?? {}, "DELETE");
    expect(over.body).toMatchObject({ underWay: null, run: { id: hold, kind: "hold", end: "released" } });
    await relay("gate-close", "off");
  });

  it("stops when its line breaks", async () => {
    const { hold, key, line } = await beginHold("tech");
    await signUntil(hold, key, runs);
    line.abort();
    await relay("gate-close", "off");
    await lastEnd("line-lost");
  });

  it("stops by the controller's own clock when signs stay away on an open line", async () => {
    const { hold, key } = await beginHold("tech");
    await signUntil(hold, key, runs);
    await relay("gate-close", "off");
    await lastEnd("silent");
    expect(await post(`/api/v1/holds/${hold}`, { key }, as["tech"] ?? {})).toMatchObject({ body: { underWay: null } });
    expect(await post(`/api/v1/holds/${hold}`, { key }, as["tech"] ?? {})).toMatchObject({
      status: 409,
      body: { code: "drive.hold-over" },
    });
  });

  it("is not kept out by lines whose technicians vanished without a word", async () => {
    const lines: AbortController[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { status, hold, line } = await beginHold("tech");
      expect([count, status]).toEqual([count, 200]);
      lines.push(line);
      await until("the hold is over", async () => (await drive()).runs.some(({ id }) => id === hold));
    }
    for (const line of lines) line.abort();
  });

  it("is nobody else's: neither a guard's, nor signed by another", async () => {
    expect(await beginHold("wang")).toMatchObject({ status: 403, code: "command.not-allowed" });
    const { hold, line, key } = await beginHold("tech");
    expect((await post(`/api/v1/holds/${hold}`, { key }, as["li"] ?? {})).status).toBe(409);
    expect((await post(`/api/v1/holds/${hold}`, { key }, {})).status).toBe(401);
    line.abort();
    await lastEnd("line-lost");
  });
});

describe("the interlock check at the box", () => {
  const check = (who: string, move: string) => post("/api/v1/drives/boom/check", { move }, as[who] ?? {});
  const stateOf = async () =>
    (await drive()).checking?.rows.find(({ kind, point }) => kind === "block" && point === "loop")?.state;

  it("sees the loop taken and free, and keeps what it proved with the technician's name", async () => {
    expect((await check("wang", "begin")).status).toBe(403);
    expect((await check("tech", "begin")).status).toBe(200);
    gate.say({ ...open, loop: true });
    await until("the loop is seen", async () => (await stateOf()) === "seen");
    gate.say(open);
    await until("the loop is passed", async () => (await stateOf()) === "passed");
    await check("tech", "end");
    const { checking, checks } = await drive();
    expect(checking).toBeNull();
    expect(checks).toMatchObject([{ kind: "block", point: "loop", state: "passed", by: "tech" }]);
  });

  it("knows no other barrier", async () => {
    const { status } = await post("/api/v1/drives/none/check", { move: "begin" }, as["tech"] ?? {});
    expect(status).toBe(404);
    expect((await box.get("/api/v1/drives?barrier=none")).status).toBe(404);
  });
});
