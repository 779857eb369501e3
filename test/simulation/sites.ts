// The sites that a seed chooses from: the boxes of the examples as they stand; the warehouse, which has no plant, on a bench.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { EdgeConfig, Site } from "../../edge/model/site.js";
import { pointsOfZone, type ZoneConfig } from "../../edge/model/zone.js";
import type { PlantSettings } from "../../simulators/plant/plant.js";
import { checkSimulation, plantSettingsOf, type Simulation } from "../../simulators/settings.js";
import { benchSettings, wireBench } from "./bench.js";
import { type WiredPoint, wire } from "./points.js";

const siteNames = ["office", "school", "port", "warehouse"] as const;
export type SiteName = (typeof siteNames)[number];

export interface ExampleSite {
  readonly name: SiteName;
  readonly site: string;
  readonly config: EdgeConfig;
  readonly simulation: Simulation;
  readonly settings: PlantSettings;
  /** What its points read, new for each run. */
  readonly wire: () => readonly WiredPoint[];
  /** What a point reads of the plant. */
  readonly deviceOf: (point: string) => string;
  /** Zones that read a device, line, button or loop. */
  readonly zonesOf: (device: string) => readonly ZoneConfig[];
}

/** Seeds take turns, so that a run of seeds sees all sites. */
export function siteOfSeed(seed: number): SiteName {
  const simulated = ["office", "school", "port"] as const;
  return seed % 4 === 0 ? "warehouse" : (simulated[seed % simulated.length] ?? "office");
}

const nothing: Simulation = { control: { host: "", port: 0 }, bollardControllers: [], boards: [] };
const known = new Map<SiteName, ExampleSite>();

export function exampleOf(name: SiteName): ExampleSite {
  const found = known.get(name) ?? load(name);
  known.set(name, found);
  return found;
}

function load(name: SiteName): ExampleSite {
  const isBench = name === "warehouse";
  const site = parse(readFileSync(`config/${isBench ? "port" : name}.yaml`, "utf8")) as Site;
  const edge = site.edges[isBench ? 1 : 0];
  if (edge === undefined) throw new Error(`${name} has no box`);
  const simulation: Simulation = isBench ? nothing : checkSimulation(site.simulation);
  const config = withoutSilence(edge);
  const settings = isBench ? benchSettings(config) : plantSettingsOf(simulation);
  const wired = () => (isBench ? wireBench(config, settings) : wire(config, simulation, settings));
  const points = wired();
  const deviceOf = (point: string) => points.find(({ id }) => id === point)?.of ?? "";
  const zonesOf = (device: string) => {
    const read = points.filter(({ of }) => of === device).map(({ id }) => id);
    return config.zones.filter((zone) => pointsOfZone(zone).some((point) => read.includes(point)));
  };
  return { name, site: site.site, config, simulation, settings, wire: wired, deviceOf, zonesOf };
}

/** A level that is quiet is not sent, so its silence is no sign; the device's own liveness is. */
function withoutSilence(edge: EdgeConfig): EdgeConfig {
  const drivers = edge.drivers.map((driver) =>
    driver.kind === "mqtt"
      ? { ...driver, points: driver.points.map(({ silentAfterMs: _, ...point }) => point) }
      : driver,
  );
  return { ...edge, drivers };
}
