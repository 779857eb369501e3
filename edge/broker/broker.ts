// The MQTT broker with every guard that aedes leaves to its user: for field devices in the box and for boxes at the hub.
import type { EventEmitter } from "node:events";
import { Aedes, type AedesPublishPacket, type Client } from "aedes";
import type { Clock, Timer } from "../machine/ports.js";
import { createRefusals, type OnRefused } from "../machine/refusals.js";
import type { ErrorCode } from "../model/error.js";
import { accountOf, type Identity, isCleanName, refusedBeforeLogin } from "./admission.js";
import { type BrokerTls, listen } from "./listener.js";
import { packetWithinMsDefault } from "./packet-guard.js";

/** Who may do what. Ids and topics were checked for control characters before these are asked. */
export interface BrokerRules {
  /**
   * Whether these credentials are the client's. Before this is asked the client id must equal the certificate's name
   * where clients show certificates, else the user name; so nobody evicts another, and a device that comes back evicts
   * its own half-open connection.
   */
  authenticate(identity: Identity): boolean | Promise<boolean>;
  /** Also asked for wills. A refusal ends the connection, because MQTT 3.1.1 has no answer for it. */
  canPublish(client: string, topic: string, retain: boolean): boolean;
  canSubscribe(client: string, filter: string): boolean;
  /** Asked for each delivery; what a mixed SUBSCRIBE slipped past `canSubscribe` ends here. */
  canReceive(client: string, topic: string): boolean;
  /** Bytes that may wait for this subscriber before it is cut off; 1 MiB unless told. */
  waitingBytesMax?(client: string): number;
}

export interface BrokerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: BrokerTls;
  readonly rules: BrokerRules;
  readonly connectionsMax: number;
  readonly packetBytesMax: number;
  /** From the first byte of a packet to its last; also for CONNECT after the connection was accepted. Default 10 s. */
  readonly packetWithinMs?: number;
  /** A subscriber that takes nothing for this long is cut off. Default 1 s. */
  readonly drainWithinMs?: number;
  /** Refuse `clean=false`: its offline queue has no limit. Default true. */
  readonly refusePersistentSessions?: boolean;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly onRefused: OnRefused;
  readonly onConnected?: (client: string, identity: Identity) => void;
  readonly onDisconnected?: (client: string) => void;
}

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  /** Id of the client that published; null for the broker's own process. */
  readonly client: string | null;
}

export interface Broker {
  readonly port: number;
  /** From this process to the clients. QoS 0 unless told; a frozen client never delays the promise beyond 1 s. */
  publish(topic: string, payload: string, options?: { readonly retain?: boolean; readonly qos?: 0 | 1 }): Promise<void>;
  /** What clients publish to `filter`, live only: what is retained was delivered when it came. `receive` must not throw. */
  subscribe(filter: string, receive: (message: BrokerMessage) => void): Promise<void>;
  /** Ids of the clients that are logged in. */
  clients(): readonly string[];
  isIn(client: string): boolean;
  /** Asks `rules.authenticate` again for everybody who is in, and ends whoever is no longer admitted. */
  recheck(): Promise<void>;
  /** Ends every connection and the listener. */
  close(): Promise<void>;
}

const drainWithinMsDefault = 1_000;
/** Messages that may wait inside aedes; with its default of 100 one frozen subscriber stalls all, and many ending together overflow the stack. */
const messagesWaitingMax = 20_000;
/** Messages of QoS 2 that one client may leave unreleased; aedes keeps each in memory. */
const unreleasedMax = 64;
/** Bytes that may wait in the socket of one subscriber. */
const subscriberBytesMax = 1_048_576;

