// One connection to an existing broker, from dialling to its end: it subscribes, and proves every few seconds that the
// broker still answers.
import type { Socket } from "node:net";
import { MqttClient } from "mqtt";
import type { Clock, Timer } from "../../machine/ports.js";
import type { BusMessage, BusTopics } from "./bus.js";
import { type ClientTls, openSocket } from "./socket.js";

/** From dialling to being subscribed. */
export const connectWithinMs = 5_000;
/** A broker that answers a ping later than this is gone: a half-open connection is noticed within the sum of both. */
export const heartbeatEveryMs = 2_000;
export const heartbeatWithinMs = 3_000;
/** What the broker waits for, one and a half times. */
const keepaliveS = 10;

export interface ExternalBroker {
  readonly url: string;
  /** Client id at the broker. */
  readonly name: string;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly tls: ClientTls;
}

export interface ConnectionEvents {
  up(): void;
  /** Once, with the first reason. */
  ended(reason: string): void;
  message(message: BusMessage): void;
  refused(code: "field.topic-refused" | "field.dates-unchecked", detail: string): void;
}

export interface Connection {
  /** Rejects when the connection ends first; what was not taken is never sent later. */
  publish(topic: string, payload: string): Promise<void>;
  end(): void;
}

export function connectTo(
  broker: ExternalBroker,
  topics: BusTopics,
  machine: { readonly clock: Clock; readonly timer: Timer },
  events: ConnectionEvents,
): Connection {
  const { clock, timer } = machine;
  let client: MqttClient | null = null;
  let isUp = false;
  let isOver = false;
  let cancel = timer.at(clock.mono() + connectWithinMs, () => end(`not connected within ${connectWithinMs} ms`));

  function end(reason: string): void {
    if (isOver) return;
    isOver = true;
    cancel();
    giveUp();
    client?.end(true);
    events.ended(reason);
  }

  const giveUp = openSocket(new URL(broker.url), broker.tls, machine, {
    failed: end,
    datesUnchecked: () => events.refused("field.dates-unchecked", `certificate of ${shownUrl(broker.url)}`),
    ready(socket) {
      client = speak(socket, broker);
      client.on("error", (error) => end(error.message));
      client.on("close", () => end("closed by the broker"));
      client.on("message", (topic, payload, packet) => {
        if (isOver) return;
        // It may overtake the broker's word that the subscription stands.
        up();
        events.message({ topic, payload, retained: packet.retain, receivedAt: clock.mono() });
      });
      client.on("connect", () => subscribe());
    },
  });

  function subscribe(): void {
    client?.subscribe([...topics.heard], { qos: 1 }, (error, granted) => {
      if (isOver) return;
      const refused = (granted ?? []).filter(({ qos }) => Number(qos) >= 128).map(({ topic }) => topic);
      if (error && refused.length === 0) return end(`subscription failed: ${error.message}`);
      if (refused.length > 0) events.refused("field.topic-refused", `subscribe to ${refused.join(", ")}`);
      up();
    });
  }

  function up(): void {
    if (isUp || isOver) return;
    isUp = true;
    cancel();
    events.up();
    if (client === null) return;
    cancel = beat(client, machine, () => end(`no answer to a ping within ${heartbeatWithinMs} ms`));
  }

  return {
    async publish(topic, payload) {
      if (isOver || client?.connected !== true) throw new Error("not connected");
      // At QoS 1 a broker keeps an order for a device that is away, and it would be carried out when nobody wants it any more.
      await client.publishAsync(topic, payload, { qos: 0 });
    },
    end: () => end("closed"),
  };
}

/** Asks again and again; a late answer is told once. The broker's answer is the one proof that both ways are open. */
function beat(
  client: MqttClient,
  { clock, timer }: { readonly clock: Clock; readonly timer: Timer },
  late: () => void,
): () => void {
  let cancel: () => void;
  let isOver = false;
  const ask = () => {
    cancel = timer.at(clock.mono() + heartbeatWithinMs, late);
    client.sendPing();
  };
  client.on("packetreceive", ({ cmd }) => {
    if (cmd !== "pingresp" || isOver) return;
    cancel();
    cancel = timer.at(clock.mono() + heartbeatEveryMs, ask);
  });
  ask();
  return () => {
    isOver = true;
    cancel();
  };
}

function speak(socket: Socket, { url, name, login }: ExternalBroker): MqttClient {
  const { username, password } = new URL(url);
  const inUrl = username === "" ? null : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  const { user, password: secret } = login ?? inUrl ?? {};
  return new MqttClient(() => socket, {
    clientId: name,
    protocolVersion: 4,
    clean: true,
    keepalive: keepaliveS,
    reconnectPeriod: 0,
    connectTimeout: connectWithinMs,
    resubscribe: false,
    queueQoSZero: false,
    ...(user === undefined ? {} : { username: user, password: secret ?? "" }),
  });
}

/** The address without what may be secret in it. */
export function shownUrl(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
