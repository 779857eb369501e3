// Orders from the hub's API to a box and back: who may, who else must agree, what the box refused and why, what it recorded.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Act } from "../../edge/model/command.js";
import { at, type BoxConnection, connectBox, createJournal, inventory } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

const until = { timeout: 10_000, interval: 20 };
const hourMs = 3_600_000;

const posture: Act = {
  kind: "set-posture",
  level: "level-2",
  issuer: "市反恐办",
  reference: "2026-17",
  leader: null,
};

/** One of each act that the hub takes besides those of hub.test.ts. */
const acts: readonly Act[] = [
  { kind: "arm", area: "gate" },
  { kind: "disarm", area: "gate" },
  { kind: "isolate", zone: "north", forMs: null },
  { kind: "inhibit", zone: "north" },
  { kind: "reinstate", zone: "north" },
  posture,
  { kind: "declare-risk", colour: "orange", issuer: "市反恐办", reference: "R-3" },
  { kind: "let-pass", barrier: "b1", forMs: 300_000 },
  { kind: "open", barrier: "b1" },
  { kind: "report", step: "i1/muster/count" },
  { kind: "work-order", number: "gatehouse-W1", to: "assigned", note: "" },
  { kind: "duty-done", duty: "patrol", note: "" },
  { kind: "self-test" },
  { kind: "start-drill", drill: "spring", zones: ["north"], forMs: hourMs },
  { kind: "end-drill" },
  { kind: "start-walk-test", zones: ["north", "panic"], forMs: hourMs },
  { kind: "end-walk-test" },
];

