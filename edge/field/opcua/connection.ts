// One connection to an OPC UA server, from dialling to its end. It never repairs itself: session.ts makes the next one.
import {
  AttributeIds,
  type CallMethodResult,
  ClientMonitoredItemGroup,
  type ClientSession,
  type ClientSubscription,
  type DataType,
  type DataValue,
  OPCUAClient,
  type StatusCode,
  TimestampsToReturn,
  type Variant,
} from "node-opcua";
import type { ErrorCode } from "../../model/error.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import { type Access, secure, trouble } from "./security.js";
import { dataTypeOf } from "./values.js";

export interface Connection {
  read(node: string): Promise<DataValue>;
  /** The value alone: many servers refuse a write that also sets status or times. */
  write(node: string, value: Variant): Promise<StatusCode>;
  /** The built-in type of an output's node, as the server has it. */
  typeOf(node: string): DataType | undefined;
  call(object: string, method: string, args: readonly Variant[]): Promise<CallMethodResult>;
  /** The built-in types of a method's arguments; null when the server does not say. */
  argumentTypes(method: string): ArgumentTypes | null;
  /** Why the server is trusted no longer; null while it is. May throw the disk's error. */
  objection(): string | null;
  /** Frees what it can; may hang on a dead peer, so callers give it a limit. */
  close(): Promise<void>;
}

type ArgumentTypes = readonly (DataType | undefined)[];

export interface ConnectionEvents {
  /** `node` has changed, or is reported for the first time. */
  changed(node: string, value: DataValue): void;
  /** The server does not have this node, or refuses to watch it. */
  refused(node: string, status: StatusCode): void;
  /** It works, but not as configured. */
  noted(code: ErrorCode, detail: string): void;
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
/** Small controllers take no more in one request. */
const nodesPerRequest = 100;
/** After that the server forgets a session that was never closed: small controllers have few. Longer for slow publishing. */
const sessionTimeoutMs = 30_000;
const publicationsPerTimeout = 4;

/**
 * Dials, opens a session and watches the heartbeat and every point. Rejects with the reason, a PortcullisError where it
 * has a code of its own; the caller sets the limit.
 */
export async function connectOnce(
  config: OpcuaDriverConfig,
  access: Access,
  events: ConnectionEvents,
): Promise<Connection> {
  const { options, identity, areDatesUnchecked, objection, ownFingerprint } = await secure(config, access, {
    applicationName: "Portcullis",
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 1_000 },
    endpointMustExist: false,
    requestedSessionTimeout: Math.max(sessionTimeoutMs, publicationsPerTimeout * config.publishingMs),
    transportTimeout: Math.max(2 * config.watchdogMs, 2 * requestWithinMs),
    defaultTransactionTimeout: requestWithinMs,
  });
  const client = OPCUAClient.create(options);
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
    const session = await client.createSession(identity);
    session.on("session_closed", (status) => end(`session closed: ${status.name}`));
    const types = await outputTypes(session, config);
    const methods = await methodTypes(session, config);
    await watch(session, { config, events, end });
    if (areDatesUnchecked) events.noted("field.dates-unchecked", config.endpoint);
    return {
      read: (node) => session.read({ nodeId: node, attributeId: AttributeIds.Value }),
      write: (node, value) => session.write({ nodeId: node, attributeId: AttributeIds.Value, value: { value } }),
      typeOf: (node) => types.get(node),
      call: (object, method, args) => session.call({ objectId: object, methodId: method, inputArguments: [...args] }),
      argumentTypes: (method) => methods.get(method) ?? null,
      objection,
      async close() {
        over = true;
        await session.close(true);
        await client.disconnect();
      },
    };
  } catch (error) {
    over = true;
    client.disconnect(() => undefined);
    throw refusedLogin(config, error, ownFingerprint);
  }
}

const loginRefusals = /BadUserAccessDenied|BadIdentityToken\w+|BadUserSignatureInvalid|Cannot find .*user token policy/;
const certificateRefusals = /BadSecurityChecksFailed|BadCertificate\w+|BadApplicationSignatureInvalid/;

