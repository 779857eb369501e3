// The bus when the broker runs in the box: its process listens in directly, devices log in with their own passwords.
import { type Broker, startBroker } from "../../broker/broker.js";
import type { Clock, Timer } from "../../machine/ports.js";
import type { MqttDriverConfig } from "../../model/wiring.js";
import type { Bus, BusEvents, BusTopics } from "./bus.js";
import { type Credentials, isPassword } from "./credentials.js";

export function createBoxBus(
  address: NonNullable<MqttDriverConfig["broker"]>,
  topics: BusTopics,
  credentials: Credentials,
  machine: { readonly clock: Clock; readonly timer: Timer },
): Bus {
  let broker: Broker | null = null;

  async function open(events: BusEvents): Promise<void> {
    const started = await startBroker({
      ...address,
      ...machine,
      rules: {
        authenticate: ({ client, password }) =>
          topics.published.has(client) && isPassword(credentials, client, password),
        canPublish: (client, topic) => topics.published.get(client)?.has(topic) ?? false,
        canSubscribe: (client, filter) => topics.received.get(client)?.has(filter) ?? false,
        canReceive: (client, topic) => topics.received.get(client)?.has(topic) ?? false,
      },
      onRefused: events.refused,
      onDisconnected: events.gone,
    });
    broker = started;
    const listening = topics.heard.map((topic) =>
      started.subscribe(topic, ({ payload }) => {
        events.message({ topic, payload, retained: false, receivedAt: machine.clock.mono() });
      }),
    );
    await Promise.all(listening);
    events.up();
  }

  return {
    open,
    async publish(topic, payload) {
      if (broker === null) throw new Error("the broker is not open");
      await broker.publish(topic, payload);
    },
    async close() {
      await broker?.close();
    },
  };
}
