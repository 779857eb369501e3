// Who gets in at the brokers of a running hub, under which name, and what he hears there: boxes at one, control rooms at the
// other. The same is shown for field devices in test/edge/broker and mqtt-box.test.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createAuthority, issueClient, issueServer, type KeyPair } from "../../config/certificates.js";
import { connectBox, createJournal } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

const until = { timeout: 15_000, interval: 20 };
const root = "portcullis/v1";
const box = "compound.gatehouse";
const doors = ["boxes", "control rooms"] as const;
type Door = (typeof doors)[number];

/** One who belongs there, and another who does as well. */
const members: Readonly<Record<Door, readonly [string, string]>> = {
  boxes: [box, "compound.annex"],
  "control rooms": ["room-a", "room-b"],
};

let hub: TestHub;
let authority: KeyPair;
let stranger: KeyPair;
const clients: MqttClient[] = [];

beforeAll(async () => {
  const rooms = members["control rooms"].map((name) => ({ name, role: "operator" as const }));
  hub = await startTestHub({ outlets: { mqtt: { host: "127.0.0.1", port: 0, rooms } } });
  const pem = (file: string) => readFileSync(join(hub.folder, "pki", file), "utf8");
  authority = { certificate: pem("ca.pem"), key: pem("ca.key") };
  stranger = await createAuthority("somebody else", Date.now());
}, 60_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
});
afterAll(() => hub.close());

const portOf = (door: Door) => (door === "boxes" ? hub.hub.ports.broker : (hub.hub.ports.rooms ?? 0));

