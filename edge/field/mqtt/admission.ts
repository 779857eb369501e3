// Who may come in at the broker in the box: passwords or certificates, read again when their files change, so that a
// device that was lost or stolen is out at once.
import { join } from "node:path";
import type { Identity } from "../../broker/admission.js";
import type { Random } from "../../machine/ports.js";
import { markOf } from "../../machine/whole-file.js";
import { PortcullisError } from "../../model/error.js";
import { credentialsPath, fieldCredentials, isPassword } from "./credentials.js";
import { fieldPkiFolder, readIfThere } from "./key-files.js";

export interface Admission {
  admits(identity: Identity): boolean;
  /** True when the files have changed since they were read. Rejects when they cannot be read; the last good ones count on. */
  refresh(): Promise<boolean>;
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
      content = await read();
      // Only now: what could not be read must be tried again, or a revoked device stays in.
      mark = present;
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
