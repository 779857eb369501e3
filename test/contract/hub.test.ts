// The hub through its own sockets: a box with a certificate on one side, API, stream and ZeroMQ feed on the other.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  at,
  type BoxConnection,
  breachData,
  connectBox,
  createJournal,
  inventory,
  openedData,
  stepData,
} from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

const until = { timeout: 10_000, interval: 20 };

describe("a hub with a box", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let operator: string;
  let colleague: string;
  const journal = createJournal("compound", "gatehouse");

  beforeAll(async () => {
    hub = await startTestHub();
    operator = await hub.hub.issueToken("wang", "operator", 1);
    colleague = await hub.hub.issueToken("li", "supervisor", 1);
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
  }, 30_000);
  afterAll(async () => {
    await box.end();
    await hub.close();
  });

  it("becomes ready", async () => {
    await vi.waitFor(async () => expect((await hub.call("GET", "/healthz")).status).toBe(200), until);
  });

  it("acknowledges a box's records after storing them, and shows the alarm", async () => {
    journal.add("config.applied", { revision: 3, hash: "h", inventory });
    journal.add("incident.opened", openedData("i1", 100));
    journal.add("zone.breached", breachData("i1", 100));
    journal.add("step.decided", stepData("i1", 100));
    box.send(
      "state",
      journal.records.filter(({ lane }) => lane === "state"),
    );
    box.send(
      "alarm",
      journal.records.filter(({ lane }) => lane === "alarm"),
    );
    await vi.waitFor(
      () => expect(Object.fromEntries(box.heads)).toEqual({ "epoch-1/state": 1, "epoch-1/alarm": 3 }),
      until,
    );
    const { body } = await hub.call("GET", "/api/v1/alarms?state=active", { token: operator });
    expect(body.items).toMatchObject([
      {
        zone: "north",
        area: "fence",
        state: "unacknowledged",
        priority: 1,
        title: { en: "North fence: Fence cut" },
      },
    ]);
  });

  it("A-17: gives a graphic display the state of every zone and where it is", async () => {
    const { body } = await hub.call("GET", "/api/v1/zones", { token: operator });
    expect(body.items.map(({ id }) => id)).toEqual(inventory.zones.map(({ id }) => id));
    expect(body.items.find(({ id }) => id === "north")).toMatchObject({
      state: "breached",
      area: "fence",
      position: { plan: "site", x: 0.25, y: 0.1 },
    });
  });

  it("counts nothing twice when the box sends the same again", async () => {
    box.heads.clear();
    box.send(
      "alarm",
      journal.records.filter(({ lane }) => lane === "alarm"),
    );
    await vi.waitFor(() => expect(box.heads.get("epoch-1/alarm")).toBe(3), until);
    const { body } = await hub.call("GET", "/api/v1/alarms", { token: operator });
    expect(body.items.map(({ count }) => count)).toEqual([1]);
  });

  it("S-12: states the old head when records are missing before what came", async () => {
    journal.add("step.commanded", { step: "i1/perimeter/sound", incident: "i1", at: at(130) });
    journal.add("step.met", { step: "i1/perimeter/sound", incident: "i1", confirmedAt: at(900) });
    const [commanded, met] = journal.records.slice(-2);
    if (commanded === undefined || met === undefined) throw new Error("no records");
    box.heads.clear();
    box.send("alarm", [met]);
    await vi.waitFor(() => expect(box.heads.get("epoch-1/alarm")).toBe(3), until);
    box.send("alarm", [commanded, met]);
    await vi.waitFor(() => expect(box.heads.get("epoch-1/alarm")).toBe(5), until);
  });

  it("shows the incident's timeline with every time of its step", async () => {
    const { body } = await hub.call("GET", "/api/v1/incidents/i1", { token: operator });
    expect(body.steps[0]).toMatchObject({
      occurredAt: "2026-06-01T12:00:00.100Z",
      detectedAt: "2026-06-01T12:00:00.120Z",
      decidedAt: "2026-06-01T12:00:00.121Z",
      commandedAt: "2026-06-01T12:00:00.130Z",
      confirmedAt: "2026-06-01T12:00:00.900Z",
      deadlineAt: "2026-06-01T12:00:05.100Z",
      outcome: "met",
      targetName: { en: "Siren" },
    });
    expect(body.timeline.map(({ type }) => type)).toEqual([
      "incident.opened",
      "zone.breached",
      "step.decided",
      "step.commanded",
      "step.met",
    ]);
  });

  it("keeps an acknowledgement over a restart, and tells the box", async () => {
    const { body: before } = await hub.call("GET", "/api/v1/alarms", { token: operator });
    const path = `/api/v1/alarms/${before.items[0]?.id}/acknowledge`;
    const { body } = await hub.call("POST", path, { token: operator });
    expect(body).toMatchObject({ state: "acknowledged", acknowledgedBy: "wang" });
    await vi.waitFor(
      () =>
        expect(box.commands.at(-1)).toMatchObject({ session: "nonce-1", act: { kind: "acknowledge", incident: "i1" } }),
      until,
    );
    const { body: again } = await hub.call("POST", path, { token: colleague });
    expect(again.acknowledgedBy).toBe("wang");
  });

  it("carries a command to the box and its result back", async () => {
    const request = { site: "compound", edge: "gatehouse", act: { kind: "lock-down", group: "main" }, reason: "drill" };
    const { status, body } = await hub.call("POST", "/api/v1/commands", { token: operator, body: request });
    expect([status, body.state]).toEqual([201, "sent"]);
    await vi.waitFor(() => expect(box.commands.at(-1)?.id).toBe(body.id), until);
    box.answer(body.id, true);
    await vi.waitFor(async () => {
      expect((await hub.call("GET", `/api/v1/commands/${body.id}`, { token: operator })).body.state).toBe("done");
    }, until);
  });

  it("sends a stand-down only when a second person agrees", async () => {
    const act = { kind: "stand-down", group: "main", barriers: ["b1"] };
    const request = { site: "compound", edge: "gatehouse", act, reason: "over" };
    const sentBefore = box.commands.length;
    const { body } = await hub.call("POST", "/api/v1/commands", { token: operator, body: request });
    expect(body.state).toBe("awaiting-approval");
    const approve = (token: string) => hub.call("POST", `/api/v1/commands/${body.id}/approve`, { token });
    expect(await approve(operator)).toMatchObject({ status: 403, body: { code: "command.needs-two-persons" } });
    expect(box.commands.length).toBe(sentBefore);
    expect(await approve(colleague)).toMatchObject({ status: 200, body: { issuers: ["wang", "li"], state: "sent" } });
    await vi.waitFor(() => expect(box.commands.at(-1)).toMatchObject({ id: body.id, issuers: ["wang", "li"] }), until);
    expect(await approve(colleague)).toMatchObject({ status: 409, body: { code: "command.not-possible" } });
    box.answer(body.id, true);
  });

  it("acknowledges lone records without waiting for more traffic on the wire", async () => {
    const tookMs: number[] = [];
    for (let sent = 0; sent < 15; sent += 1) {
      const record = journal.add("health.sampled", { load: sent });
      const since = performance.now();
      box.send("telemetry", [record]);
      await vi.waitFor(() => expect(box.heads.get("epoch-1/telemetry")).toBe(record.sequence), {
        timeout: 5000,
        interval: 1,
      });
      tookMs.push(performance.now() - since);
    }
    // A sender that waits for an acknowledgement by TCP takes 40 ms each time, a busy machine now and then.
    expect(Math.min(...tookMs)).toBeLessThan(35);
  });

  it("S-12: alarms a forked chain, once, and keeps the second record aside", async () => {
    const forger = createJournal("compound", "gatehouse");
    forger.add("zone.breached", breachData("forged", 1));
    box.send("alarm", forger.records);
    box.send("alarm", forger.records);
    await vi.waitFor(async () => {
      const { body } = await hub.call("GET", "/api/v1/alarms?state=unacknowledged", { token: operator });
      expect(body.items).toMatchObject([
        { type: "chain.forked", priority: 1, site: "compound", edge: "gatehouse", count: 1 },
      ]);
    }, until);
  });

  it("S-04, S-05: refuses a box that is not in its configuration, and one that takes another's name", async () => {
    const connect = (name: string, edge: string) => connectBox(hub.hub.ports.broker, hub.tls(name), "compound", edge);
    await expect(connect("compound.stranger", "stranger")).rejects.toThrow();
    await expect(connect("compound.annex", "gatehouse")).rejects.toThrow();
  });

  it("S-06: ends the connection of a box that speaks for another", async () => {
    const annex = await connectBox(hub.hub.ports.broker, hub.tls("compound.annex"), "compound", "annex");
    const closed = new Promise<void>((resolve) => annex.client.once("close", () => resolve()));
    annex.client.publish("portcullis/v1/compound/gatehouse/alarm", "{}");
    await closed;
    await annex.end();
  });

  it("gets a new broker when the old one dies, and the box goes on", async () => {
    const pid = hub.hub.brokerPid();
    if (pid === undefined) throw new Error("no broker");
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(hub.hub.brokerPid()).not.toBe(pid), until);
    journal.add("zone.restored", { zone: "north", area: "fence", alarms: ["i1/north/breach"] });
    await vi.waitFor(() => expect(box.client.connected).toBe(true), until);
    await vi.waitFor(() => {
      box.send("alarm", journal.records.slice(-1));
      expect(box.heads.get("epoch-1/alarm")).toBe(6);
    }, until);
    const { body } = await hub.call("GET", "/api/v1/alarms?state=latched", { token: operator });
    expect(body.items).toMatchObject([{ zone: "north", acknowledgedBy: "wang" }]);
  });

  it("closes an alarm whose cause is gone only when its box has reset the incident", async () => {
    const { body } = await hub.call("GET", "/api/v1/alarms?state=latched", { token: operator });
    const path = `/api/v1/alarms/${body.items[0]?.id}`;
    expect((await hub.call("POST", `${path}/reset`, { token: operator })).body.state).toBe("latched");
    await vi.waitFor(() => {
      expect(box.commands.at(-1)).toMatchObject({ act: { kind: "reset", incident: "i1" }, issuers: ["wang"] });
    }, until);
    box.answer(box.commands.at(-1)?.id ?? "", true);
    journal.add("incident.closed", { incident: "i1", by: "wang" });
    box.send("alarm", journal.records.slice(-1));
    await vi.waitFor(async () => {
      expect((await hub.call("GET", path, { token: operator })).body).toMatchObject({
        state: "closed",
        resetBy: "wang",
      });
    }, until);
  });

  it("shows the same after a restart", async () => {
    const paths = ["alarms", "incidents", "zones", "barriers", "work-orders", "commands"];
    const read = async () => {
      const answers = await Promise.all(paths.map((path) => hub.call("GET", `/api/v1/${path}`, { token: operator })));
      return answers.map(({ body }) => body.items);
    };
    const before = await read();
    await hub.restart();
    expect(await read()).toEqual(before);
  });
});