/** A client that comes back by itself, as a box does. */
function comeTo(door: Door, options: IClientOptions): MqttClient {
  const url = `mqtts://127.0.0.1:${portOf(door)}`;
  const client = mqtt.connect(url, { ca: authority.certificate, protocolVersion: 4, reconnectPeriod: 0, ...options });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

function isAdmitted(door: Door, options: IClientOptions): Promise<boolean> {
  const client = comeTo(door, options);
  return new Promise((resolve) => {
    client.once("connect", () => resolve(true));
    for (const end of ["error", "close"] as const) client.once(end, () => resolve(false));
  });
}

const showing = ({ certificate: cert, key }: KeyPair): IClientOptions => ({ cert, key });
const longAgo = Date.now() - 3_650 * 86_400_000;

describe.each(doors)("the door for %s", (door) => {
  const [member, other] = members[door];

  it("S-04: admits who belongs there by a certificate of today", async () => {
    const pair = await issueClient(authority, { name: member, now: Date.now() });
    expect(await isAdmitted(door, { clientId: member, ...showing(pair) })).toBe(true);
  });

  it.each<readonly [string, () => Promise<IClientOptions>]>([
    ["no certificate", async () => ({})],
    ["one of a foreign authority", async () => showing(await issueClient(stranger, { name: member, now: Date.now() }))],
    ["one that has expired", async () => showing(await issueClient(authority, { name: member, now: longAgo }))],
    [
      "one that is a server's",
      async () => showing(await issueServer(authority, { name: member, hosts: [], now: Date.now() })),
    ],
    ["a name that nobody has configured", async () => hub.tls("compound.stranger")],
  ])("S-04: refuses %s", async (what, options) => {
    const clientId = what.startsWith("a name") ? "compound.stranger" : member;
    expect(await isAdmitted(door, { clientId, ...(await options()) })).toBe(false);
  });

  it("S-05: a second client with the same id and another certificate is refused, and evicts nobody", async () => {
    const first = comeTo(door, { clientId: member, ...hub.tls(member) });
    await vi.waitFor(() => expect(first.connected).toBe(true), until);
    let left = 0;
    first.on("close", () => {
      left += 1;
    });
    for (const name of [other, "intake"]) {
      expect(await isAdmitted(door, { clientId: member, ...hub.tls(name) }), name).toBe(false);
      expect(await isAdmitted(door, { clientId: member, username: member, ...hub.tls(name) }), name).toBe(false);
    }
    expect(await isAdmitted(door, { clientId: "hub-intake", ...hub.tls(member) })).toBe(false);
    await first.subscribeAsync(door === "boxes" ? `${root}/compound/gatehouse/ack` : `${root}/alarms/#`);
    expect([first.connected, left]).toEqual([true, 0]);
  });
});

/** Subscribes as it comes, also when it comes back, to everything at once; tells what it hears. */
async function listener(door: Door, name: string, topics: readonly string[]) {
  const heard: string[] = [];
  const client = comeTo(door, { clientId: name, ...hub.tls(name), reconnectPeriod: 50, resubscribe: false });
  let comings = 0;
  client.on("connect", () => {
    comings += 1;
    client.subscribe([...topics]);
  });
  client.on("message", (topic) => heard.push(topic));
  return {
    heard,
    client,
    comings: () => comings,
    async comeBack() {
      const before = comings;
      client.stream.destroy();
      await vi.waitFor(() => expect([comings > before, client.connected]).toEqual([true, true]), until);
    },
  };
}

describe("topics at the hub", () => {
  it("S-06: a box that asks for its own and another's topics hears its own only, also after coming back", async () => {
    const own = `${root}/compound/annex/ack`;
    const foreign = ["ack", "command", "alarm", "status"].map((kind) => `${root}/compound/gatehouse/${kind}`);
    const annex = await listener("boxes", "compound.annex", [own, ...foreign, `${root}/#`, "#", "+/+/+/+/+"]);
    const gatehouse = await connectBox(hub.hub.ports.broker, hub.tls(box), "compound", "gatehouse");
    const journals = { annex: createJournal("compound", "annex"), gatehouse: createJournal("compound", "gatehouse") };
    for (const _coming of ["first", "second"]) {
      const sequence = journals.gatehouse.add("health.sampled", { load: 1 }).sequence;
      await vi.waitFor(() => {
        gatehouse.send("telemetry", journals.gatehouse.records);
        expect(gatehouse.heads.get("epoch-1/telemetry")).toBe(sequence);
      }, until);
      const before = annex.heard.length;
      journals.annex.add("health.sampled", { load: 1 });
      await vi.waitFor(() => {
        annex.client.publish(`${root}/compound/annex/telemetry`, JSON.stringify({ records: journals.annex.records }));
        expect(annex.heard.length).toBeGreaterThan(before);
      }, until);
      await annex.comeBack();
    }
    expect(new Set(annex.heard)).toEqual(new Set([own]));
    await gatehouse.end();
  }, 60_000);

  it("S-06: a control room hears alarms and its own answers only, also after coming back", async () => {
    const answers = (room: string) => ["result", "replayed"].map((kind) => `${root}/rooms/${room}/${kind}`);
    const spy = await listener("control rooms", "room-b", [...answers("room-b"), ...answers("room-a"), "#"]);
    const room = await listener("control rooms", "room-a", answers("room-a"));
    for (const coming of [1, 2]) {
      await vi.waitFor(() => {
        room.client.publish(`${root}/rooms/room-a/replay`, '{"after":0}');
        spy.client.publish(`${root}/rooms/room-b/act`, "{}");
        expect([room.heard.length >= coming, spy.heard.length >= coming]).toEqual([true, true]);
      }, until);
      await spy.comeBack();
    }
    expect(new Set(spy.heard.map((topic) => topic.split("/")[3]))).toEqual(new Set(["room-b"]));
  }, 60_000);

  it.each<readonly [string, Door, string, string]>([
    ["a box for another", "boxes", "compound.annex", `${root}/compound/gatehouse/alarm`],
    ["a box for the hub", "boxes", "compound.annex", `${root}/compound/annex/command`],
    ["a room for another", "control rooms", "room-b", `${root}/rooms/room-a/act`],
    ["a room in place of the hub", "control rooms", "room-b", `${root}/alarms/compound/gatehouse/1`],
  ])("S-06: %s cannot speak: the connection ends", async (_what, door, name, topic) => {
    const client = comeTo(door, { clientId: name, ...hub.tls(name) });
    await vi.waitFor(() => expect(client.connected).toBe(true), until);
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    client.publish(topic, "{}");
    await closed;
  });
});
