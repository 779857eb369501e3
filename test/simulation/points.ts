// What each point of a box reads of the plant: the wiring between configuration and simulated devices, worked out once.
import type { PointValue } from "../../edge/model/point.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { beamReport } from "../../simulators/plant/beam.js";
import { isClosed, isOpen } from "../../simulators/plant/bollard.js";
import { lineLevel } from "../../simulators/plant/line.js";
import type { Plant, PlantSettings, Stimulus } from "../../simulators/plant/plant.js";
import type { Simulation } from "../../simulators/settings.js";

/** "lost": the device itself says that it gives no valid signal. Null: nothing to read (a level signal). */
export type Reader = (plant: Plant) => PointValue | "lost" | null;

/** What a write does, and how many ms later. */
export type Act = readonly [afterMs: number, stimulus: Stimulus];

export interface WiredPoint {
  readonly id: string;
  readonly driver: string;
  /** Field device that can fall silent by itself; null for a wire. */
  readonly device: string | null;
  /** What it reads of the plant: a device, line, button, loop or relay; empty when that is nothing. */
  readonly of: string;
  readonly latencyMs: number;
  readonly read: Reader;
  /** What a write does to the plant; null for an input. */
  readonly act: ((value: PointValue, now: number) => readonly Act[]) | null;
  readonly isLevel: boolean;
}

export function wire(config: EdgeConfig, simulation: Simulation, settings: PlantSettings): readonly WiredPoint[] {
  return config.drivers.flatMap((driver) =>
    driver.points.map(({ id, latencyMs = 0 }) => ({
      id,
      driver: driver.id,
      latencyMs,
      device: null,
      of: "",
      isLevel: false,
      ...wiringOf(driver, id, { simulation, settings }),
    })),
  );
}

type Wiring = Pick<WiredPoint, "read" | "act"> & Partial<Pick<WiredPoint, "device" | "isLevel" | "of">>;
interface Site {
  readonly simulation: Simulation;
  readonly settings: PlantSettings;
}

const nothing: Wiring = { read: () => null, act: null };

function wiringOf(driver: DriverConfig, id: string, site: Site): Wiring {
  switch (driver.kind) {
    case "opcua":
      return nodeWiring(driver.points.find((point) => point.id === id)?.node ?? "");
    case "firmata":
      return pinWiring(driver, id, site);
    case "mqtt":
      return topicWiring(driver, id);
    case "gpio":
      return nothing;
  }
}

function nodeWiring(node: string): Wiring {
  const [device = "", what = ""] = node.replace(/^.*s=/, "").split(".");
  if (what === "Demand") {
    const act = (word: PointValue): readonly Act[] => [[0, { kind: "demand", id: device, word: word as "open" }]];
    return { read: (plant) => plant.bollards[device]?.demand ?? null, act };
  }
  const loop = `${device}.${what}`;
  return {
    of: loop,
    read(plant) {
      const seen = plant.loops[loop];
      if (seen !== undefined) return seen === "lost" ? "lost" : seen === "occupied";
      const bollard = plant.bollards[device];
      if (bollard === undefined) return null;
      if (what === "Closed") return isClosed(bollard);
      if (what === "Open") return isOpen(bollard);
      if (what === "Obstructed") return bollard.obstructed;
      return what === "Fault" ? bollard.fault : bollard.power;
    },
    act: null,
  };
}

function pinWiring(driver: DriverConfig & { kind: "firmata" }, id: string, { simulation, settings }: Site): Wiring {
  const point = driver.points.find((each) => each.id === id);
  const at = <T extends { readonly id: string; readonly pin: number }>(list: readonly T[]) =>
    list.find(({ pin }) => pin === point?.pin)?.id ?? "";
  if (point?.signal === "analog") {
    const line = at(simulation.boards.flatMap(({ loops }) => loops));
    const own = settings.lines[line];
    const read: Reader = (plant) => {
      const state = plant.lines[line];
      return own === undefined || state === undefined ? null : lineLevel(state, own, 1023);
    };
    return { read, act: null, of: line };
  }
  if (point?.signal === "relay") {
    const relay = at(simulation.boards.flatMap(({ relays }) => relays));
    const act = (value: PointValue): readonly Act[] => [[0, { kind: "relay", id: relay, on: value === true }]];
    return { read: (plant) => plant.relays[relay] ?? null, act, of: relay };
  }
  const bolt = simulation.boards.flatMap(({ bolts = [] }) => bolts).find(({ pin }) => pin === point?.pin);
  if (bolt !== undefined) return { read: (plant) => plant.relays[bolt.relay] ?? null, act: null, of: bolt.relay };
  const button = at(simulation.boards.flatMap(({ buttons }) => buttons));
  return { read: (plant) => plant.buttons[button] ?? null, act: null, of: button };
}

function topicWiring(driver: DriverConfig & { kind: "mqtt" }, id: string): Wiring {
  const point = driver.points.find((each) => each.id === id);
  if (point === undefined) return nothing;
  const { device } = point;
  if (point.payload === "level") return { ...nothing, device, of: device, isLevel: true };
  const read: Reader = (plant) => {
    const beam = plant.beams[device];
    if (beam !== undefined) return beamReport(beam)[point.path as "beam"] === point.on;
    return plant.fibres[device]?.broken ?? null;
  };
  return { read, act: null, device, of: device };
}
