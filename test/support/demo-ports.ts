// Copies of the example site and hub files in which every port is a free one, so that several demos run side by side.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtFile } from "../../edge/machine/built.js";
import { freePorts } from "./free-port.js";

const site = builtFile("../config/office.yaml");
const hub = builtFile("../config/hub.yaml");
/** Every port that the two files name. */
const ports = [8080, 8081, 8883, 8884, 8885, 4840, 5556, 5557, 3030, 4841, 8090];

export interface DemoFiles {
  readonly siteFile: string;
  readonly hubFile: string;
  /** The port of each one that the README names. */
  readonly ports: ReadonlyMap<number, number>;
}

/** Writes both files into `folder`. */
export async function writeDemoFiles(folder: string): Promise<DemoFiles> {
  const free = await freePorts(ports.length);
  const renumbered = new Map(ports.map((port, index) => [port, free[index] ?? 0]));
  const written = { siteFile: join(folder, "site.yaml"), hubFile: join(folder, "hub.yaml"), ports: renumbered };
  for (const [from, to] of [
    [site, written.siteFile],
    [hub, written.hubFile],
  ] as const) {
    const text = await readFile(fileURLToPath(from), "utf8");
    const changed = text.replace(/\b\d{4}\b/g, (number) => `${renumbered.get(Number(number)) ?? number}`);
    await writeFile(to, changed.replace(/^# yaml-language-server.*$/m, ""));
  }
  return written;
}
