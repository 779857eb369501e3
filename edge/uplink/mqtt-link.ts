// The Link over MQTT 3.1.1. Its socket is opened here, so that no-delay and the judgement of certificates are in one place.
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { MqttClient } from "mqtt";
import type { Link, LinkEvents } from "../machine/ports.js";

const portDefault = { "mqtt:": 1883, "mqtts:": 8883 };
const connectWithinMs = 15_000;
/** The broker must take a batch within this time; with a ping each `keepaliveS` a half-open link is noticed. */
const publishWithinMs = 15_000;
const keepaliveS = 10;

/** PEM texts. */
export interface TlsIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface MqttLinkOptions {
  /** `mqtts://host:port`, or `mqtt://` on loopback. */
  readonly url: string;
  /** Equals the name in the certificate. */
  readonly clientId: string;
  readonly subscribe: readonly string[];
  /** What an older hub refuses: without it the link stands all the same. */
  readonly subscribeIfAllowed?: readonly string[];
  /** Published retained by the broker when the box is gone. */
  readonly will: { readonly topic: string; readonly payload: string };
  readonly tls?: TlsIdentity;
  /** Left out: every certificate is refused that TLS refuses. */
  readonly judge?: HubJudge;
  /** Opens the socket in another way than the usual one. */
  readonly openSocket?: (url: URL) => Duplex;
}

/** Why the hub is not the one that was meant, null when it is: while the clock is untrusted dates do not count (rule 1). */
export type HubJudge = (socket: TLSSocket, host: string, ca: string) => string | null;

/** One address of a hub. After `down` it may be connected again. */
export function createMqttLink(options: MqttLinkOptions): Link {
  let client: MqttClient | null = null;
  return {
    connect(events) {
      client?.end(true);
      client = openClient(options);
      listen(client, options, events);
    },
    async publish(topic, payload, publishing = {}) {
      const present = client;
      if (present === null) throw new Error("not connected");
      const late = setTimeout(
        () => present.stream.destroy(new Error(`not taken within ${publishWithinMs} ms`)),
        publishWithinMs,
      );
      try {
        await present.publishAsync(topic, payload, { qos: 1, retain: publishing.retain ?? false });
      } finally {
        clearTimeout(late);
      }
    },
    async close() {
      const present = client;
      client = null;
      await present?.endAsync(present.connected === false);
    },
  };
}

function openClient({ url, clientId, will, tls, judge, openSocket }: MqttLinkOptions): MqttClient {
  return new MqttClient(() => openSocket?.(new URL(url)) ?? openUsual(new URL(url), tls, judge), {
    clientId,
    protocolVersion: 4,
    clean: true,
    keepalive: keepaliveS,
    reschedulePings: false,
    connectTimeout: connectWithinMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
  });
}

/** `down` is told once per connection, with the first reason. */
function listen(client: MqttClient, options: MqttLinkOptions, events: LinkEvents): void {
  let isDown = false;
  const down = (reason: string) => {
    if (isDown) return;
    isDown = true;
    client.end(true);
    events.down(`${options.url}: ${reason}`);
  };
  client.on("connect", () => {
    client.subscribe([...options.subscribe], { qos: 1 }, (error, granted) => {
      const refused = granted?.find(({ qos }) => qos === 128);
      if (error) down(`subscription failed: ${error.message}`);
      else if (refused !== undefined) down(`subscription to ${refused.topic} refused`);
      else {
        const { subscribeIfAllowed: more = [] } = options;
        if (more.length > 0) client.subscribe([...more], { qos: 1 }, () => undefined);
        events.up();
      }
    });
  });
  client.on("message", (topic, payload, packet) => events.message(topic, payload.toString("utf8"), packet.retain));
  client.on("error", (error) => down(error.message));
  client.stream.on("error", (error: Error) => down(error.message));
  client.on("close", () => down("closed"));
}

function openUsual(url: URL, tls: TlsIdentity | undefined, judge: HubJudge | undefined): Duplex {
  const { hostname, protocol } = url;
  if (protocol !== "mqtt:" && protocol !== "mqtts:") throw new Error(`${url.protocol} is not mqtt: or mqtts:`);
  const host = hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || portDefault[protocol];
  if (protocol === "mqtt:") return connectTcp({ host, port, noDelay: true });
  const socket = connectTls({
    host,
    port,
    ...tls,
    minVersion: "TLSv1.2",
    rejectUnauthorized: judge === undefined || tls === undefined,
    ...serverName(host),
  });
  socket.setNoDelay(true);
  // Before that the client says no more than its name.
  socket.once("secureConnect", () => {
    const reason = tls === undefined ? null : (judge?.(socket, host, tls.ca) ?? null);
    if (reason !== null) socket.destroy(new Error(reason));
  });
  return socket;
}

/** Server name indication takes no addresses. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
