// Who may come in at the broker in the box: passwords or certificates, read again when their files change, so that a
// device that was lost or stolen is out at once.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Identity } from "../../broker/admission.js";
import type { BrokerTls } from "../../broker/listener.js";
import type { Random } from "../../machine/ports.js";
import { markOf } from "../../machine/whole-file.js";
import { PortcullisError } from "../../model/error.js";
import { credentialsPath, fieldCredentials, isPassword } from "./credentials.js";

export interface Admission {
  admits(identity: Identity): boolean;
  /** True when the files have changed since they were read. Rejects when they cannot be read; the last good ones count on. */
  refresh(): Promise<boolean>;
}

/** Folder of the field bus's keys in the data folder; config/field-pki.ts makes them. */
export function fieldPkiFolder(dataDir: string): string {
  return join(dataDir, "field-pki");
}

/** Passwords of `DIR/field-credentials.json`, made where they are missing. */
export function admitByPassword(dataDir: string, devices: readonly string[], random: Random): Promise<Admission> {
  return watched(
    credentialsPath(dataDir),
    () => fieldCredentials(dataDir, devices, random),
    (passwords, { client, password }) => devices.includes(client) && isPassword(passwords, client, password),
  );
}

/** Certificates of the listener's authority, but for the serial numbers in `DIR/field-pki/revoked.json`. */
export function admitByCertificate(dataDir: string, devices: readonly string[]): Promise<Admission> {
  const path = join(fieldPkiFolder(dataDir), "revoked.json");
  return watched(
    path,
    () => readRevoked(path),
    (revoked, { client, certificateSerial: serial }) =>
      devices.includes(client) && serial !== null && !revoked.has(serial.toUpperCase()),
  );
}

async function watched<T>(
  path: string,
  read: () => Promise<T>,
  admits: (content: T, identity: Identity) => boolean,
): Promise<Admission> {
  let mark = markOf(path);
  let content = await read();
  return {
    admits: (identity) => admits(content, identity),
    async refresh() {
      const present = markOf(path);
      if (present === mark) return false;
      mark = present;
      content = await read();
      return true;
    },
  };
}

async function readRevoked(path: string): Promise<ReadonlySet<string>> {
  const text = (await readIfThere(path)) ?? '{"revoked":[]}';
  try {
    const { revoked }: { revoked: readonly { readonly serial: string }[] } = JSON.parse(text);
    return new Set(revoked.map(({ serial }) => serial.toUpperCase()));
  } catch (cause) {
    throw new PortcullisError(
      { code: "config.syntax", place: path, detail: "not a list of serial numbers" },
      { cause },
    );
  }
}

async function readIfThere(path: string): Promise<string | null> {
  return await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new PortcullisError({ code: "config.unreadable", place: path, detail: error.message }, { cause: error });
  });
}

/** A file that must be there. With `secret` nobody but its owner may read it. */
export async function readRequired(path: string, secret = false): Promise<string> {
  const text = await readIfThere(path);
  if (text === null) throw new PortcullisError({ code: "config.unreadable", place: path, detail: "missing" });
  const mode = (await stat(path)).mode & 0o777;
  if (!secret || (mode & 0o077) === 0) return text;
  const detail = `others can read this secret (mode ${mode.toString(8)}): chmod 600`;
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
