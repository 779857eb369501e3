// The hub's OPC UA server: a source per zone, barrier and box, each with one Alarms & Conditions condition, secured endpoints only.
import { join } from "node:path";
import {
  LogLevel,
  MessageSecurityMode,
  type Namespace,
  OPCUAServer,
  SecurityPolicy,
  setLogLevel,
  type UAObject,
} from "node-opcua";
import { type Condition, createAlarm, createCondition } from "./condition.js";
import type { OpcuaServerSettings, SourceName } from "./messages.js";
import { type Ask, bindTypes } from "./methods.js";
import type { Picture } from "./picture.js";
import { conditionsMax } from "./places.js";
import { createSpares } from "./spares.js";
import { openTrust } from "./trust.js";

export interface ConditionServer {
  readonly port: number;
  name(sources: readonly SourceName[]): void;
  show(picture: Picture): void;
  /** So many conditions wait for a source; those that have one and never had an alarm go. */
  spare(count: number): void;
  /** Takes the condition of a source away. */
  forget(source: string): void;
  close(): Promise<void>;
}

const sessionsMax = 50;
const shutdownMs = 500;
const namespaceUri = "urn:portcullis:hub";

/** Listens when it resolves. Rejects when the address or the keys cannot be had. */
export async function startServer(
  { host, port, pkiDir, maxShelveMs }: OpcuaServerSettings,
  ask: Ask,
): Promise<ConditionServer> {
  setLogLevel(LogLevel.Error);
  const server = new OPCUAServer({
    host,
    port,
    ...(host !== "0.0.0.0" && host !== "::" && { hostname: host }),
    serverCertificateManager: openTrust(pkiDir),
    // Absent, the library would keep one in the home folder, which a service need not have.
    userCertificateManager: openTrust(join(pkiDir, "users")),
    securityModes: [MessageSecurityMode.SignAndEncrypt],
    securityPolicies: [
      SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep,
      SecurityPolicy.Aes256_Sha256_RsaPss,
    ],
    allowAnonymous: false,
    userManager: {
      isValidUserAsync: (user: string, password: string, done: (error: Error | null, valid?: boolean) => void) => {
        ask({ kind: "login", user, password }).then(
          (verdict) => done(null, verdict === "good"),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      },
    },
    serverInfo: { applicationUri: namespaceUri, productUri: namespaceUri },
    buildInfo: { productName: "Portcullis hub", productUri: namespaceUri },
    serverCapabilities: { maxSessions: sessionsMax },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace;
  if (addressSpace === null) throw new Error("the server has no address space");
  addressSpace.installAlarmsAndConditionsService();
  const tree = createTree(addressSpace.registerNamespace(namespaceUri), { ask, maxShelveMs });
  await server.start();
  return {
    port: server.endpoints[0]?.port ?? port,
    name: (sources) => sources.forEach(tree.name),
    spare: tree.spare,
    forget: tree.forget,
    show: (picture) => tree.conditionOf(picture.source).show(picture),
    close() {
      tree.close();
      return server.shutdown(shutdownMs);
    },
  };
}

/** Sources below their box, boxes below their site; all of them notify upwards to the server object. */
function createTree(namespace: Namespace, options: { readonly ask: Ask; readonly maxShelveMs: number }) {
  const { objects } = namespace.addressSpace.rootFolder;
  const server = objects.server;
  const folders = new Map<string, UAObject>();
  const conditions = new Map<string, Condition>();
  const byNode = new Map<string, Condition>();
  const spares = createSpares(
    (nodeId) => createAlarm(namespace, nodeId, options.maxShelveMs),
    (waiting) => waiting + conditions.size < conditionsMax,
  );
  bindTypes(namespace.addressSpace, (node) => byNode.get(node.toString())?.handle);

  function folder(path: string, name: string, parent: UAObject | null): UAObject {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const made = namespace.addObject({
      browseName: name,
      nodeId: `s=${path}`,
      eventNotifier: 1,
      ...(parent === null ? { organizedBy: objects, notifierOf: server } : { componentOf: parent, notifierOf: parent }),
    });
    folders.set(path, made);
    return made;
  }

  function conditionOf(source: string, title?: string): Condition {
    const known = conditions.get(source);
    if (known !== undefined) return known;
    const [site = "-", edge = "-", ...rest] = source.split("/");
    const root = folder("Portcullis", "Portcullis", null);
    const box = folder(`${site}/${edge}`, edge, folder(site, site, root));
    const place = { source, box, name: rest.join("/"), title: title ?? "" };
    const made = createCondition(namespace, spares.take(source), { ...options, ...place });
    conditions.set(source, made);
    for (const node of made.nodes) byNode.set(node.toString(), made);
    return made;
  }

  function forget(source: string): void {
    const known = conditions.get(source);
    if (known === undefined) return;
    conditions.delete(source);
    for (const node of known.nodes) byNode.delete(node.toString());
    namespace.addressSpace.deleteNode(known.object);
  }

  function spare(count: number): void {
    for (const [source, condition] of conditions) if (!condition.isShown()) forget(source);
    spares.keep(count);
  }

  return {
    conditionOf,
    spare,
    forget,
    close: spares.close,
    name: ({ source, title }: SourceName) => void conditionOf(source, title),
  };
}
