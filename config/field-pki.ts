// The keys of the field bus in a box's data folder: an authority of the box (or the site's), the broker's own certificate,
// and one per device. Made by the agent and by `portcullis keys device`, read by the MQTT driver.
import { X509Certificate } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { PortcullisError } from "../edge/model/error.js";
import { createAuthority, issueClient, issueServer, type KeyPair } from "./certificates.js";
import { fits, readText, writeWhole } from "./hub-pki.js";

const dayMs = 86_400_000;
/** Devices on a fence are not visited for their certificates; who is lost or stolen is revoked. */
const deviceDays = 3_650;
const authorityDays = 9_125;
/** The broker's certificate is made anew at a start this long before its end. */
const renewDays = 365;
/** A clock that was never set says 1970; certificates begin where this software did. */
const wallFloorMs = Date.parse("2026-01-01T00:00:00Z");

export interface FieldPkiOptions {
  /** Names and addresses of the box besides loopback. */
  readonly hosts: readonly string[];
  /** Wall clock, ms since 1970. */
  readonly now: number;
}

/**
 * Makes what is missing in `folder`: `ca.pem/.key` and `broker.pem/.key`. A `ca.pem` without its key is the site's: then
 * the broker's pair must be there too. Keys have mode 0600.
 * @throws PortcullisError `config.unreadable` for files that do not fit together; they are never replaced, because a new
 * authority would lock every device out. System errors when the disk cannot be written.
 */
export async function ensureFieldPki(folder: string, { hosts, now }: FieldPkiOptions): Promise<void> {
  await ensureServerPair(folder, "broker", { hosts, now });
}

/** The pair of the box's own pages, `http.pem/.key`, in a folder and by an authority of their own, under the same conditions. */
export async function ensurePagePki(folder: string, options: FieldPkiOptions): Promise<KeyPair> {
  await ensureServerPair(folder, "http", options);
  return readPair(join(folder, "http"));
}

async function ensureServerPair(folder: string, name: "broker" | "http", { hosts, now }: FieldPkiOptions) {
  const authority = await ensureAuthority(folder, now);
  const stem = join(folder, name);
  const present = await readPair(stem);
  if (authority.key === "") {
    if (!fits(present, authority)) throw unfit(`${stem}.pem`, "not signed by ca.pem, or without its key");
    return;
  }
  if (fits(present, authority) && serves(present.certificate, hosts, now)) return;
  await writePair(
    stem,
    await issueServer(authority, { name: `field-${name}`, hosts, now: sane(now), days: deviceDays }),
  );
}

/** `devices/ID.pem/.key`, as they are or made now; `made` tells which. */
export async function ensureDevice(folder: string, device: string, now: number) {
  const authority = await ensureAuthority(folder, now);
  const stem = deviceStem(folder, device);
  const present = await readPair(stem);
  const made = !fits(present, authority);
  if (made) {
    if (authority.key === "") throw unfit(join(folder, "ca.key"), "the site's authority signs elsewhere");
    const pair = await issueClient(authority, { name: device, now: sane(now), days: deviceDays });
    // Before the pair: what was handed out and overwritten or moved away can still be revoked.
    await noteSerial(folder, device, pair.certificate);
    await writePair(stem, pair);
  }
  return { made, ca: join(folder, "ca.pem"), certificate: `${stem}.pem`, key: `${stem}.key` };
}

/** Enters every certificate that the device was ever given in `revoked.json`; their serial numbers, none when all are there. */
export async function revokeDevice(folder: string, device: string, now: number): Promise<readonly string[]> {
  const stem = deviceStem(folder, device);
  const { certificate } = await readPair(stem);
  const path = join(folder, "revoked.json");
  const { revoked = [] }: { revoked?: Revoked[] } = JSON.parse((await readText(path)) || "{}");
  const given = (await readIssued(folder)).filter((each) => each.device === device).map(({ serial }) => serial);
  // A certificate that was put there, or made before they were noted.
  if (certificate !== "") given.push(new X509Certificate(certificate).serialNumber);
  const known = new Set(revoked.map(({ serial }) => serial));
  const serials = [...new Set(given)].filter((serial) => !known.has(serial));
  if (serials.length > 0) {
    const at = new Date(now).toISOString();
    const list = [...revoked, ...serials.map((serial) => ({ device, serial, at }))];
    await writeWhole(path, `${JSON.stringify({ revoked: list }, null, 2)}\n`, 0o600);
  }
  // Only after the list is on the disk.
  await Promise.all(["pem", "key"].map((ending) => rm(`${stem}.${ending}`, { force: true })));
  return serials;
}

interface Issued {
  readonly device: string;
  readonly serial: string;
}
interface Revoked extends Issued {
  readonly at: string;
}

async function noteSerial(folder: string, device: string, pem: string): Promise<void> {
  const issued = [...(await readIssued(folder)), { device, serial: new X509Certificate(pem).serialNumber }];
  await writeWhole(join(folder, "issued.json"), `${JSON.stringify({ issued }, null, 2)}\n`, 0o600);
}

async function readIssued(folder: string): Promise<readonly Issued[]> {
  const { issued = [] }: { issued?: Issued[] } = JSON.parse((await readText(join(folder, "issued.json"))) || "{}");
  return issued;
}

function deviceStem(folder: string, device: string): string {
  return join(folder, "devices", device);
}

async function ensureAuthority(folder: string, now: number): Promise<KeyPair> {
  const stem = join(folder, "ca");
  const present = await readPair(stem);
  if (present.certificate === "") {
    const made = await createAuthority("Portcullis field authority", sane(now), authorityDays);
    await writePair(stem, made);
    return made;
  }
  if (present.key !== "" && !fits(present, present)) throw unfit(`${stem}.pem`, "does not belong to ca.key");
  return present;
}

/** Whether a device finds the box under each of its names in the certificate, for long enough. */
function serves(pem: string, hosts: readonly string[], now: number): boolean {
  const certificate = new X509Certificate(pem);
  const named = hosts.every((host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)));
  return named && Date.parse(certificate.validTo) - sane(now) > renewDays * dayMs;
}

function sane(now: number): number {
  return Math.max(now, wallFloorMs);
}

async function readPair(stem: string): Promise<KeyPair> {
  return { certificate: await readText(`${stem}.pem`), key: await readText(`${stem}.key`) };
}

/** The key first: a certificate without its key would be taken for the site's. */
async function writePair(stem: string, pair: KeyPair): Promise<void> {
  await mkdir(dirname(stem), { recursive: true, mode: 0o700 });
  await writeWhole(`${stem}.key`, pair.key, 0o600);
  await writeWhole(`${stem}.pem`, pair.certificate, 0o644);
}

function unfit(place: string, detail: string): PortcullisError {
  return new PortcullisError({ code: "config.unreadable", place, detail });
}
