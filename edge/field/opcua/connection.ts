// One connection to an OPC UA server, from dialling to its end. It never repairs itself: session.ts makes the next one.
import {
  AttributeIds,
  ClientMonitoredItemGroup,
  type ClientSession,
  type DataValue,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  type StatusCode,
  TimestampsToReturn,
  type UserIdentityInfo,
  UserTokenType,
  type Variant,
} from "node-opcua";
import type { OpcuaDriverConfig } from "../../model/wiring.js";

export interface Connection {
  read(node: string): Promise<DataValue>;
  write(node: string, value: Variant): Promise<StatusCode>;
  /** Frees what it can; may hang on a dead peer, so callers give it a limit. */
  close(): Promise<void>;
}

export interface Access {
  /** Folder of the client's own key and of the servers that it trusts. */
  readonly pkiDir: string;
  /** Of `security.user`; empty without one. */
  readonly password: string;
}

export interface ConnectionEvents {
  /** `node` has changed, or is reported for the first time. */
  changed(node: string, value: DataValue): void;
  /** The server does not have this node, or refuses to watch it. */
  refused(node: string, status: StatusCode): void;
  /** Called at most once, also during `connect`. */
  ended(reason: string): void;
}

/** Limit of each request; a server in the equipment room answers within milliseconds. */
const requestWithinMs = 2_000;
/** Changes that a node may keep between two publications: short pulses are not lost. */
const queueLength = 10;
/** Publications that a server may miss before it drops the subscription. */
const lifetimeCount = 100;
const keepAliveCount = 10;

/** Dials, opens a session and watches the heartbeat and every point. Rejects with the reason; the caller sets the limit. */
export async function connectOnce(
  config: OpcuaDriverConfig,
  access: Access,
  events: ConnectionEvents,
): Promise<Connection> {
  const client = createClient(config, access.pkiDir);
  let over = false;
  const end = (reason: string) => {
    if (over) return;
    over = true;
    events.ended(reason);
  };
  client.on("connection_lost", () => end("connection lost"));
  client.on("close", (error) => end(error?.message ?? "closed by the server"));
  try {
    await client.connect(config.endpoint);
    const session = await client.createSession(identityOf(config, access.password));
    session.on("session_closed", (status) => end(`session closed: ${status.name}`));
    await watch(session, { config, events, end });
    return {
      read: (node) => session.read({ nodeId: node, attributeId: AttributeIds.Value }),
      write: (node, value) => session.write({ nodeId: node, attributeId: AttributeIds.Value, value: { value } }),
      async close() {
        over = true;
        await session.close(true);
        await client.disconnect();
      },
    };
  } catch (error) {
    over = true;
    client.disconnect(() => undefined);
    throw error;
  }
}

function createClient(config: OpcuaDriverConfig, pkiDir: string): OPCUAClient {
  const secure = config.security.mode === "sign-and-encrypt";
  return OPCUAClient.create({
    applicationName: "Portcullis",
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 1_000 },
    endpointMustExist: false,
    securityMode: secure ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None,
    securityPolicy: secure ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None,
    clientCertificateManager: new OPCUACertificateManager({
      rootFolder: pkiDir,
      automaticallyAcceptUnknownCertificate: false,
    }),
    transportTimeout: Math.max(2 * config.watchdogMs, 2 * requestWithinMs),
    defaultTransactionTimeout: requestWithinMs,
  });
}

function identityOf(config: OpcuaDriverConfig, password: string): UserIdentityInfo {
  const { user } = config.security;
  if (user === undefined) return { type: UserTokenType.Anonymous };
  return { type: UserTokenType.UserName, userName: user, password };
}

interface Watch {
  readonly config: OpcuaDriverConfig;
  readonly events: ConnectionEvents;
  end(reason: string): void;
}

async function watch(session: ClientSession, { config, events, end }: Watch): Promise<void> {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: config.publishingMs,
    requestedLifetimeCount: lifetimeCount,
    requestedMaxKeepAliveCount: keepAliveCount,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 1,
  });
  subscription.on("terminated", () => end("subscription ended"));
  const nodes = [...new Set([config.heartbeat, ...config.points.map(({ node }) => node)])];
  const items = nodes.map((node) => ({ nodeId: node, attributeId: AttributeIds.Value }));
  const parameters = { samplingInterval: config.samplingMs, queueSize: queueLength, discardOldest: true };
  // Listening stands before the first publication can arrive, which carries the values that each node has now.
  const group = ClientMonitoredItemGroup.create(subscription, items, parameters, TimestampsToReturn.Both);
  group.on("changed", (_item, value, index) => events.changed(nodes[index] ?? "", value));
  await new Promise<void>((resolve, reject) => {
    group.on("initialized", resolve);
    group.on("err", (message) => reject(new Error(message)));
  });
  for (const [index, item] of group.monitoredItems.entries()) {
    if (!item.statusCode.isGood()) events.refused(nodes[index] ?? "", item.statusCode);
  }
}
