// Copies of the example site and hub files in which every port is a free one, so that several demos run side by side.
import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtFile } from "../../edge/machine/built.js";

const site = builtFile("../config/office.yaml");
const hub = builtFile("../config/hub.yaml");
/** Every port that the two files name. */
const ports = [8080, 8081, 8883, 8884, 8885, 4840, 5556, 5557, 3030, 4841, 8090];
/** Below the range from which the system takes ports for outgoing connections, so that nobody else gets ours. */
const [portMin, portMax] = [15_000, 32_000];

export interface DemoFiles {
  readonly siteFile: string;
  readonly hubFile: string;
  /** The port of each one that the README names. */
  readonly ports: ReadonlyMap<number, number>;
}

/** Writes both files into `folder`. */
export async function writeDemoFiles(folder: string): Promise<DemoFiles> {
  const renumbered = new Map<number, number>();
  for (const port of ports) renumbered.set(port, await freePort([...renumbered.values()]));
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

/** One below the range of outgoing connections that is none of `taken`. */
export async function freePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = randomInt(portMin, portMax);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
