// A small real OPC UA server for the contract suite: two inputs, an output, a heartbeat.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DataType,
  LogLevel,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  type OPCUAServerOptions,
  SecurityPolicy,
  type StatusCode,
  StatusCodes,
  setLogLevel,
  type UAVariable,
  Variant,
} from "node-opcua";
import type { OpcuaDriverConfig } from "../../edge/model/wiring.js";
import { freePort } from "../support/free-port.js";

setLogLevel(LogLevel.Error);
const heartbeatEveryMs = 100;
/** Wide for a loaded machine, short for a test. */
const watchdogMs = 1_500;

export function bollardConfig(endpoint: string): OpcuaDriverConfig {
  return {
    id: "bollards",
    kind: "opcua",
    endpoint,
    security: { mode: "none" },
    samplingMs: 50,
    publishingMs: 50,
    heartbeat: "ns=1;s=Heartbeat",
    watchdogMs,
    points: [
      { id: "closed", direction: "in", node: "ns=1;s=B1.Closed", type: "boolean", latencyMs: 50 },
      { id: "travel", direction: "in", node: "ns=1;s=B1.Travel", type: "double" },
      { id: "demand", direction: "out", node: "ns=1;s=B1.Demand", type: "string" },
    ],
  };
}

/** The drive's methods instead of its variable, and a number that is an Int16 at the server. */
export const otherOutputs: OpcuaDriverConfig["points"] = [
  {
    id: "called",
    direction: "out",
    node: "ns=1;s=B1.State",
    type: "int32",
    methods: [
      { order: "close", object: "ns=1;s=B1", method: "ns=1;s=B1.Drive", args: ["$order", 7], confirm: 1 },
      { order: "stop", object: "ns=1;s=B1", method: "ns=1;s=B1.Drive", args: ["$order", 7], confirm: 99 },
      { order: "explode", object: "ns=1;s=B1", method: "ns=1;s=B1.Drive", args: ["$order", 7] },
    ],
  },
  { id: "speed", direction: "out", node: "ns=1;s=B1.Speed", type: "int32" },
];

/** The password of the secured server's only user. */
export const guard = { user: "guard", password: "correct horse" };

/** Announces a name that nobody can resolve, as controllers do; users only, by password or by any certificate. */
function securedOptions(folder: string): OPCUAServerOptions {
  return {
    hostname: "controller.invalid",
    securityModes: [MessageSecurityMode.SignAndEncrypt],
    securityPolicies: [SecurityPolicy.Basic256Sha256],
    allowAnonymous: false,
    userManager: {
      isValidUser: (user: string, password: string) => user === guard.user && password === guard.password,
    },
    userCertificateManager: new OPCUACertificateManager({
      rootFolder: join(folder, "users"),
      automaticallyAcceptUnknownCertificate: true,
    }),
  };
}

export interface BollardServer {
  readonly port: number;
  /** Of the server, DER. */
  readonly certificate: Buffer;
  speed(): number;
  setContact(closed: boolean, status: StatusCode): void;
  demand(): string;
  /** From now on the drive keeps its old order, whatever is written. */
  jamDemand(): void;
  freeze(): void;
  thaw(): void;
  /** As after the start. */
  reset(): void;
  close(): Promise<void>;
}

export async function startBollardServer(kind: "plain" | "secured" = "plain"): Promise<BollardServer> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-opcua-server-"));
  const port = await freePort();
  const server = new OPCUAServer({
    hostname: "127.0.0.1",
    port,
    ...(kind === "secured" ? securedOptions(folder) : {}),
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: folder,
      automaticallyAcceptUnknownCertificate: true,
    }),
  });
  await server.initialize();
  const is = { beats: 0, demand: "none", jammed: false, frozen: false, state: 0, speed: 0 };
  const space = server.engine.addressSpace;
  const own = space?.getOwnNamespace();
  if (space === null || own === undefined) throw new Error("the server has no address space");
  const add = (name: string, dataType: DataType, value: unknown): UAVariable =>
    own.addVariable({
      organizedBy: space.rootFolder.objects,
      nodeId: `s=${name}`,
      browseName: name,
      dataType,
      value: { dataType, value },
      minimumSamplingInterval: 50,
    });
  const heartbeat = add("Heartbeat", DataType.UInt32, 0);
  const closed = add("B1.Closed", DataType.Boolean, false);
  const setContact = (value: boolean, status: StatusCode) =>
    closed.setValueFromSource({ dataType: DataType.Boolean, value }, status);
  add("B1.Travel", DataType.Double, 0.5);
  own.addVariable({
    organizedBy: space.rootFolder.objects,
    nodeId: "s=B1.Demand",
    browseName: "B1.Demand",
    dataType: DataType.String,
    minimumSamplingInterval: 50,
    value: {
      get: () => new Variant({ dataType: DataType.String, value: is.demand }),
      set: (variant: Variant) => {
        if (!is.jammed) is.demand = String(variant.value);
        return StatusCodes.Good;
      },
    },
  });
  own.addVariable({
    organizedBy: space.rootFolder.objects,
    nodeId: "s=B1.Speed",
    browseName: "B1.Speed",
    dataType: DataType.Int16,
    value: {
      get: () => new Variant({ dataType: DataType.Int16, value: is.speed }),
      set: (variant: Variant) => {
        is.speed = Number(variant.value);
        return StatusCodes.Good;
      },
    },
  });
  const drive = own.addObject({ organizedBy: space.rootFolder.objects, nodeId: "s=B1", browseName: "B1" });
  const state = add("B1.State", DataType.Int32, 0);
  const method = own.addMethod(drive, {
    nodeId: "s=B1.Drive",
    browseName: "Drive",
    inputArguments: [
      { name: "word", dataType: DataType.String },
      { name: "key", dataType: DataType.UInt16 },
    ],
    outputArguments: [],
  });
  method.bindMethod((inputs, _context, done) => {
    const word = ["stop", "close"].indexOf(String(inputs[0]?.value));
    const isFit = word >= 0 && inputs[1]?.dataType === DataType.UInt16;
    if (isFit) state.setValueFromSource({ dataType: DataType.Int32, value: word });
    done(null, { statusCode: isFit ? StatusCodes.Good : StatusCodes.BadInvalidArgument });
  });
  await server.start();
  const beating = setInterval(() => {
    if (is.frozen) return;
    is.beats += 1;
    heartbeat.setValueFromSource({ dataType: DataType.UInt32, value: is.beats });
  }, heartbeatEveryMs);
  return {
    port,
    certificate: server.getCertificate(),
    speed: () => is.speed,
    setContact,
    demand: () => is.demand,
    jamDemand() {
      is.jammed = true;
    },
    freeze() {
      is.frozen = true;
    },
    thaw() {
      is.frozen = false;
    },
    reset() {
      Object.assign(is, { demand: "none", jammed: false, frozen: false });
      setContact(false, StatusCodes.Good);
    },
    async close() {
      clearInterval(beating);
      await server.shutdown(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