/** The server's own refusal, with what helps the technician there. */
function refusedLogin(config: OpcuaDriverConfig, error: unknown, ownFingerprint: string): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const login = loginRefusals.exec(message)?.[0];
  if (login !== undefined) {
    const { user, userCertificate } = config.security;
    const who = userCertificate
      ? "the user certificate"
      : user === undefined
        ? "a login without a name"
        : `user ${user}`;
    return trouble(config, "field.identity-refused", `${who}: ${login}`, error);
  }
  const refusal = certificateRefusals.exec(message)?.[0];
  if (refusal === undefined || config.security.mode === "none") return error;
  return trouble(config, "field.identity-refused", `the box's certificate ${ownFingerprint}: ${refusal}`, error);
}

/** What each output's node takes, asked before the first order needs it. */
async function outputTypes(session: ClientSession, config: OpcuaDriverConfig): Promise<Map<string, DataType>> {
  const outputs = config.points.filter(({ direction, methods, method }) => direction === "out" && !(method ?? methods));
  const types = new Map<string, DataType>();
  for (const some of chunks(outputs.map(({ node }) => node))) {
    const declared = await session.read(some.map((nodeId) => ({ nodeId, attributeId: AttributeIds.DataType })));
    const present = await session.read(some.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));
    for (const [index, node] of some.entries()) {
      const type = dataTypeOf(declared[index]?.value.value ?? null, present[index]?.value ?? null);
      if (type !== undefined) types.set(node, type);
    }
  }
  return types;
}

/** What the methods of the orders take, asked before the first order: one that waits for an answer may go out too late. */
async function methodTypes(session: ClientSession, config: OpcuaDriverConfig): Promise<Map<string, ArgumentTypes>> {
  const called = config.points.flatMap(({ method, methods = [] }) => [...methods, ...(method ? [method] : [])]);
  const asked = new Set(called.filter(({ args = [] }) => args.length > 0).map(({ method }) => method));
  const types = new Map<string, ArgumentTypes>();
  const ask = async (method: string) => {
    const definition = await session.getArgumentDefinition(method).catch(() => null);
    const declared = definition?.inputArguments?.map(({ dataType }) => dataTypeOf(dataType, null));
    if (declared !== undefined) types.set(method, declared);
  };
  await Promise.all([...asked].map(ask));
  return types;
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
  let slowestMs = 0;
  for (const some of chunks(nodes))
    slowestMs = Math.max(slowestMs, await watchSome(subscription, some, config, events));
  const { publishingInterval } = subscription;
  if (publishingInterval > config.publishingMs) {
    events.noted("field.interval-revised", `publishes each ${publishingInterval} ms instead of ${config.publishingMs}`);
  }
  if (slowestMs > config.samplingMs) {
    events.noted("field.interval-revised", `samples each ${slowestMs} ms instead of ${config.samplingMs}`);
  }
}

/** Gives the longest sampling interval that the server grants any of the nodes. */
async function watchSome(
  subscription: ClientSubscription,
  nodes: readonly string[],
  { samplingMs }: OpcuaDriverConfig,
  events: ConnectionEvents,
): Promise<number> {
  const items = nodes.map((node) => ({ nodeId: node, attributeId: AttributeIds.Value }));
  const parameters = { samplingInterval: samplingMs, queueSize: queueLength, discardOldest: true };
  // Listening stands before the first publication can arrive, which carries the values that each node has now.
  const group = ClientMonitoredItemGroup.create(subscription, items, parameters, TimestampsToReturn.Both);
  group.on("changed", (_item, value, index) => events.changed(nodes[index] ?? "", value));
  await new Promise<void>((resolve, reject) => {
    group.on("initialized", resolve);
    group.on("err", (message) => reject(new Error(message)));
  });
  const granted = group.monitoredItems.map((item, index) => {
    if (item.statusCode.isGood()) return item.monitoringParameters.samplingInterval;
    events.refused(nodes[index] ?? "", item.statusCode);
    return 0;
  });
  return Math.max(...granted);
}

function chunks(nodes: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(nodes.length / nodesPerRequest);
  return Array.from({ length: count }, (_, index) =>
    nodes.slice(index * nodesPerRequest, (index + 1) * nodesPerRequest),
  );
}
