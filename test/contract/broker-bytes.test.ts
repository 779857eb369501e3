// A box and a control room that have gone mad, each at its broker of a running hub: the broker's process lives on, and others are
// served. The box's own broker goes through the same in test/system/attack.test.ts.
import { once } from "node:events";
import { connect as dial, type TLSSocket } from "node:tls";
import mqtt, { type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type BoxConnection, connectBox, createJournal } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { connectPacket, mqttBytes, type Topics } from "../support/mqtt-bytes.js";
import { childrenOf } from "../support/processes.js";
import { type Besieged, besiege, besiegeSlowly } from "../support/siege.js";

const root = "portcullis/v1";
const until = { timeout: 15_000, interval: 5 };
const sequences = 300;
const topics: Readonly<Record<string, Topics>> = {
  "compound.annex": { publish: `${root}/compound/annex/state`, subscribe: `${root}/compound/annex/ack` },
  "room-b": { publish: `${root}/rooms/room-b/act`, subscribe: `${root}/alarms/#` },
};

describe.skipIf(process.platform !== "linux")("a hub's broker under bytes that no honest client sends", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let room: MqttClient;
  let answers = 0;
  const journal = createJournal("compound", "gatehouse");

  beforeAll(async () => {
    const rooms = ["room-a", "room-b"].map((name) => ({ name, role: "operator" as const }));
    hub = await startTestHub({ outlets: { mqtt: { host: "127.0.0.1", port: 0, rooms } } });
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    room = await mqtt.connectAsync(`mqtts://127.0.0.1:${hub.hub.ports.rooms}`, {
      ...hub.tls("room-a"),
      clientId: "room-a",
      protocolVersion: 4,
    });
    await room.subscribeAsync(`${root}/rooms/room-a/replayed`);
    room.on("message", () => {
      answers += 1;
    });
  }, 60_000);
  afterAll(async () => {
    await room.endAsync(true);
    await box.end();
    await hub.close();
  });

  /** A record is stored, and the box is told so. */
  async function serveBox(): Promise<true> {
    const { sequence } = journal.add("health.sampled", { load: 1 });
    box.send("telemetry", journal.records.slice(-1));
    await vi.waitFor(() => expect(box.heads.get("epoch-1/telemetry")).toBe(sequence), until);
    return true;
  }

  async function serveRoom(): Promise<true> {
    const before = answers;
    room.publish(`${root}/rooms/room-a/replay`, '{"after":0}');
    await vi.waitFor(() => expect(answers).toBeGreaterThan(before), until);
    return true;
  }

  const attackers = { "compound.annex": serveBox, "room-b": serveRoom };
  function target(name: keyof typeof attackers): Besieged {
    const port = name === "room-b" ? (hub.hub.ports.rooms ?? 0) : hub.hub.ports.broker;
    return {
      async dial() {
        const socket: TLSSocket = dial({ ...hub.tls(name), host: "127.0.0.1", port });
        socket.on("error", () => undefined);
        await once(socket, "secureConnect");
        return socket;
      },
      connect: connectPacket(name),
      packetBytesMax: 1_048_576,
      pids: async () => childrenOf(process.pid),
      serve: attackers[name],
    };
  }

  it.each([
    ["boxes", "compound.annex", 20_251],
    ["control rooms", "room-b", 20_252],
  ] as const)(
    "S-07: of %s lives through hundreds of malformed packets",
    async (_whose, name, seed) => {
      await besiege(target(name), mqttBytes(seed, sequences, name, topics[name] ?? { publish: "", subscribe: "" }));
    },
    90_000,
  );

  it("S-07: ends packets that never end, and keeps none of them", async () => {
    await Promise.all([besiegeSlowly(target("compound.annex"), 24), besiegeSlowly(target("room-b"), 24)]);
  }, 60_000);
});
