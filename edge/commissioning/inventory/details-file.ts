// The details of devices in DIR/inventory.json, written by the thread of the box's HTTP, so that they are on the disk before
// anybody is told so and the reaction thread never waits for it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../machine/whole-file.js";
import { PortcullisError } from "../../model/error.js";
import { type Details, type DetailsBook, detailKeys, noDetails, unfitness } from "./details.js";

/** In the data folder. */
export const detailsFile = "inventory.json";

/** Empty while there is no file. @throws PortcullisError `config.unreadable` for a file that is none of ours. */
export function readDetails(dataDir: string): DetailsBook {
  const path = join(dataDir, detailsFile);
  if (!existsSync(path)) return new Map();
  try {
    return detailsIn(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new PortcullisError({ code: "config.unreadable", place: path, detail: "no inventory" }, { cause });
  }
}

/** @throws Error for a text that is no inventory. */
export function detailsIn(text: string): DetailsBook {
  const file = JSON.parse(text) as { readonly format?: unknown; readonly devices?: unknown } | null;
  if (file?.format !== 1 || !Array.isArray(file.devices)) throw new Error("no list of devices");
  const entries = file.devices.map((each: unknown) => {
    const { device, ...known } = Object(each) as Readonly<Record<string, unknown>>;
    const details = { ...noDetails, ...known };
    if (typeof device !== "string" || detailKeys.some((key) => unfitness(key, details[key]) !== null))
      throw new Error(`unfit details of ${String(device)}`);
    return [device, Object.fromEntries(detailKeys.map((key) => [key, details[key]])) as unknown as Details] as const;
  });
  return new Map(entries);
}

/** On the disk when it returns. Throws the system's error and leaves what was there. */
export function writeDetails(dataDir: string, details: DetailsBook): void {
  const devices = [...details].map(([device, each]) => ({ device, ...each }));
  writeWhole(join(dataDir, detailsFile), `${JSON.stringify({ format: 1, devices }, null, 2)}\n`);
}
