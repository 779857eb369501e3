// Keys and secrets of the field bus as files: a secret that others can read is refused.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrokerTls } from "../../broker/listener.js";
import { modeOpenToOthers } from "../../machine/whole-file.js";
import { PortcullisError } from "../../model/error.js";

/** Folder of the field bus's keys in the data folder; config/field-pki.ts makes them. */
export function fieldPkiFolder(dataDir: string): string {
  return join(dataDir, "field-pki");
}

/** Null when it is not there. */
export async function readIfThere(path: string): Promise<string | null> {
  return await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new PortcullisError({ code: "config.unreadable", place: path, detail: error.message }, { cause: error });
  });
}

/** A file that must be there. With `secret` nobody but its owner may read it. */
export async function readRequired(path: string, secret = false): Promise<string> {
  const text = await readIfThere(path);
  if (text === null) throw new PortcullisError({ code: "config.unreadable", place: path, detail: "missing" });
  const mode = secret ? modeOpenToOthers(path) : null;
  if (mode === null) return text;
  const detail = `others can read this secret (mode ${mode}): chmod 600`;
  throw new PortcullisError({ code: "config.unreadable", place: path, detail });
}

/** The broker's own pair and authority. */
export async function brokerTls(dataDir: string, clients: "certificate" | "password"): Promise<BrokerTls> {
  const folder = fieldPkiFolder(dataDir);
  return {
    ca: await readRequired(join(folder, "ca.pem")),
    cert: await readRequired(join(folder, "broker.pem")),
    key: await readRequired(join(folder, "broker.key"), true),
    requestCert: clients === "certificate",
    ignoreDatesWhileClockUnset: true,
  };
}
