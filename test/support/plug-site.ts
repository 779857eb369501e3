// The site whose plugs are pulled: three peers behind plugs, each with a zone on the perimeter, one in an armed room and a
// contact that chatters; and a driver for the siren and the detectors by which the box's reaction is measured.
import { stringify } from "yaml";

export const peers = ["bus", "board", "plc"] as const;
export type Peer = (typeof peers)[number];

/** Where each listens; `line` is the plug in front of it. */
export interface PlugPorts {
  readonly http: number;
  readonly uplink: number;
  readonly broker: number;
  readonly board: number;
  readonly plc: number;
  readonly still: number;
  readonly control: Readonly<Record<Peer | "still", number>>;
  readonly line: Readonly<Record<Peer, number>>;
}

const host = "127.0.0.1";
const called = (name: string) => ({ zh: name, en: name });
/** Short for a test, far above what a loaded machine delays. */
const silentAfterMs = 4_000;
/** Of each second a chattering contact changes so often. */
const chatterPerSecond = 4;
const chatterSteps = 1_000;
const resistors = { pullUpOhms: 4_700, endOhms: 4_700, alarmOhms: 4_700 };
const loop = { ...resistors, fullScale: 1_023, tolerance: 0.2 };

const beams = ["bus-fence", "bus-room", "bus-noise"];
const fixed = "probe-beam";

const device = (id: string) => ({ id, aliveTopic: `f/${id}/alive`, silentAfterMs });
const beamPoint = (id: string) => ({
  id,
  direction: "in",
  device: id,
  topic: `f/${id}`,
  payload: "json",
  path: "beam",
  on: "blocked",
  off: "clear",
  latencyMs: 50,
});
const analog = (id: string, pin: number) => ({ id, direction: "in", pin, signal: "analog", latencyMs: 40 });
const digital = (id: string, pin: number) => ({
  ...analog(id, pin),
  signal: "digital",
  pullUp: true,
  activeLow: true,
});
const relay = (id: string, pin: number) => ({ id, direction: "out", pin, signal: "relay", replay: true });
const node = (id: string) => ({ id, direction: "in", node: `ns=1;s=${id}`, type: "boolean", latencyMs: 150 });

function drivers({ broker, still, line }: PlugPorts) {
  const transport = (port: number) => ({ kind: "tcp", host, port });
  return [
    {
      id: "bus",
      kind: "mqtt",
      broker: { host, port: broker, connectionsMax: 16, packetBytesMax: 65_536 },
      devices: [...beams, fixed].map(device),
      points: [...beams, fixed].map(beamPoint),
    },
    {
      id: "board",
      kind: "firmata",
      transport: transport(line.board),
      samplingMs: 20,
      points: [...["board-fence", "board-room", "board-store"].map(analog), digital("board-noise", 2)],
    },
    {
      id: "plc",
      kind: "opcua",
      endpoint: `opc.tcp://${host}:${line.plc}`,
      security: { mode: "none" },
      samplingMs: 50,
      publishingMs: 100,
      heartbeat: "ns=1;s=Heartbeat",
      watchdogMs: silentAfterMs,
      points: ["plc-fence", "plc-room", "plc-noise"].map(node),
    },
    {
      id: "still",
      kind: "firmata",
      transport: transport(still),
      samplingMs: 20,
      points: [digital("probe-contact", 2), relay("siren", 8), relay("beam-siren", 9), relay("contact-siren", 10)],
    },
  ];
}

function zones() {
  const zone = (id: string, area: string, kind: string, more: object = {}) => ({
    id,
    name: called(id),
    area,
    kind,
    point: id,
    filterMs: 40,
    ...more,
  });
  return [
    zone("bus-fence", "fence", "infrared-beam"),
    zone("board-fence", "fence", "infrared-beam", { loop }),
    zone("plc-fence", "fence", "infrared-beam"),
    zone("bus-room", "room", "infrared-beam"),
    zone("board-room", "room", "infrared-beam", { loop }),
    zone("plc-room", "room", "infrared-beam"),
    zone("board-store", "store", "door-contact", { loop }),
    zone("bus-noise", "store", "infrared-beam"),
    zone("board-noise", "store", "door-contact"),
    zone("plc-noise", "store", "vehicle-loop"),
    zone(fixed, "lane", "infrared-beam"),
    zone("probe-contact", "yard", "infrared-beam"),
  ];
}

