// One alarm after the other is acknowledged from OPC UA, from HTTP and from MQTT, each time by another person: one state
// everywhere, with that person's name.
import { join } from "node:path";
import mqtt, { type MqttClient } from "mqtt";
import { StatusCodes } from "node-opcua";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AlarmRecord } from "../../hub/alarm/record.js";
import { type BoxConnection, breachData, connectBox, createJournal, inventory, openedData } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { type Conditions, connectConditions } from "../support/conditions.js";
import { freePort } from "../support/free-port.js";

const until = { timeout: 30_000, interval: 20 };
const password = "a long enough password";

describe("an acknowledgement", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let room: MqttClient;
  let conditions: Conditions;
  let token: string;
  let stream: AbortController;
  const pictures = new Map<string, AlarmRecord>();
  const streamed = new Map<string, AlarmRecord>();
  const journal = createJournal("compound", "gatehouse");

  const listen = async () => {
    stream = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const url = `http://127.0.0.1:${hub.hub.ports.http}/api/v1/stream`;
    const response = await fetch(url, { headers, signal: stream.signal });
    let text = "";
    void (async () => {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString("utf8");
        for (const [, data = ""] of text.matchAll(/^event: alarm\ndata: (.*)$/gm)) {
          const alarm = JSON.parse(data) as AlarmRecord;
          streamed.set(alarm.id, alarm);
        }
        text = text.slice(text.lastIndexOf("\n\n") + 1);
      }
    })().catch(() => undefined);
  };

  beforeAll(async () => {
    const port = await freePort();
    hub = await startTestHub({
      outlets: {
        mqtt: { host: "127.0.0.1", port: 0, rooms: [{ name: "room-a", role: "operator" }] },
        opcua: { host: "127.0.0.1", port },
      },
    });
    token = await hub.hub.issueToken("王芳", "operator", 1);
    const admin = await hub.hub.issueToken("chen", "administrator", 1);
    const body = { user: "zhao", password, role: "operator" };
    expect((await hub.call("POST", "/api/v1/users", { token: admin, body })).status).toBe(201);
    await listen();
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    room = await mqtt.connectAsync(`mqtts://127.0.0.1:${hub.hub.ports.rooms}`, {
      ...hub.tls("room-a"),
      clientId: "room-a",
      protocolVersion: 4,
    });
    room.on("message", (topic, payload) => {
      if (payload.length > 0) pictures.set(topic.split("/").at(-1) ?? "", JSON.parse(payload.toString()));
    });
    await room.subscribeAsync("portcullis/v1/alarms/#");
    journal.add("config.applied", { revision: 3, hash: "h", inventory });
    box.send("state", journal.records);
    const dataDir = join(hub.folder, "data");
    conditions = await connectConditions({ port, dataDir, folder: join(hub.folder, "client"), user: "zhao", password });
  }, 90_000);
  afterAll(async () => {
    stream.abort();
    await conditions.close();
    await room.endAsync(true);
    await box.end();
    await hub.close();
  });

  /** What each outlet shows of the alarm, as `state by`. */
  async function shown(id: string): Promise<Readonly<Record<string, string>>> {
    const say = ({ state, acknowledgedBy }: Pick<AlarmRecord, "state" | "acknowledgedBy">) =>
      `${state} ${acknowledgedBy}`;
    const { body } = await hub.call("GET", `/api/v1/alarms/${id}`, { token });
    const picture = pictures.get(id);
    const event = streamed.get(id);
    const condition = conditions.events.findLast(({ source }) => source === "compound/gatehouse/zone:north");
    return {
      http: say(body as unknown as AlarmRecord),
      mqtt: picture === undefined ? "" : say(picture),
      sse: event === undefined ? "" : say(event),
      opcua:
        condition === undefined ? "" : `${condition.acked ? "acknowledged" : "unacknowledged"} ${condition.comment}`,
      box: `${box.commands.at(-1)?.act.kind}d ${box.commands.at(-1)?.issuers.join()}`,
    };
  }

  const ways: Readonly<Record<string, { by: string; acknowledge: (id: string) => Promise<unknown> }>> = {
    "OPC UA": {
      by: "zhao",
      acknowledge: async () => {
        const event = conditions.events.findLast(({ source }) => source === "compound/gatehouse/zone:north");
        if (event === undefined) throw new Error("no event");
        expect(await conditions.acknowledge(event, "")).toEqual(StatusCodes.Good);
      },
    },
    HTTP: {
      by: "王芳",
      acknowledge: async (id) =>
        expect((await hub.call("POST", `/api/v1/alarms/${id}/acknowledge`, { token })).status).toBe(200),
    },
    MQTT: {
      by: "李伟",
      acknowledge: (id) => {
        const request = { id: `q-${id}`, alarm: id, act: { kind: "acknowledge" }, by: "李伟" };
        return room.publishAsync("portcullis/v1/rooms/room-a/act", JSON.stringify(request), { qos: 1 });
      },
    },
  };

  it("from OPC UA, from HTTP and from MQTT is one state everywhere, with the person's name, also at the box", async () => {
    for (const [index, [way, { by, acknowledge }]] of Object.entries(ways).entries()) {
      const incident = `i${index + 1}`;
      const from = journal.records.length;
      journal.add("incident.opened", openedData(incident, 100 + index));
      journal.add("zone.breached", breachData(incident, 100 + index));
      box.send("alarm", journal.records.slice(from));
      const id = await vi.waitFor(async () => {
        const { body } = await hub.call("GET", "/api/v1/alarms", { token });
        const found = body.items.find((item) => item["incident"] === incident);
        expect(found?.["state"]).toBe("unacknowledged");
        return found?.id ?? "";
      }, until);
      await vi.waitFor(async () => expect((await shown(id))["opcua"]).toMatch(/^unacknowledged/), until);
      await acknowledge(id);
      const everywhere = `acknowledged ${by}`;
      await vi.waitFor(
        async () =>
          expect([way, await shown(id)]).toEqual([
            way,
            { http: everywhere, mqtt: everywhere, sse: everywhere, opcua: everywhere, box: everywhere },
          ]),
        until,
      );
    }
  }, 120_000);
});
