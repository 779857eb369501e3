// A site of many fibres, each wired, set and simulated exactly as the fibre of config/office.yaml. For live.ts.
import type { Simulation } from "../../simulators/settings.js";
import { officeSite } from "./trial.js";

/** TCP ports on the loopback. */
export interface SitePorts {
  readonly http: number;
  readonly broker: number;
  readonly control: number;
}

const officeDevice = "fibre-1";
const officePoints = /fence-(level|broken)/g;

/** The part of the office that belongs to its fibre, as that of the fibre `id`. */
function renamed<T>(part: T, id: string): T {
  const text = JSON.stringify(part).replaceAll(officeDevice, id).replaceAll(officePoints, `${id}-$1`);
  return JSON.parse(text) as T;
}

function required<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`config/office.yaml has no ${name}`);
  return part;
}

/** One box; each of `fibres` names a zone, its device and its simulated fibre. Nothing responds. */
export function fibreSite(fibres: readonly string[], { http, broker, control }: SitePorts): object {
  const office = officeSite();
  const edge = required(office.edges[0], "box");
  const driver = required(
    edge.drivers.find((each) => each.kind === "mqtt"),
    "MQTT driver",
  );
  const zone = required(
    edge.zones.find(({ kind }) => kind === "vibration-fibre"),
    "vibration fibre",
  );
  const field = required((office.simulation as Simulation).field, "simulated field");
  const ofEach = <T>(parts: readonly T[]) => fibres.flatMap((id) => parts.map((part) => renamed(part, id)));
  const host = "127.0.0.1";
  const { failSafe: _relaysOfAnotherBoard, ...box } = edge;
  return {
    ...office,
    edges: [
      {
        ...box,
        http: { host, port: http },
        drivers: [
          {
            ...driver,
            broker: { ...driver.broker, host, port: broker, connectionsMax: fibres.length + 1 },
            devices: ofEach(driver.devices.filter(({ id }) => id === officeDevice)),
            points: ofEach(driver.points.filter(({ device }) => device === officeDevice)),
          },
        ],
        areas: edge.areas.filter(({ id }) => id === zone.area),
        zones: fibres.map((id) => ({ ...renamed(zone, id), id })),
        barriers: [],
        groups: [],
        annunciators: [],
        responses: [],
      },
    ],
    simulation: {
      control: { host, port: control },
      bollardControllers: [],
      boards: [],
      field: { broker: { host, port: broker }, fibres: ofEach(field.fibres), beams: [] },
    },
  };
}
