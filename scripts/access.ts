// .portcullis/access.json (0600): what a person or a program needs to reach the running demo.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { HubConfig } from "../config/hub.js";
import { writeWhole } from "../edge/machine/whole-file.js";
import type { EdgeConfig, Site } from "../edge/model/site.js";
import { checkSimulation, type Simulation } from "../simulators/settings.js";
import type { HubReady } from "./commands/hub.js";
import { admitControlRoom, ensureCurvePair } from "./curve.js";
import { urlOf } from "./healthy.js";

export interface DemoParts {
  readonly folder: string;
  readonly site: Site;
  readonly hub: HubConfig;
  readonly edge: EdgeConfig;
}

export interface Ready extends HubReady {
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly command: string }[];
}

const curveFolder = (folder: string) => join(folder, "hub", "curve");

/** Makes the control room's key and admits it; with `ready` also writes the file. */
export function writeAccess({ folder, site, hub, edge }: DemoParts, ready: Ready | null): void {
  const client = ensureCurvePair(join(folder, "control-room.json"));
  admitControlRoom(curveFolder(folder), "demo", client.publicKey);
  if (ready === null) return;
  const server = ensureCurvePair(join(curveFolder(folder), "hub.json"));
  const base = urlOf(hub.http);
  const access = {
    hub: { url: base, api: `${base}/api/v1`, openapi: `${base}/api/v1/openapi.json`, stream: `${base}/api/v1/stream` },
    edge: {
      url: urlOf(edge.http),
      site: site.site,
      id: edge.id,
      data: join(folder, "edge"),
    },
    token: ready.tokens.operator,
    // A second person, for acts that need two.
    approverToken: ready.tokens.supervisor,
    oneTimeCode: ready.oneTimeCode,
    ca: join(folder, "pki", "ca.pem"),
    caPem: readFileSync(join(folder, "pki", "ca.pem"), "utf8"),
    broker: { url: `mqtts://${hub.broker.host}:${hub.broker.port}` },
    zeromq: {
      publish: `tcp://${hub.zeromq.host}:${hub.zeromq.publishPort}`,
      request: `tcp://${hub.zeromq.host}:${hub.zeromq.requestPort}`,
      serverPublicKey: server.publicKey,
      clientPublicKey: client.publicKey,
      clientSecretKey: client.secretKey,
    },
    rooms: roomAccess(folder, hub),
    field: fieldAccess(folder, edge),
    simulators: simulatorAccess(checkSimulation(site.simulation)),
    processes: ready.processes,
  };
  writeWhole(join(folder, "access.json"), `${JSON.stringify(access, null, 2)}\n`);
}

/** Where control rooms reach the hub besides ZeroMQ. */
function roomAccess(folder: string, { outlets }: HubConfig) {
  const { mqtt, opcua } = outlets ?? {};
  return {
    mqtt: mqtt && {
      url: `mqtts://${mqtt.host}:${mqtt.port}`,
      rooms: mqtt.rooms.map(({ name, role }) => {
        const stem = join(folder, "pki", "rooms", name);
        return { name, role: role ?? null, cert: `${stem}.pem`, key: `${stem}.key` };
      }),
    },
    opcua: opcua && {
      endpoint: `opc.tcp://${opcua.host}:${opcua.port}`,
      trust: `npx portcullis keys trust FINGERPRINT --data ${join(folder, "hub")}`,
    },
  };
}

function fieldAccess(folder: string, edge: EdgeConfig) {
  const driver = edge.drivers.find((known) => known.kind === "mqtt");
  if (driver?.kind !== "mqtt" || driver.broker === undefined) return null;
  const file = join(folder, "edge", "field-credentials.json");
  const credentials: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  return { url: `${driver.broker.tls ? "mqtts" : "mqtt"}://${driver.broker.host}:${driver.broker.port}`, credentials };
}

function simulatorAccess(simulation: Simulation) {
  return {
    control: `http://${simulation.control.host}:${simulation.control.port}`,
    opcua: simulation.bollardControllers.map(({ endpoint, bollards, loops }) => ({
      endpoint: `opc.tcp://${endpoint.host}:${endpoint.port}`,
      bollards: Object.fromEntries(bollards.map(({ id }) => [id, nodesOf(id)])),
      loops: loops.map((loop) => `ns=1;s=${loop}`),
      heartbeat: "ns=1;s=Heartbeat",
    })),
    firmata: simulation.boards.map(({ id, endpoint, relays, loops, buttons }) => ({
      id,
      ...endpoint,
      relays,
      loops,
      buttons,
    })),
  };
}

function nodesOf(bollard: string) {
  const names = ["Demand", "Closed", "Open", "Obstructed", "Fault", "PowerOk", "Loop", "Position", "ChangedAt"];
  const methods = ["Lower", "Raise", "Stop", "EmergencyRaise", "Order"];
  const nodes = (some: readonly string[]) =>
    Object.fromEntries(some.map((name) => [name, `ns=1;s=${bollard}.${name}`]));
  return { ...nodes(names), object: `ns=1;s=${bollard}`, methods: nodes(methods) };
}
