// What the simulated field devices log in with: passwords handed in or read from the file that the box writes at its first
// start, or certificates from the box's folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Check } from "typebox/value";

/** PEM texts for a broker with mutual TLS. */
export interface Certificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** By device id, a password or a certificate: given, or asked for anew at each try to log in. */
export type Credentials = Readonly<Record<string, string>> | ((device: string) => string | Certificate | undefined);

/** `field-credentials.json` in the box's data folder. */
const CredentialsFile = Type.Object({
  devices: Type.Record(Type.String(), Type.Object({ password: Type.String() })),
});

function readDevices(path: string): Static<typeof CredentialsFile>["devices"] {
  try {
    const file: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Check(CredentialsFile, file) ? file.devices : {};
  } catch {
    // Not there yet, or not for us: the device asks again at its next try.
    return {};
  }
}

/** Reads `path` at every question; a file that is missing or not understood knows no password. */
export function credentialsFile(path: string): Credentials {
  return (device) => {
    const devices = readDevices(path);
    return Object.hasOwn(devices, device) ? devices[device]?.password : undefined;
  };
}

/** Certificates made by `portcullis keys device` in a box's `field-pki`; a device without one asks again. */
export function certificatesIn(folder: string): Credentials {
  return (device) => {
    const read = (...path: readonly string[]) => readFileSync(join(folder, ...path), "utf8");
    try {
      return { ca: read("ca.pem"), cert: read("devices", `${device}.pem`), key: read("devices", `${device}.key`) };
    } catch {
      return undefined;
    }
  };
}

/** Undefined while nothing is known. */
export function secretOf(credentials: Credentials, device: string): string | Certificate | undefined {
  return typeof credentials === "function" ? credentials(device) : credentials[device];
}
