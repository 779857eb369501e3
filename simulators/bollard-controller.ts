// The bollard controller: an OPC UA server whose nodes show the plant's drives and loops and take demands.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DataType,
  MessageSecurityMode,
  type Namespace,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  type UAObject,
  type UAVariable,
  Variant,
} from "node-opcua";
import { type Bollard, demandWords, isClosed, isOpen } from "./plant/bollard.js";
import type { VehicleLoop } from "./plant/loop.js";
import { bollardLoop, type Plant } from "./plant/plant.js";
import type { Program } from "./program.js";
import type { BollardControllerSettings } from "./settings.js";
import type { World } from "./world.js";

/** Sessions at a time; a test client beside the box's is welcome. */
const sessionsMax = 20;

type Value = boolean | number | string | Date;

/** Gives a node its value with the plant's clock as source time; says nothing when nothing has changed. */
type Show = (value: Value, at: number, isGood?: boolean) => void;

interface Folder {
  readonly namespace: Namespace;
  readonly parent: UAObject;
  readonly world: World;
}

function addVariable({ namespace, parent }: Folder, node: string, dataType: DataType): UAVariable {
  const accessLevel = "CurrentRead";
  return namespace.addVariable({ organizedBy: parent, browseName: node, nodeId: `s=${node}`, dataType, accessLevel });
}

function addReading(folder: Folder, node: string, dataType: DataType): Show {
  const variable = addVariable(folder, node, dataType);
  let shown: string | null = null;
  return (value, at, isGood = true) => {
    const next = JSON.stringify([value, isGood]);
    if (next === shown) return;
    shown = next;
    const status = isGood ? StatusCodes.Good : StatusCodes.BadSensorFailure;
    variable.setValueFromSource({ dataType, value }, status, new Date(folder.world.wallAt(at)));
  };
}

function addDemand({ namespace, parent, world }: Folder, id: string): void {
  const node = `${id}.Demand`;
  let written = "";
  namespace.addVariable({
    organizedBy: parent,
    browseName: node,
    nodeId: `s=${node}`,
    dataType: DataType.String,
    accessLevel: "CurrentRead | CurrentWrite",
    userAccessLevel: "CurrentRead | CurrentWrite",
    minimumSamplingInterval: 20,
    value: {
      get: () => new Variant({ dataType: DataType.String, value: written }),
      set: (variant: Variant) => {
        const word = demandWords.find((known) => known === variant.value);
        if (word === undefined) return StatusCodes.BadOutOfRange;
        written = word;
        world.apply({ kind: "demand", id, word });
        return StatusCodes.Good;
      },
    },
  });
}

function addLoop(folder: Folder, id: string): (plant: Plant) => void {
  const show = addReading(folder, id, DataType.Boolean);
  return ({ loops, now }) => {
    const loop: VehicleLoop = loops[id] ?? "lost";
    show(loop === "occupied", now, loop !== "lost");
  };
}

function addBollard(folder: Folder, id: string): (plant: Plant) => void {
  const { world } = folder;
  addDemand(folder, id);
  const flags: readonly (readonly [Show, (bollard: Bollard) => boolean])[] = [
    [addReading(folder, `${id}.Closed`, DataType.Boolean), isClosed],
    [addReading(folder, `${id}.Open`, DataType.Boolean), isOpen],
    [addReading(folder, `${id}.Obstructed`, DataType.Boolean), ({ obstructed }) => obstructed],
    [addReading(folder, `${id}.Fault`, DataType.Boolean), ({ fault }) => fault],
    [addReading(folder, `${id}.PowerOk`, DataType.Boolean), ({ power }) => power],
  ];
  const position = addReading(folder, `${id}.Position`, DataType.Double);
  const changedAt = addReading(folder, `${id}.ChangedAt`, DataType.DateTime);
  const showLoop = addLoop(folder, bollardLoop(id));
  return (plant) => {
    const bollard = plant.bollards[id];
    if (bollard === undefined) return;
    for (const [show, read] of flags) show(read(bollard), plant.now);
    position(Math.round(bollard.position * 1_000) / 1_000, plant.now);
    changedAt(new Date(world.wallAt(bollard.contactChangedAt)), plant.now);
    showLoop(plant);
  };
}

/** Each call counts one on. */
function addHeartbeat(folder: Folder): () => void {
  const show = addReading(folder, "Heartbeat", DataType.UInt32);
  let count = 0;
  return () => {
    show(count >>> 0, folder.world.now());
    count += 1;
  };
}

async function createServer(settings: BollardControllerSettings, pki: string): Promise<OPCUAServer> {
  const serverCertificateManager = new OPCUACertificateManager({ rootFolder: pki });
  const server = new OPCUAServer({
    host: settings.endpoint.host,
    hostname: settings.endpoint.host,
    port: settings.endpoint.port,
    serverCertificateManager,
    securityModes: [MessageSecurityMode.None],
    securityPolicies: [SecurityPolicy.None],
    nodeset_filename: [nodesets.standard],
    serverCapabilities: { maxSessions: sessionsMax },
    buildInfo: { productName: "Portcullis simulated bollard controller" },
  });
  await server.initialize();
  return server;
}

/**
 * Starts the server on the configured address, without security: the plant is a stand-in on loopback.
 * Nodes `ns=1;s=B1.Demand` (String, writable: open, close, stop, emergency-close), `B1.Closed`, `.Open`, `.Obstructed`,
 * `.Fault`, `.PowerOk`, `.Loop` (Boolean), `.Position` (Double, 0 open to 1 closed), `.ChangedAt` (DateTime of the last
 * change of a contact), one Boolean per approach loop, `Heartbeat` (UInt32).
 */
export async function startBollardController(settings: BollardControllerSettings, world: World): Promise<Program> {
  const pki = await mkdtemp(join(tmpdir(), "portcullis-plant-pki-"));
  const server = await createServer(settings, pki);
  const { addressSpace } = server.engine;
  if (addressSpace === null) throw new Error("the OPC UA server has no address space after its start");
  const namespace = addressSpace.getOwnNamespace();
  const parent = namespace.addObject({ organizedBy: addressSpace.rootFolder.objects, browseName: "Plant" });
  const folder = { namespace, parent, world };
  const shows = [
    ...settings.bollards.map(({ id }) => addBollard(folder, id)),
    ...settings.loops.map((id) => addLoop(folder, id)),
  ];
  const showAll = (plant: Plant) => {
    for (const show of shows) show(plant);
  };
  showAll(world.plant());
  world.watch(showAll);
  const beat = addHeartbeat(folder);
  beat();
  const stop = async () => {
    await server.shutdown(0);
    await rm(pki, { recursive: true, force: true });
  };
  await server.start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const heartbeat = setInterval(beat, settings.heartbeatMs);
  return {
    port: server.endpoints[0]?.port ?? settings.endpoint.port,
    close: () => {
      clearInterval(heartbeat);
      return stop();
    },
  };
}
