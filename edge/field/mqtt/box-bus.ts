// The bus when the broker runs in the box: its process listens in directly, devices log in with password or certificate.
import { type Broker, type BrokerOptions, startBroker } from "../../broker/broker.js";
import type { Clock, Timer } from "../../machine/ports.js";
import type { Admission } from "./admission.js";
import type { Bus, BusEvents, BusTopics } from "./bus.js";

/** A device that was revoked, or whose password was changed, is out within this time. */
const refreshEveryMs = 1_000;

export function createBoxBus(
  address: Pick<BrokerOptions, "host" | "port" | "connectionsMax" | "packetBytesMax" | "tls">,
  topics: BusTopics,
  admission: Admission,
  machine: { readonly clock: Clock; readonly timer: Timer },
): Bus {
  let broker: Broker | null = null;
  let cancelRefresh = (): void => undefined;
  /** A file that cannot be read is tried again at each refresh, and told once. */
  let told = "";

  async function open(events: BusEvents): Promise<void> {
    const started = await startBroker({
      ...address,
      ...machine,
      rules: {
        authenticate: admission.admits,
        canPublish: (client, topic) => topics.published.get(client)?.has(topic) ?? false,
        canSubscribe: (client, filter) => topics.received.get(client)?.has(filter) ?? false,
        canReceive: (client, topic) => topics.received.get(client)?.has(topic) ?? false,
      },
      onRefused: events.refused,
      onDisconnected: events.gone,
    });
    broker = started;
    const listening = topics.heard.map((topic) =>
      started.subscribe(topic, ({ payload, client }) => {
        events.message({ topic, payload, retained: false, receivedAt: machine.clock.mono() });
        // Its last words may come after the news of its end: they count, and bring it back to life for no moment.
        if (client !== null && !started.isIn(client)) events.gone(client);
      }),
    );
    await Promise.all(listening);
    events.up();
    refreshLater(started, events, false);
  }

  /** `again`: the files had changed the last time, and somebody may have been half in then. */
  async function refresh(started: Broker, events: BusEvents, again: boolean): Promise<void> {
    let changed = false;
    try {
      changed = await admission.refresh();
      if (changed || again) await started.recheck();
      told = "";
    } catch (error) {
      const detail = String(error);
      if (detail !== told) events.refused("field.login-refused", detail, 1);
      told = detail;
    }
    if (broker === started) refreshLater(started, events, changed);
  }

  function refreshLater(started: Broker, events: BusEvents, again: boolean): void {
    const at = machine.clock.mono() + refreshEveryMs;
    cancelRefresh = machine.timer.at(at, () => void refresh(started, events, again));
  }

  return {
    open,
    async publish(topic, payload) {
      if (broker === null) throw new Error("the broker is not open");
      await broker.publish(topic, payload);
    },
    async close() {
      const ending = broker;
      broker = null;
      cancelRefresh();
      await ending?.close();
    },
  };
}
