// Subscribers that stop reading at a running hub, over MQTT and over the event stream, while alarms go on: whoever reads gets each
// alarm within 5 s of the box's sending it.
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect as dial } from "node:tls";
import mqtt from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BoxConnection, breachData, connectBox, createJournal, inventory } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { connectPacket, subscribePacket } from "../support/mqtt-bytes.js";
import { until } from "../support/until.js";

const root = "portcullis/v1";
const frozenRooms = ["room-b", "room-c", "room-d", "room-e", "room-f"];
const frozenStreams = 5;
const batches = 40;
const batchSize = 25;
const withinMs = 5_000;

let hub: TestHub;
let box: BoxConnection;
let token: string;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  const rooms = ["room-a", ...frozenRooms].map((name) => ({ name, role: "operator" as const }));
  hub = await startTestHub({ outlets: { mqtt: { host: "127.0.0.1", port: 0, rooms } } });
  token = await hub.hub.issueToken("wang", "operator", 1);
  box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  await box.end();
  await hub.close();
});

/** Subscribes to all alarms and never reads again. */
async function freezeRoom(name: string): Promise<void> {
  const socket = dial({ ...hub.tls(name), host: "127.0.0.1", port: hub.hub.ports.rooms ?? 0 });
  cleanups.push(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  for (const bytes of [connectPacket(name), subscribePacket(`${root}/alarms/#`, 1)]) {
    socket.write(bytes);
    await once(socket, "data");
  }
  socket.pause();
}

function readStream(): Promise<IncomingMessage> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const url = `http://127.0.0.1:${hub.hub.ports.http}/api/v1/stream`;
    const asking = get(url, { headers, agent: false }, resolve).on("error", () => undefined);
    cleanups.push(() => asking.destroy());
  });
}

test("S-08: ten subscribers that stop reading delay no alarm of a thousand beyond 5 s for those who read", async () => {
  const sentAt = new Map<string, number>();
  const late: Record<"room" | "stream", Map<string, number>> = { room: new Map(), stream: new Map() };
  const seen = (where: keyof typeof late, text: string) => {
    for (const [incident] of text.matchAll(/i\d+(?=\/north\/breach)/g)) {
      if (!late[where].has(incident)) late[where].set(incident, performance.now() - (sentAt.get(incident) ?? 0));
    }
  };
  for (const name of frozenRooms) await freezeRoom(name);
  for (let opened = 0; opened < frozenStreams; opened += 1) (await readStream()).pause();

  const options = { ...hub.tls("room-a"), clientId: "room-a", protocolVersion: 4 } as const;
  const room = await mqtt.connectAsync(`mqtts://127.0.0.1:${hub.hub.ports.rooms}`, options);
  cleanups.push(() => room.endAsync(true));
  room.on("message", (_topic, payload) => seen("room", payload.toString()));
  await room.subscribeAsync(`${root}/alarms/#`);
  const stream = await readStream();
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const events = (text + chunk).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) seen("stream", event);
  });

  const journal = createJournal("compound", "gatehouse");
  journal.add("config.applied", { revision: 1, hash: "h", inventory });
  box.send("state", journal.records);
  for (let batch = 0; batch < batches; batch += 1) {
    const made = Array.from({ length: batchSize }, (_, index) => {
      const incident = `i${batch * batchSize + index}`;
      sentAt.set(incident, performance.now());
      return journal.add("zone.breached", breachData(incident, batch));
    });
    box.send("alarm", made);
    const { sequence } = made.at(-1) ?? { sequence: 0 };
    await until("the batch is stored", async () => box.heads.get("epoch-1/alarm") === sequence);
  }
  await until("both have heard all", async () =>
    Object.values(late).every((heard) => heard.size === batches * batchSize),
  );
  for (const [where, heard] of Object.entries(late))
    expect(Math.max(...heard.values()), where).toBeLessThanOrEqual(withinMs);
});
