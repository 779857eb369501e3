// What each point of a site's drivers shows of the plant: the instruments between the models and the controller.
import type { PointValue } from "../../edge/model/point.js";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { beamReport } from "../../simulators/plant/beam.js";
import { isClosed, isOpen } from "../../simulators/plant/bollard.js";
import { lineLevel } from "../../simulators/plant/line.js";
import type { Plant, PlantSettings } from "../../simulators/plant/plant.js";
import type { Simulation } from "../../simulators/settings.js";

export function nodeOf(driver: DriverConfig, id: string): string {
  return driver.kind === "opcua" ? (driver.points.find((point) => point.id === id)?.node ?? "") : "";
}

export function pinOf(driver: DriverConfig, id: string): number | undefined {
  return driver.kind === "firmata" ? driver.points.find((point) => point.id === id)?.pin : undefined;
}

/** The plant as its instruments see it. */
export interface Field {
  readonly plant: Plant;
  readonly simulation: Simulation;
  readonly settings: PlantSettings;
  readonly demands: Readonly<Record<string, string>>;
}

export function lookAtPoint(driver: DriverConfig, id: string, field: Field): PointValue | "lost" | null {
  if (driver.kind === "opcua") return lookAtNode(nodeOf(driver, id), id, field);
  if (driver.kind === "firmata") return lookAtPin(driver, id, field);
  if (driver.kind === "mqtt") return lookAtTopic(driver, id, field);
  return null;
}

function lookAtNode(node: string, id: string, { plant, demands }: Field): PointValue | "lost" | null {
  const [device = "", what = ""] = node.replace(/^.*s=/, "").split(".");
  const loop = plant.loops[`${device}.${what}`];
  if (loop !== undefined) return loop === "lost" ? "lost" : loop === "occupied";
  const bollard = plant.bollards[device];
  if (bollard === undefined) return null;
  const views: Record<string, PointValue> = {
    Closed: isClosed(bollard),
    Open: isOpen(bollard),
    Obstructed: bollard.obstructed,
    Fault: bollard.fault,
    PowerOk: bollard.power,
    Demand: demands[id] ?? "none",
  };
  return views[what] ?? null;
}

function lookAtPin(
  driver: DriverConfig & { kind: "firmata" },
  id: string,
  { plant, simulation, settings }: Field,
): PointValue | null {
  const point = driver.points.find((each) => each.id === id);
  const boards = simulation.boards;
  if (point?.signal === "analog") {
    const line = boards.flatMap((board) => board.loops).find((each) => each.pin === point.pin);
    const own = line === undefined ? undefined : settings.lines[line.id];
    const state = line === undefined ? undefined : plant.lines[line.id];
    return own === undefined || state === undefined ? null : lineLevel(state, own, 1023);
  }
  if (point?.signal === "relay") {
    const relay = boards.flatMap((board) => board.relays).find((each) => each.pin === point.pin);
    return relay === undefined ? null : plant.relays[relay.id] === true;
  }
  const bolt = boards.flatMap((board) => board.bolts ?? []).find((each) => each.pin === point?.pin);
  if (bolt !== undefined) return plant.relays[bolt.relay] === true;
  const button = boards.flatMap((board) => board.buttons).find((each) => each.pin === point?.pin);
  return button === undefined ? null : plant.buttons[button.id] === true;
}

function lookAtTopic(driver: DriverConfig & { kind: "mqtt" }, id: string, { plant }: Field): PointValue | null {
  const point = driver.points.find((each) => each.id === id);
  const beam = plant.beams[point?.device ?? ""];
  if (point === undefined || point.payload === "level") return null;
  if (beam !== undefined) return beamReport(beam)[point.path as "beam"] === point.on;
  const fibre = plant.fibres[point.device];
  return fibre === undefined ? null : fibre.broken;
}
