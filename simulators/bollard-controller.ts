// The bollard controller: an OPC UA server whose nodes show the plant's drives and loops and take demands.
import {
  DataType,
  type Namespace,
  nodesets,
  OPCUAServer,
  type StatusCode,
  StatusCodes,
  type UAObject,
  type UAVariable,
  Variant,
} from "node-opcua";
import { type ControllerSecurity, secureController } from "./controller-security.js";
import { type Bollard, type Demand, demandWords, isClosed, isOpen } from "./plant/bollard.js";
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

/** Orders come by the variable or by the methods; the variable shows the last one. */
function addDemand({ namespace, parent, world }: Folder, id: string): void {
  let last = "";
  const demand = (word: unknown) => {
    const known = demandWords.find((each) => each === word);
    if (known === undefined) return StatusCodes.BadOutOfRange;
    last = known;
    world.apply({ kind: "demand", id, word: known });
    return StatusCodes.Good;
  };
  namespace.addVariable({
    organizedBy: parent,
    browseName: `${id}.Demand`,
    nodeId: `s=${id}.Demand`,
    dataType: DataType.String,
    accessLevel: "CurrentRead | CurrentWrite",
    userAccessLevel: "CurrentRead | CurrentWrite",
    minimumSamplingInterval: 20,
    value: {
      get: () => new Variant({ dataType: DataType.String, value: last }),
      set: (variant: Variant) => demand(variant.value),
    },
  });
  addMethods(namespace, namespace.addObject({ organizedBy: parent, browseName: id, nodeId: `s=${id}` }), id, demand);
}

const methodNames: Readonly<Record<Demand, string>> = {
  open: "Lower",
  close: "Raise",
  stop: "Stop",
  "emergency-close": "EmergencyRaise",
};

function addMethods(namespace: Namespace, drive: UAObject, id: string, demand: (word: unknown) => StatusCode): void {
  for (const word of demandWords) {
    const method = namespace.addMethod(drive, {
      browseName: methodNames[word],
      nodeId: `s=${id}.${methodNames[word]}`,
      inputArguments: [],
      outputArguments: [],
    });
    method.bindMethod((_inputs, _context, done) => done(null, { statusCode: demand(word) }));
  }
  const order = namespace.addMethod(drive, {
    browseName: "Order",
    nodeId: `s=${id}.Order`,
    inputArguments: [{ name: "word", dataType: DataType.String }],
    outputArguments: [],
  });
  order.bindMethod((inputs, _context, done) => done(null, { statusCode: demand(inputs[0]?.value) }));
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

async function createServer(settings: BollardControllerSettings, security: ControllerSecurity): Promise<OPCUAServer> {
  const server = new OPCUAServer({
    host: settings.endpoint.host,
    hostname: settings.endpoint.host,
    port: settings.endpoint.port,
    ...security.options,
    nodeset_filename: [nodesets.standard],
    serverCapabilities: { maxSessions: sessionsMax },
    buildInfo: { productName: "Portcullis simulated bollard controller" },
  });
  await server.initialize();
  return server;
}

/**
 * Starts the server on the configured address, with the configured security.
 * Nodes `ns=1;s=B1.Demand` (String, writable: open, close, stop, emergency-close), on object `B1` the methods `B1.Lower`,
 * `.Raise`, `.Stop`, `.EmergencyRaise` and `.Order` (with one of these words); `B1.Closed`, `.Open`, `.Obstructed`,
 * `.Fault`, `.PowerOk`, `.Loop` (Boolean), `.Position` (Double, 0 open to 1 closed), `.ChangedAt` (DateTime of the last
 * change of a contact), one Boolean per approach loop, `Heartbeat` (UInt32).
 */
export async function startBollardController(settings: BollardControllerSettings, world: World): Promise<Program> {
  const security = await secureController(settings);
  const server = await createServer(settings, security);
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
    await security.remove();
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