/** Starts a broker. Rejects when the address cannot be bound. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const refusals = createRefusals(options, options.onRefused);
  const refuse = (code: ErrorCode, detail: string) => refusals.add(code, detail);
  const identities = new WeakMap<Client, Identity>();
  const aedes = await Aedes.createBroker({
    concurrency: messagesWaitingMax,
    drainTimeout: options.drainWithinMs ?? drainWithinMsDefault,
    maxInflightInbound: unreleasedMax,
    connectTimeout: options.packetWithinMs ?? packetWithinMsDefault,
    ...admission(options, identities, refuse),
    ...authority(options.rules, refuse),
  });
  const clients = watchClients(aedes, options, identities, refuse);
  const listener = await listen(options, (socket) => void aedes.handle(socket), refuse).catch(
    async (cause: unknown) => {
      await closeAedes(aedes);
      throw cause;
    },
  );
  return {
    port: listener.port,
    publish: (topic, payload, { retain = false, qos = 0 } = {}) =>
      new Promise((resolve, reject) => {
        aedes.publish({ cmd: "publish", dup: false, topic, payload: Buffer.from(payload), retain, qos }, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    subscribe: (filter, receive) =>
      new Promise((resolve) => aedes.subscribe(filter, (packet, done) => deliver(packet, receive, done), resolve)),
    clients: () => [...clients.keys()],
    isIn: (client) => clients.has(client),
    async recheck() {
      for (const [id, client] of clients) {
        const identity = identities.get(client);
        if (identity !== undefined && (await options.rules.authenticate(identity))) continue;
        refuse("field.login-refused", `client ${id}: no longer admitted`);
        client.conn.destroy();
      }
    },
    async close() {
      refusals.close();
      const closed = closeAedes(aedes);
      await Promise.all([closed, listener.close()]);
    },
  };
}

function deliver(packet: AedesPublishPacket, receive: (message: BrokerMessage) => void, done: () => void): void {
  const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
  // aedes notes the publisher on the packet, which its types do not know.
  const client = "clientId" in packet && typeof packet.clientId === "string" ? packet.clientId : null;
  receive({ topic: packet.topic, payload, retain: packet.retain, client });
  done();
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(resolve));
}

type Refuse = (code: ErrorCode, detail: string) => void;

/** Who may come in. */
function admission(
  options: BrokerOptions,
  identities: WeakMap<Client, Identity>,
  refuse: Refuse,
): Pick<ConstructorOptions, "preConnect" | "authenticate"> {
  const refusePersistent = options.refusePersistentSessions ?? true;
  return {
    preConnect(_client, packet, done) {
      const reason = refusedBeforeLogin(packet, refusePersistent);
      if (reason === null) return done(null, true);
      refuse("field.login-refused", reason);
      done(new Refusal(reason), false);
    },
    authenticate(client, user, password, done) {
      const identity = accountOf(client, user, password, options.tls?.requestCert ?? false);
      if (identity === null) {
        refuse("field.login-refused", `client ${client.id}: the id is not the name in its credentials`);
        return done(null, false);
      }
      identities.set(client, identity);
      new Promise<boolean>((resolve) => resolve(options.rules.authenticate(identity))).then(
        (known) => {
          if (!known) refuse("field.login-refused", `client ${client.id}: wrong credentials`);
          done(null, known);
        },
        (cause: unknown) => {
          refuse("field.login-refused", `client ${client.id}: ${String(cause)}`);
          done(null, false);
        },
      );
    },
  };
}
type ConstructorOptions = NonNullable<ConstructorParameters<typeof Aedes>[0]>;

/** What those inside may do. */
function authority(
  rules: BrokerRules,
  refuse: Refuse,
): Pick<ConstructorOptions, "authorizePublish" | "authorizeSubscribe" | "authorizeForward"> {
  return {
    authorizePublish(client, packet, done) {
      const id = client?.id ?? "";
      const allowed =
        isCleanName(packet.topic) && !packet.topic.startsWith("$") && rules.canPublish(id, packet.topic, packet.retain);
      if (allowed) return done(null);
      refuse("field.topic-refused", `client ${id}: publish to ${JSON.stringify(packet.topic)}`);
      done(new Refusal("topic refused"));
    },
    authorizeSubscribe(client, subscription, done) {
      const { topic } = subscription;
      if (isCleanName(topic) && rules.canSubscribe(client.id, topic)) return done(null, subscription);
      refuse("field.topic-refused", `client ${client.id}: subscribe to ${JSON.stringify(topic)}`);
      done(null, null);
    },
    authorizeForward(client, packet) {
      if (!rules.canReceive(client.id, packet.topic)) return null;
      const bytesMax = rules.waitingBytesMax?.(client.id) ?? subscriberBytesMax;
      if (client.conn.writableLength <= bytesMax) return packet;
      refuse("field.unreachable", `client ${client.id}: takes nothing, ${client.conn.writableLength} bytes wait`);
      client.conn.destroy();
      return null;
    },
  };
}

/** Keeps the list of those inside by connection, because a new connection of an id may stand before the old one has ended. */
function watchClients(
  aedes: Aedes,
  options: BrokerOptions,
  identities: WeakMap<Client, Identity>,
  refuse: Refuse,
): Map<string, Client> {
  const clients = new Map<string, Client>();
  aedes.on("clientReady", (client) => {
    clients.set(client.id, client);
    const identity = identities.get(client);
    if (identity !== undefined) options.onConnected?.(client.id, identity);
  });
  aedes.on("clientDisconnect", (client) => {
    if (clients.get(client.id) !== client) return;
    clients.delete(client.id);
    options.onDisconnected?.(client.id);
  });
  const tellEnd = (who: string, error: Error) => {
    const code = codeOf(error);
    if (code !== null && !aedes.closed) refuse(code, `${who}: ${error.message}`);
  };
  aedes.on("clientError", (client, error) => tellEnd(`client ${client.id}`, error));
  aedes.on("connectionError", (_client, error) => tellEnd("before login", error));
  const emitter: EventEmitter = aedes;
  emitter.on("error", (error: Error) => refuse("field.payload-invalid", `broker: ${error.message}`));
  return clients;
}

/** Ends a connection for a reason that was told already. */
class Refusal extends Error {}

/** What an error that ended a connection was; null when the refusal was told already (aedes marks its own by `errorCode`). */
function codeOf(error: Error): ErrorCode | null {
  if (error instanceof Refusal || "errorCode" in error) return null;
  const isNetwork = "code" in error || error.message.endsWith("timeout") || error.message === "connection closed";
  return isNetwork ? "field.unreachable" : "field.payload-invalid";
}