function edge(ports: PlugPorts) {
  const siren = (id: string) => ({ id, name: called(id), kind: "siren-strobe", points: [id], soundMsMax: 90_000 });
  const sounds = (area: string, annunciator: string) => ({
    id: `${area}-alarm`,
    name: called(area),
    on: [{ area }],
    steps: [{ id: "siren", kind: "announce", annunciator, withinMs: 5_000 }],
  });
  const area = (id: string, kind: string, armedAtStart = true) => ({ id, name: called(id), kind, armedAtStart });
  return {
    id: "box",
    name: called("Box"),
    http: { host, port: ports.http },
    uplink: { hubs: [`mqtts://${host}:${ports.uplink}`] },
    journal: { retentionDays: 90, quotaMiB: 64, reserveMiB: 8 },
    settleMs: 5_000,
    drivers: drivers(ports),
    areas: [
      area("fence", "perimeter"),
      area("room", "equipment-room"),
      area("store", "archive", false),
      area("lane", "perimeter"),
      area("yard", "perimeter"),
    ],
    zones: zones(),
    barriers: [],
    groups: [],
    annunciators: ["siren", "beam-siren", "contact-siren"].map(siren),
    responses: [
      sounds("fence", "siren"),
      sounds("room", "siren"),
      sounds("store", "siren"),
      sounds("lane", "beam-siren"),
      sounds("yard", "contact-siren"),
    ],
  };
}

/** What stands in the plant of each program. */
function simulationOf(program: Peer | "still", ports: PlugPorts) {
  const none = { control: { host, port: ports.control[program] }, bollardControllers: [], boards: [] };
  const head = (id: string) => ({ device: id, state: `f/${id}`, alive: `f/${id}/alive` });
  const field = (port: number, ids: readonly string[]) => ({
    broker: { host, port },
    fibres: [],
    beams: ids.map(head),
  });
  switch (program) {
    case "bus":
      return { ...none, field: field(ports.line.bus, beams) };
    case "board": {
      const line = (id: string, pin: number) => ({ id, pin, ...resistors });
      const loops = ["board-fence", "board-room", "board-store"].map(line);
      const buttons = [{ id: "board-noise", pin: 2, kind: "contact" }];
      return { ...none, boards: [{ id: "board", endpoint: { host, port: ports.board }, loops, buttons, relays: [] }] };
    }
    case "plc": {
      const loops = ["plc-fence", "plc-room", "plc-noise"];
      const controller = { endpoint: { host, port: ports.plc }, heartbeatMs: 500, bollards: [], loops };
      return { ...none, bollardControllers: [controller] };
    }
    case "still": {
      const relays = [8, 9, 10].map((pin, index) => ({ id: ["siren", "beam-siren", "contact-siren"][index], pin }));
      const buttons = [{ id: "probe-contact", pin: 2, kind: "contact" }];
      const board = { id: "still", endpoint: { host, port: ports.still }, loops: [], buttons, relays };
      return { ...none, boards: [board], field: field(ports.broker, [fixed]) };
    }
  }
}

/** The site's file for the box and for one of the programs of its plant. */
export function plugSite(program: Peer | "still", ports: PlugPorts): string {
  return stringify({
    site: "plugs",
    name: called("Plugs"),
    revision: 1,
    edges: [edge(ports)],
    simulation: simulationOf(program, ports),
  });
}

const switched: Readonly<Record<Peer, readonly [on: string, off: string]>> = {
  bus: ["beam-break", "beam-break"],
  board: ["contact-close", "contact-open"],
  plc: ["vehicle-on-loop", "vehicle-leaves"],
};

/** The chatter of a peer, some minutes long. */
export function chatter(peer: Peer): string {
  const everyMs = 1_000 / chatterPerSecond;
  const steps = Array.from({ length: chatterSteps }, (_, index) => ({
    at: index * everyMs,
    do: switched[peer][index % 2],
    target: `${peer}-noise`,
    ...(peer === "bus" ? { forMs: everyMs / 2 } : {}),
  }));
  return stringify({ name: `chatter of ${peer}`, steps });
}
