// An OPC UA Alarms & Conditions client as a control room has it: secured, logged in, its certificate trusted by a person at the
// hub; hears every event, asks for all that is retained, and acknowledges.
import { readdirSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import {
  AttributeIds,
  type ClientSession,
  type ClientSubscription,
  constructEventFilter,
  DataType,
  LocalizedText,
  LogLevel,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  type StatusCode,
  setLogLevel,
  TimestampsToReturn,
  UserTokenType,
  Variant,
} from "node-opcua";
import { until } from "./until.js";

setLogLevel(LogLevel.Error);
const connectWithinMs = 60_000;
const eventsQueued = 10_000;
const serverObject = "i=2253";
const refreshMethod = { objectId: "i=2782", methodId: "i=3875" };
const acknowledgeMethod = "i=9111";

export interface ConditionEvent {
  readonly eventId: Buffer;
  /** `{site}/{edge}/{origin}`; empty for the marks of a refresh. */
  readonly source: string;
  readonly message: string;
  readonly active: boolean;
  readonly acked: boolean;
  readonly retain: boolean;
  /** Who acknowledged last. */
  readonly comment: string;
}

export interface ConditionsAt {
  readonly port: number;
  /** Of the hub, in which a person trusts the client's certificate. */
  readonly dataDir: string;
  /** The client's own keys. */
  readonly folder: string;
  readonly user: string;
  readonly password: string;
}

export interface Conditions {
  readonly events: readonly ConditionEvent[];
  /** Ids of the subscription's events that were told. */
  onEvent(take: (event: ConditionEvent) => void): void;
  acknowledge(event: ConditionEvent, remark: string): Promise<StatusCode>;
  refresh(): Promise<StatusCode>;
  /** Reads nothing more from its connection, and keeps it. */
  freeze(): void;
  close(): Promise<void>;
}

const fields = [
  "EventId",
  "SourceNode",
  "Message",
  "ActiveState.Id",
  "AckedState.Id",
  "Retain",
  "Comment",
  "ConditionName",
] as const;

export async function connectConditions(at: ConditionsAt): Promise<Conditions> {
  const client = await until("the hub lets the OPC UA client in", () => connect(at), connectWithinMs);
  const session = await client.createSession({
    type: UserTokenType.UserName,
    userName: at.user,
    password: at.password,
  });
  const events: ConditionEvent[] = [];
  const takers: ((event: ConditionEvent) => void)[] = [];
  const subscription = await subscribe(session, (event) => {
    events.push(event);
    for (const take of takers) take(event);
  });
  return {
    events,
    onEvent: (take) => void takers.push(take),
    acknowledge: (event, remark) => acknowledge(session, event, remark),
    refresh: () => refresh(session, subscription),
    freeze: () => socketOf(client)?.pause(),
    async close() {
      await subscription.terminate().catch(() => undefined);
      await session.close().catch(() => undefined);
      await client.disconnect();
    },
  };
}

/** Rejects while the hub does not know the certificate, and has it trusted as a person would. */
async function connect({ port, dataDir, folder }: ConditionsAt): Promise<OPCUAClient> {
  const client = OPCUAClient.create({
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: new OPCUACertificateManager({
      rootFolder: folder,
      automaticallyAcceptUnknownCertificate: true,
    }),
  });
  try {
    await client.connect(`opc.tcp://127.0.0.1:${port}`);
    return client;
  } catch (error) {
    const shelf = join(dataDir, "opcua", "alarms");
    await mkdir(join(shelf, "trusted", "certs"), { recursive: true });
    for (const file of readdirSync(join(shelf, "rejected")))
      await rename(join(shelf, "rejected", file), join(shelf, "trusted", "certs", file));
    throw error;
  }
}

async function subscribe(session: ClientSession, take: (event: ConditionEvent) => void): Promise<ClientSubscription> {
  const subscription = await session.createSubscription2({ requestedPublishingInterval: 50, publishingEnabled: true });
  const item = await subscription.monitor(
    { nodeId: serverObject, attributeId: AttributeIds.EventNotifier },
    { samplingInterval: 0, queueSize: eventsQueued, discardOldest: true, filter: constructEventFilter([...fields]) },
    TimestampsToReturn.Both,
  );
  item.on("changed", (values: unknown) => {
    const [eventId, node, message, active, acked, retain, comment, condition] = values as Variant[];
    const source = condition?.value == null ? "" : String(node?.value).replace(/^.*?;s=/, "");
    take({
      eventId: eventId?.value,
      source,
      message: message?.value?.text ?? "",
      active: active?.value === true,
      acked: acked?.value === true,
      retain: retain?.value === true,
      comment: comment?.value?.text ?? "",
    });
  });
  return subscription;
}

async function acknowledge(session: ClientSession, { source, eventId }: ConditionEvent, remark: string) {
  const inputArguments = [
    new Variant({ dataType: DataType.ByteString, value: eventId }),
    new Variant({ dataType: DataType.LocalizedText, value: new LocalizedText({ text: remark }) }),
  ];
  const { statusCode } = await session.call({
    objectId: `ns=1;s=${source}:alarm`,
    methodId: acknowledgeMethod,
    inputArguments,
  });
  return statusCode;
}

async function refresh(session: ClientSession, { subscriptionId }: ClientSubscription): Promise<StatusCode> {
  const inputArguments = [new Variant({ dataType: DataType.UInt32, value: subscriptionId })];
  const { statusCode } = await session.call({ ...refreshMethod, inputArguments });
  return statusCode;
}

interface Transported {
  readonly _secureChannel?: { getTransport(): { readonly _socket?: { pause(): void } } | undefined };
}

/** The library has no way of its own to stop reading. */
function socketOf(client: OPCUAClient) {
  return (client as unknown as Transported)._secureChannel?.getTransport()?._socket;
}
