// What the recorder of a box needs to know, made of its settings and its data folder.
import { join } from "node:path";
import { initialDurable } from "../incident/durable.js";
import type { RecorderOptions } from "./recorder-messages.js";
import { secretIds } from "./secrecy.js";
import type { Settings } from "./settings.js";

/** `pkiDir`: null for a box that sends nothing. */
export function recorderOptions(
  { site, config }: Pick<Settings, "site" | "config">,
  dataDir: string,
  pkiDir: string | null,
): RecorderOptions {
  const name = `${site}.${config.id}`;
  const base = {
    dataDir: join(dataDir, "journal"),
    keysDir: join(dataDir, "keys"),
    site,
    edge: config.id,
    initial: initialDurable(config),
    journal: config.journal,
    secretIds: secretIds(config),
    isAlone: config.uplink === undefined,
  };
  if (config.uplink === undefined || pkiDir === null) return base;
  const uplink = {
    hubs: config.uplink.hubs,
    ca: join(pkiDir, "ca.pem"),
    cert: join(pkiDir, "edges", `${name}.pem`),
    key: join(pkiDir, "edges", `${name}.key`),
  };
  return { ...base, uplink };
}
