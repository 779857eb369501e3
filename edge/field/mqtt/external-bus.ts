// The bus when an existing broker serves the field devices: a client that connects again for ever.
import { Socket } from "node:net";
import { connect, type MqttClient } from "mqtt";
import type { Clock } from "../../machine/ports.js";
import type { Bus, BusEvents, BusTopics } from "./bus.js";

const reconnectEveryMs = 1_000;
const connectWithinMs = 5_000;
/** A half-open connection is noticed within one and a half of these. */
const keepaliveS = 5;

/** `name` is the client id at the broker. */
export function createExternalBus(url: string, name: string, topics: BusTopics, clock: Clock): Bus {
  let client: MqttClient | null = null;

  function open(events: BusEvents): Promise<void> {
    const made = connect(url, {
      clientId: name,
      protocolVersion: 4,
      clean: true,
      keepalive: keepaliveS,
      reconnectPeriod: reconnectEveryMs,
      connectTimeout: connectWithinMs,
      reconnectOnConnackError: true,
      queueQoSZero: false,
    });
    client = made;
    let up = false;
    let reason = "";
    made.on("connect", () => {
      if (made.stream instanceof Socket) made.stream.setNoDelay(true);
      made.subscribe([...topics.heard], { qos: 1 }, (error, granted) => {
        const refused = (granted ?? []).filter(({ qos }) => Number(qos) >= 128).map(({ topic }) => topic);
        if (refused.length > 0) events.refused("field.topic-refused", `subscribe to ${refused.join(", ")}`, 1);
        if (error && refused.length === 0) return void made.reconnect();
        up = true;
        reason = "";
        events.up();
      });
    });
    made.on("message", (topic, payload, packet) => {
      events.message({ topic, payload, retained: packet.retain, receivedAt: clock.mono() });
    });
    made.on("error", (error) => {
      // The same trouble at each attempt is told once.
      if (error.message === reason) return;
      reason = error.message;
      events.refused("field.unreachable", `${url}: ${reason}`, 1);
    });
    made.on("close", () => {
      if (!up) return;
      up = false;
      events.down(reason === "" ? "closed by the broker" : reason);
    });
    return Promise.resolve();
  }

  return {
    open,
    async publish(topic, payload) {
      if (client?.connected !== true) throw new Error("not connected");
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    async close() {
      await client?.endAsync(true);
    },
  };
}