describe("orders to a box", () => {
  let hub: TestHub;
  let box: BoxConnection;
  const tokens = { operator: "", supervisor: "", technician: "" };
  const journal = createJournal("compound", "gatehouse");

  beforeAll(async () => {
    hub = await startTestHub();
    for (const role of ["operator", "supervisor", "technician"] as const) {
      tokens[role] = await hub.hub.issueToken(`the-${role}`, role, 1);
    }
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    await vi.waitFor(async () => expect(await items("edges")).toMatchObject([{ online: true }]), until);
    tell("config.applied", { revision: 1, hash: "h", inventory });
    await vi.waitFor(async () => expect(await items("edges")).toMatchObject([{ revision: 1 }]), until);
  }, 30_000);
  afterAll(async () => {
    await box.end();
    await hub.close();
  });

  function tell(type: string, data: object): void {
    const record = journal.add(type, data);
    box.send(record.lane, [record]);
  }

  async function items(path: string) {
    return (await hub.call("GET", `/api/v1/${path}`, { token: tokens.operator })).body.items;
  }

  type Asker = keyof typeof tokens;
  const ask = (who: Asker, act: object, more: object = {}) => {
    const body = { site: "compound", edge: "gatehouse", act, reason: "because", ...more };
    return hub.call("POST", "/api/v1/commands", { token: tokens[who], body });
  };
  const command = async (id: string) =>
    (await hub.call("GET", `/api/v1/commands/${id}`, { token: tokens.operator })).body;
  const arrived = (id: string) => vi.waitFor(() => expect(box.commands.at(-1)?.id).toBe(id), until);

  it.each(acts.map((act) => [act.kind, act] as const))("brings %s to the box as it was given", async (_kind, act) => {
    const { status, body } = await ask("supervisor", act);
    expect([status, body.state]).toEqual([201, "sent"]);
    await arrived(body.id);
    expect(box.commands.at(-1)).toMatchObject({ act, issuers: ["the-supervisor"], roles: ["supervisor"] });
    box.answer(body.id, true);
    await vi.waitFor(async () => expect((await command(body.id)).state).toBe("done"), until);
  });

  it.each<{ name: string; act: object }>([
    { name: "no issuer", act: { ...posture, issuer: "" } },
    { name: "an issuer of spaces", act: { ...posture, issuer: "  " } },
    { name: "no reference", act: { kind: "set-posture", level: "level-2", issuer: "市反恐办", leader: null } },
    { name: "an unknown level", act: { ...posture, level: "level-4" } },
    { name: "more than it should have", act: { ...posture, by: "me" } },
  ])("A-22: refuses a change of posture with $name", async ({ act }) => {
    expect(await ask("supervisor", act)).toMatchObject({ status: 400, body: { code: "api.invalid-body" } });
  });

  it("A-22: lets only an authorised person change the posture, and shows what the box has made of it", async () => {
    expect(await ask("operator", posture)).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    const { body } = await ask("supervisor", posture);
    await arrived(body.id);
    tell("posture.changed", {
      level: "level-2",
      from: "normal",
      issuer: "市反恐办",
      reference: "2026-17",
      by: "the-supervisor",
      leader: null,
      at: at(1),
    });
    const shown = { level: "level-2", issuer: "市反恐办", reference: "2026-17", by: "the-supervisor", since: /T/ };
    await vi.waitFor(async () => {
      const [edge] = await items("edges");
      expect(edge).toMatchObject({ posture: { ...shown, since: expect.stringMatching(shown.since) } });
    }, until);
  });

  it.each<{ name: string; act: object }>([
    { name: "a walk test of nothing", act: { kind: "start-walk-test", zones: [], forMs: hourMs } },
    {
      name: "an emergency vehicle that passes for an hour",
      act: { kind: "let-pass", barrier: "b1", forMs: hourMs },
    },
    { name: "an isolation that ends at once", act: { kind: "isolate", zone: "north", forMs: 0 } },
    {
      name: "a repair without a guard",
      act: { kind: "take-out-for-repair", zone: "panic", guard: " ", forMs: hourMs },
    },
    { name: "a note of a thousand signs", act: { kind: "duty-done", duty: "patrol", note: "x".repeat(1000) } },
    { name: "an order's move that there is not", act: { kind: "work-order", number: "W1", to: "lost", note: "" } },
  ])("refuses $name", async ({ act }) => {
    expect(await ask("supervisor", act)).toMatchObject({ status: 400, body: { code: "api.invalid-body" } });
  });

  it("A-26, A-36: carries a work order through its life, from overdue to accepted, and shows what the box records of it", async () => {
    const order = { number: "gatehouse-W1", device: "barrier:b1" };
    tell("workorder.opened", { ...order, cause: "drive-fault", at: at(0) });
    tell("workorder.overdue", { ...order, alarm: { key: "workorder/W1", priority: 2 }, dueAt: at(7_200_000) });
    await vi.waitFor(async () => {
      expect(await items("work-orders")).toMatchObject([{ state: "open", overdue: true }]);
      expect(await items("alarms?state=active")).toMatchObject([{ title: { en: "Bollard 1: Work order overdue" } }]);
    }, until);

    const moves = { assigned: "operator", fixed: "technician", verified: "supervisor" } as const;
    for (const [to, who] of Object.entries(moves) as ["assigned" | "fixed" | "verified", Asker][]) {
      const { body } = await ask(who, { kind: "work-order", number: order.number, to, note: `${to} now` });
      await arrived(body.id);
      expect(box.commands.at(-1)).toMatchObject({ roles: [who], act: { number: order.number, to } });
      box.answer(body.id, true);
      const alarms = to === "assigned" ? ["workorder/W1"] : [];
      tell(`workorder.${to}`, { ...order, by: `the-${who}`, note: `${to} now`, at: at(1), alarms });
      await vi.waitFor(async () => {
        expect(await items("work-orders")).toMatchObject([{ state: to, by: `the-${who}`, note: `${to} now` }]);
      }, until);
    }
    expect(await items("alarms?state=returned-unacknowledged")).toMatchObject([{ type: "workorder.overdue" }]);
  });

  it("shows what prevents arming, by name and in both languages", async () => {
    const { body } = await ask("operator", { kind: "arm", area: "fence" });
    await arrived(body.id);
    box.answer(body.id, false, "arming.prevented", [
      { subject: "north", why: "not-normal" },
      { subject: "board", why: "driver-lost" },
    ]);
    await vi.waitFor(async () => {
      expect(await command(body.id)).toMatchObject({
        state: "refused",
        code: "arming.prevented",
        obstacles: [
          {
            subject: "north",
            name: { zh: "北侧围栏", en: "North fence" },
            text: { zh: "未恢复正常", en: "Not normal" },
          },
          { subject: "board", name: { en: "board" }, text: { zh: "现场设备断开" } },
        ],
      });
    }, until);
  });

  it("A-30: offers a second person's consent for any order, such as opening a lane that needs two", async () => {
    const before = box.commands.length;
    const { body } = await ask("supervisor", { kind: "open", barrier: "b1" }, { dual: true });
    expect(body.state).toBe("awaiting-approval");
    const approve = (who: Asker) => hub.call("POST", `/api/v1/commands/${body.id}/approve`, { token: tokens[who] });
    expect(await approve("supervisor")).toMatchObject({ status: 403, body: { code: "command.needs-two-persons" } });
    expect(await approve("operator")).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    expect(box.commands.length).toBe(before);
    const other = await hub.hub.issueToken("another", "supervisor", 1);
    await hub.call("POST", `/api/v1/commands/${body.id}/approve`, { token: other });
    await arrived(body.id);
    expect(box.commands.at(-1)).toMatchObject({
      issuers: ["the-supervisor", "another"],
      roles: ["supervisor", "supervisor"],
    });
  });

  it("lets a technician propose a repair of a panic button, and a supervisor send it", async () => {
    const act = { kind: "take-out-for-repair", zone: "panic", guard: "Chen", forMs: hourMs };
    expect((await ask("operator", act)).status).toBe(403);
    const { body } = await ask("technician", act);
    expect(body.state).toBe("awaiting-approval");
    await hub.call("POST", `/api/v1/commands/${body.id}/approve`, { token: tokens.supervisor });
    await arrived(body.id);
    expect(box.commands.at(-1)).toMatchObject({ act, roles: ["technician", "supervisor"] });
  });

  it("A-30: counts the different operators who have the console open, not programs and not twice the same", async () => {
    const openings: AbortController[] = [];
    const open = async (headers: Record<string, string>) => {
      const opening = new AbortController();
      openings.push(opening);
      await fetch(`http://127.0.0.1:${hub.hub.ports.http}/api/v1/stream`, { headers, signal: opening.signal });
    };
    const present = async () =>
      /^portcullis_operators_present (\d+)$/m.exec((await hub.call("GET", "/metrics")).body.message)?.[1];
    const page = (token: string) => ({ cookie: `portcullis_session=${token}` });
    await open({ authorization: `Bearer ${tokens.operator}` });
    await open(page(tokens.technician));
    expect(await present()).toBe("0");
    await open(page(tokens.operator));
    await open(page(tokens.operator));
    expect(await present()).toBe("1");
    await open(page(tokens.supervisor));
    expect(await present()).toBe("2");
    for (const opening of openings) opening.abort();
    await vi.waitFor(async () => expect(await present()).toBe("0"), until);
  });
});
