// Passwords of the field devices: made at first start, kept in the data folder, readable by the service alone.
import { createHash, timingSafeEqual } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Random } from "../../machine/ports.js";
import { writeWhole } from "../../machine/whole-file.js";
import { PortcullisError } from "../../model/error.js";

/** Password by device id. */
export type Credentials = ReadonlyMap<string, string>;

const fileName = "field-credentials.json";
const passwordBytes = 24;

/**
 * Reads `DIR/field-credentials.json`, makes what is missing for `devices` and keeps the rest. Rejects with a
 * PortcullisError when the file is there but cannot be understood: new passwords would lock every device out.
 */
export async function fieldCredentials(
  dataDir: string,
  devices: readonly string[],
  random: Random,
): Promise<Credentials> {
  const path = credentialsPath(dataDir);
  const known = await read(path);
  const missing = devices.filter((device) => !known.has(device));
  if (missing.length === 0) return known;
  for (const device of missing) known.set(device, newPassword(random));
  await write(path, known);
  return known;
}

/** Gives the device another password; a box that runs ends its connection. */
export async function replacePassword(dataDir: string, device: string, random: Random): Promise<void> {
  const path = credentialsPath(dataDir);
  const known = await read(path);
  known.set(device, newPassword(random));
  await write(path, known);
}

export function credentialsPath(dataDir: string): string {
  return join(dataDir, fileName);
}

function newPassword(random: Random): string {
  return Buffer.from(random.bytes(passwordBytes)).toString("base64url");
}

async function write(path: string, passwords: Credentials): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const all = Object.fromEntries([...passwords].map(([device, password]) => [device, { password }]));
  writeWhole(path, `${JSON.stringify({ devices: all }, null, 2)}\n`);
}

/** Compares in constant time. */
export function isPassword(credentials: Credentials, device: string, password: string | null): boolean {
  const expected = credentials.get(device);
  return expected !== undefined && password !== null && timingSafeEqual(digest(expected), digest(password));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

async function read(path: string): Promise<Map<string, string>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return '{"devices":{}}';
    throw new PortcullisError({ code: "config.unreadable", place: path, detail: error.message }, { cause: error });
  });
  try {
    const json: { devices: Record<string, { password: unknown }> } = JSON.parse(text);
    return new Map(Object.entries(json.devices).map(([device, { password }]) => [device, requireText(password)]));
  } catch (cause) {
    throw new PortcullisError({ code: "config.syntax", place: path, detail: "not a list of passwords" }, { cause });
  }
}

function requireText(password: unknown): string {
  if (typeof password !== "string" || password === "") throw new TypeError("a password is missing");
  return password;
}
