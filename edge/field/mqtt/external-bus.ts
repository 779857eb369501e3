// The bus when an existing broker serves the field devices: one connection after the other, for ever.
import type { Clock, Timer } from "../../machine/ports.js";
import type { Bus, BusEvents, BusTopics } from "./bus.js";
import { type Connection, connectTo, type ExternalBroker, shownUrl } from "./external-connection.js";

const reconnectAfterMsMin = 500;
const reconnectAfterMsMax = 5_000;

export function createExternalBus(
  broker: ExternalBroker,
  topics: BusTopics,
  machine: { readonly clock: Clock; readonly timer: Timer },
): Bus {
  let connection: Connection | null = null;
  let cancelRetry = (): void => undefined;
  let isClosed = false;

  /** `failures` in a row; `told` is the reason of the last one, which is told once. */
  function dial(events: BusEvents, failures: number, told: string): void {
    let isUp = false;
    connection = connectTo(broker, topics, machine, {
      up() {
        isUp = true;
        events.up();
      },
      message: events.message,
      refused: (code, detail) => events.refused(code, detail, 1),
      ended(reason) {
        connection = null;
        if (isClosed) return;
        if (isUp) events.down(reason);
        if (isUp || reason !== told) events.refused("field.unreachable", `${shownUrl(broker.url)}: ${reason}`, 1);
        const count = isUp ? 0 : failures;
        const waitMs = Math.min(reconnectAfterMsMin * 2 ** count, reconnectAfterMsMax);
        cancelRetry = machine.timer.at(machine.clock.mono() + waitMs, () => dial(events, count + 1, reason));
      },
    });
  }

  return {
    open(events) {
      dial(events, 0, "");
      return Promise.resolve();
    },
    async publish(topic, payload) {
      if (connection === null) throw new Error("not connected");
      await connection.publish(topic, payload);
    },
    close() {
      isClosed = true;
      cancelRetry();
      connection?.end();
      return Promise.resolve();
    },
  };
}
