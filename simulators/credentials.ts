// Passwords of the simulated field devices: handed in, or read from the file that the box writes at its first start.
import { readFileSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Check } from "typebox/value";

/** Passwords by device id: given, or asked for anew at each try to log in. */
export type Credentials = Readonly<Record<string, string>> | ((device: string) => string | undefined);

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

/** Undefined while no password is known. */
export function passwordOf(credentials: Credentials, device: string): string | undefined {
  return typeof credentials === "function" ? credentials(device) : credentials[device];
}
