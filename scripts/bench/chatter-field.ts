// The bad site of chatter.ts, a process of its own: a board, a controller and beam heads whose contacts flap, each behind a plug.
import { LogLevel, setLogLevel } from "node-opcua";
import { startBoard } from "../../simulators/board.js";
import { startBollardController } from "../../simulators/bollard-controller.js";
import { credentialsFile } from "../../simulators/credentials.js";
import { startBeamHead } from "../../simulators/field-device.js";
import type { Stimulus } from "../../simulators/plant/plant.js";
import { checkSimulation, plantSettingsOf } from "../../simulators/settings.js";
import { createWorld } from "../../simulators/world.js";
import { startPlug } from "../../test/support/plug.js";
import type { Peer } from "../../test/support/plug-site.js";
import { contactsOf, type FromField, type ToField } from "./chatter-site.js";

setLogLevel(LogLevel.Error);
/** Two raw reports of a board and one publication of a controller fit between two changes. */
const flapEveryMs = 100;
const host = "127.0.0.1";
const endpoint = { host, port: 0 };
const [brokerPort = "0", credentials = ""] = process.argv.slice(2);

const simulation = checkSimulation({
  control: endpoint,
  bollardControllers: [{ endpoint, heartbeatMs: 200, bollards: [], loops: [...contactsOf.plc] }],
  boards: [
    {
      id: "board",
      model: "mega",
      endpoint,
      loops: [],
      buttons: contactsOf.board.map((id, index) => ({ id, pin: 2 + index, kind: "contact" })),
      relays: [],
    },
  ],
  field: {
    broker: { host, port: Number(brokerPort) },
    fibres: [],
    beams: contactsOf.bus.map((device) => ({ device, state: `f/${device}`, alive: `f/${device}/alive` })),
  },
});
const world = createWorld(plantSettingsOf(simulation));

const stimulus: Readonly<Record<Peer, (id: string, on: boolean) => Stimulus>> = {
  bus: (id, on) => ({ kind: "beam", id, set: { blocked: on } }),
  board: (id, on) => ({ kind: "button", id, pressed: on }),
  plc: (id, on) => ({ kind: "loop", id, is: on ? "occupied" : "free" }),
};

const [board] = simulation.boards;
const [controller] = simulation.bollardControllers;
if (board === undefined || controller === undefined) throw new Error("the site has lost its devices");
const programs = { board: await startBoard(board, world), plc: await startBollardController(controller, world) };
const plugs = {
  bus: await startPlug(Number(brokerPort)),
  board: await startPlug(programs.board.port),
  plc: await startPlug(programs.plc.port),
};
const broker = { host, port: plugs.bus.port };
for (const beam of simulation.field?.beams ?? [])
  startBeamHead(beam, { world, broker, credentials: credentialsFile(credentials), log: () => undefined });

let isFlapping = false;
let on = false;
setInterval(() => {
  if (!isFlapping) return;
  on = !on;
  const at = world.now();
  const flaps = Object.entries(contactsOf).flatMap(([peer, ids]) => ids.map((id) => stimulus[peer as Peer](id, on)));
  world.schedule(flaps.map((each) => ({ at, stimulus: each })));
}, flapEveryMs);

process.on("message", (message: ToField) => {
  if ("flap" in message) {
    isFlapping = message.flap;
    return;
  }
  plugs[message.cut].set("cut");
  plugs[message.cut].set("open");
});
process.on("disconnect", () => process.exit());
const ready: FromField = { board: plugs.board.port, plc: plugs.plc.port };
process.send?.(ready);
