// A whole hub with every outlet that its configuration can name: one alarm reaches all of them, and what a person does at one is
// seen at the others and at the box.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import mqtt, { type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AlarmRecord } from "../../hub/alarm/record.js";
import { type BoxConnection, breachData, connectBox, createJournal, inventory, openedData } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { outletTo, type Receiver, startReceiver } from "../support/dc09-receiver.js";

/** The OPC UA thread needs seconds to load its library on a busy machine. */
const until = { timeout: 30_000, interval: 20 };

/** A webhook's receiver that takes everything. */
async function startWard() {
  const alarms: AlarmRecord[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    request.on("end", () => {
      alarms.push(JSON.parse(text).alarm);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { alarms, url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe("a hub with outlets", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let station: Receiver;
  let ward: Awaited<ReturnType<typeof startWard>>;
  let room: MqttClient;
  let token: string;
  const pictures = new Map<string, string>();
  const results: { id: string; ok: boolean; code?: string }[] = [];
  const journal = createJournal("compound", "gatehouse");

  beforeAll(async () => {
    station = await startReceiver({ transport: "tcp", key: null });
    ward = await startWard();
    hub = await startTestHub({
      outlets: {
        mqtt: { host: "127.0.0.1", port: 0, rooms: [{ name: "room-a", role: "operator" }] },
        dc09: [
          outletTo(station.port, "station", { account: "1234", encrypted: false }),
          outletTo(station.port, "keyless", { account: "9999", encrypted: true }),
        ],
        webhooks: [{ name: "ward", url: ward.url }],
        opcua: { host: "127.0.0.1", port: 0 },
      },
    });
    token = await hub.hub.issueToken("wang", "supervisor", 1);
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    room = await mqtt.connectAsync(`mqtts://127.0.0.1:${hub.hub.ports.rooms}`, {
      ...hub.tls("room-a"),
      clientId: "room-a",
      protocolVersion: 4,
    });
    room.on("message", (topic, payload) => {
      if (topic.endsWith("/result")) results.push(JSON.parse(payload.toString()));
      else pictures.set(topic.split("/").at(-1) ?? "", payload.toString());
    });
    await room.subscribeAsync(["portcullis/v1/alarms/#", "portcullis/v1/rooms/room-a/result"]);
    journal.add("config.applied", { revision: 3, hash: "h", inventory });
    journal.add("incident.opened", openedData("i1", 100));
    journal.add("zone.breached", breachData("i1", 100));
    for (const lane of ["state", "alarm"] as const)
      box.send(
        lane,
        journal.records.filter((record) => record.lane === lane),
      );
  }, 60_000);
  afterAll(async () => {
    await room.endAsync(true);
    await box.end();
    await hub.close();
    await station.close();
    await ward.close();
  });

  const alarm = async () => (await hub.call("GET", "/api/v1/alarms", { token })).body.items[0];

  it("tells one alarm through all of them, with the same id and title", async () => {
    await vi.waitFor(() => {
      expect(station.events.map(({ data }) => data).join()).toContain("BA001*North fence: Fence cut");
      expect(ward.alarms).toMatchObject([{ zone: "north", state: "unacknowledged" }]);
      expect([...pictures.values()].map((text) => JSON.parse(text).zone)).toEqual(["north"]);
    }, until);
    const { id } = (await alarm()) ?? { id: "" };
    expect(ward.alarms[0]?.id).toBe(id);
    expect([...pictures.keys()]).toEqual([id]);
  });

  it("shows an act of a person at a control room everywhere, by name, and tells the box", async () => {
    const { id = "" } = (await alarm()) ?? {};
    const request = { id: "q1", alarm: id, act: { kind: "acknowledge" }, by: "李伟" };
    room.publish("portcullis/v1/rooms/room-a/act", JSON.stringify(request), { qos: 1 });
    await vi.waitFor(async () => {
      expect(results).toMatchObject([{ id: "q1", ok: true }]);
      expect(await alarm()).toMatchObject({ state: "acknowledged", acknowledgedBy: "李伟" });
      expect(ward.alarms.at(-1)).toMatchObject({ id, state: "acknowledged", acknowledgedBy: "李伟" });
      expect(JSON.parse(pictures.get(id) ?? "{}")).toMatchObject({ acknowledgedBy: "李伟" });
      expect(box.commands).toMatchObject([{ act: { kind: "acknowledge" }, issuers: ["李伟"] }]);
    }, until);
  });

  it("lets nobody shelve an intrusion, also not through MQTT", async () => {
    const { id = "" } = (await alarm()) ?? {};
    const act = { kind: "shelve", forMs: 60_000, reason: "noise" };
    room.publish("portcullis/v1/rooms/room-a/act", JSON.stringify({ id: "q2", alarm: id, act, by: "Li" }), { qos: 1 });
    await vi.waitFor(() => expect(results[1]).toMatchObject({ id: "q2", ok: false, code: "alarm.protected" }), until);
  });

  it("says of each outlet how far it is, and which cannot be served, while the others go on", async () => {
    await vi.waitFor(async () => {
      const { body } = await hub.call("GET", "/api/v1/outlets", { token });
      expect(body.items).toMatchObject([
        { name: "station", kind: "dc09", reachable: true },
        { name: "keyless", kind: "dc09", reachable: false },
        { name: "ward", kind: "webhook", reachable: true, aside: 0 },
        { name: "mqtt", kind: "mqtt", reachable: true },
        { name: "opcua", kind: "opcua", reachable: true },
      ]);
    }, until);
    const metrics = (await hub.call("GET", "/metrics")).body.message;
    expect(metrics).toContain('portcullis_outlet_reachable{outlet="station",kind="dc09"} 1');
    expect(metrics).toContain('portcullis_outlet_reachable{outlet="keyless",kind="dc09"} 0');
  }, 60_000);

  it("gives what stands aside to those who may send it again", async () => {
    const path = "/api/v1/outlets/ward/aside";
    expect((await hub.call("GET", path, { token })).body.items).toEqual([]);
    expect((await hub.call("POST", `${path}/send`, { token })).body).toEqual({ taken: 0 });
    const operator = await hub.hub.issueToken("li", "operator", 1);
    expect((await hub.call("POST", `${path}/send`, { token: operator })).status).toBe(403);
    expect((await hub.call("GET", "/api/v1/outlets/nobody/aside", { token })).status).toBe(404);
  });
});
