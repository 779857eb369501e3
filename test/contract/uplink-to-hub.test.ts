// The box's own uplink against the hub's own broker and intake: everything arrives once, in order, over deaths of both.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import type { Command } from "../../edge/model/command.js";
import { type LaneHead, lanes } from "../../edge/model/record.js";
import { createMqttLink } from "../../edge/uplink/mqtt-link.js";
import { topicsOf } from "../../edge/uplink/topics.js";
import { Uplink } from "../../edge/uplink/uplink.js";
import { breachData, createJournal, inventory } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

const until = { timeout: 15_000, interval: 50 };
const site = "compound";
const edge = "gatehouse";

describe("a box's uplink and the hub", () => {
  let hub: TestHub;
  let uplink: Uplink;
  let token: string;
  const journal = createJournal(site, edge);
  const commands: Command[] = [];
  const troubles: string[] = [];
  const acknowledged = new Map<string, LaneHead>();

  beforeAll(async () => {
    hub = await startTestHub();
    token = await hub.hub.issueToken("wang", "operator", 1);
    const topics = topicsOf(site, edge);
    const link = createMqttLink({
      url: `mqtts://127.0.0.1:${hub.hub.ports.broker}`,
      clientId: `${site}.${edge}`,
      subscribe: [topics.ack, topics.command],
      will: { topic: topics.status, payload: JSON.stringify({ online: false }) },
      tls: hub.tls(`${site}.${edge}`),
    });
    uplink = new Uplink({
      site,
      edge,
      links: [link],
      source: {
        epoch: () => "epoch-1",
        heads: () => lanes.map(journal.head).filter(({ sequence }) => sequence > 0),
        read: async ({ lane, sequence }, max) =>
          journal.records.filter((record) => record.lane === lane && record.sequence >= sequence).slice(0, max),
        acknowledge: async (heads) => {
          for (const head of heads) acknowledged.set(head.lane, head);
        },
        acknowledged: () => [...acknowledged.values()],
      },
      machine: { clock: createClock(), timer: createTimer(), random: createRandom() },
      onCommand: async (command) => {
        commands.push(command);
        return { id: command.id, ok: false, code: "command.not-possible" };
      },
      onTrouble: ({ code, detail }) => troubles.push(`${code}: ${detail}`),
    });
    uplink.start();
  }, 30_000);
  afterAll(async () => {
    await uplink.close();
    await hub.close();
  });

  const arrived = async () => {
    const { body } = await hub.call("GET", "/api/v1/records?limit=5000", { token });
    return body.items.filter((item) => item["edge"] === edge).map((item) => (item["record"] as { id: string }).id);
  };
  const sent = (lane: string) => journal.records.filter((record) => record.lane === lane).map(({ id }) => id);
  const allArrived = () =>
    vi.waitFor(async () => {
      expect(uplink.status()).toMatchObject({ hubConnected: true, backlog: { alarm: 0, state: 0, telemetry: 0 } });
      const ids = await arrived();
      for (const lane of lanes) expect(ids.filter((id) => id.includes(`/${lane}/`))).toEqual(sent(lane));
    }, until);

  it("brings a backlog up, each record once and in order", async () => {
    journal.add("config.applied", { revision: 1, hash: "h", inventory });
    for (let load = 0; load < 1500; load += 1) journal.add("health.sampled", { load });
    for (let made = 0; made < 300; made += 1) journal.add("zone.breached", breachData(`i${made}`, made));
    uplink.wake();
    await allArrived();
  });

  it("goes on after the broker's death and after the hub's restart", async () => {
    const pid = hub.hub.brokerPid();
    if (pid === undefined) throw new Error("no broker");
    process.kill(pid, "SIGKILL");
    journal.add("zone.breached", breachData("after-kill", 1));
    uplink.wake();
    await allArrived();
    await hub.restart();
    journal.add("zone.breached", breachData("after-restart", 1));
    uplink.wake();
    await allArrived();
  }, 60_000);

  it("S-14: brings a command down once and its refusal up", async () => {
    const order = { site, edge, act: { kind: "silence" }, reason: "noise" };
    await vi.waitFor(async () => {
      const { body } = await hub.call("GET", "/api/v1/edges", { token });
      expect(body.items).toMatchObject([{ online: true }]);
    }, until);
    const { body } = await hub.call("POST", "/api/v1/commands", { token, body: order });
    await vi.waitFor(async () => {
      const answer = await hub.call("GET", `/api/v1/commands/${body.id}`, { token });
      expect(answer.body).toMatchObject({ state: "refused", code: "command.not-possible" });
    }, until);
    expect(commands).toMatchObject([{ id: body.id, issuers: ["wang"], act: { kind: "silence" } }]);
  });
});
