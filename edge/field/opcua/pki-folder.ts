// The folder with a driver's own keys and the certificates that it has met: read, keep, move. The command line reads it too.
import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fingerprintOf } from "../../machine/fingerprint.js";
import { unfinished, writeWhole } from "../../machine/whole-file.js";

/** `own` and `user`: of this box. `trusted`: servers, or authorities whose servers are trusted. `issuers` only complete a chain. */
export type Shelf = "own" | "user" | "trusted" | "rejected" | "issuers";

const folders: Readonly<Record<Shelf, string>> = {
  own: "own/certs",
  user: "user/certs",
  trusted: "trusted/certs",
  rejected: "rejected",
  issuers: "issuers/certs",
};
/** Of `security.user`, one line, mode 0600. */
export const passwordFile = "password";
const crlFolders = ["trusted/crl", "issuers/crl"];

/** Certificates that were refused and are kept for a person to look at; the oldest make room. */
export const rejectedMax = 50;
const filesReadMax = 500;
const fileBytesMax = 100_000;

/** The folder of a driver in the box's data folder. */
export function pkiFolder(dataDir: string, driver: string): string {
  return join(dataDir, "opcua", driver);
}

/** The drivers that have such a folder. */
export function pkiDrivers(dataDir: string): readonly string[] {
  const folder = join(dataDir, "opcua");
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

export interface Kept {
  readonly shelf: Shelf;
  readonly file: string;
  readonly certificate: X509Certificate;
}

/** What stands on a shelf; files that hold no certificate are passed over. */
export function readShelf(dir: string, shelf: Shelf): readonly Kept[] {
  return filesIn(join(dir, folders[shelf])).flatMap((file) => {
    const [certificate] = certificatesIn(readFileSync(file));
    return certificate === undefined ? [] : [{ shelf, file, certificate }];
  });
}

/** The revocation lists, DER. */
export function readCrls(dir: string): readonly Buffer[] {
  return crlFolders.flatMap((folder) => filesIn(join(dir, folder))).map((file) => derOf(readFileSync(file)));
}

/** The certificates of a file or of a message, PEM or DER one after the other; none when they cannot be read. */
export function certificatesIn(bytes: Buffer): readonly X509Certificate[] {
  try {
    const pem = bytes.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    return pem === null ? chainIn(bytes) : pem.map((text) => new X509Certificate(text));
  } catch {
    return [];
  }
}

function chainIn(der: Buffer): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let rest = der; rest.length > 0; rest = rest.subarray(chain.at(-1)?.raw.length)) {
    chain.push(new X509Certificate(rest));
  }
  return chain;
}

function derOf(bytes: Buffer): Buffer {
  const pem = /-----BEGIN [A-Z0-9 ]+-----([^-]+)-----END/.exec(bytes.toString("latin1"));
  return pem === null ? bytes : Buffer.from(pem[1] ?? "", "base64");
}

/** Puts a certificate on a shelf, once: a server that is refused at each try wears no disk. @throws the system's error when it cannot. */
export function keep(dir: string, shelf: Shelf, certificate: X509Certificate): string {
  const folder = join(dir, folders[shelf]);
  const file = join(folder, `${fingerprintOf(certificate).slice(0, 40)}.pem`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (shelf === "rejected") makeRoom(folder);
  writeWhole(file, certificate.toString());
  return file;
}

/** @throws the system's error when the disk cannot. */
export function keepCrl(dir: string, bytes: Buffer, name: string): string {
  const folder = join(dir, "trusted/crl");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${basename(name)}.pem`);
  const lines =
    derOf(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  writeWhole(file, `-----BEGIN X509 CRL-----\n${lines.join("\n")}\n-----END X509 CRL-----\n`);
  return file;
}

/** On the new shelf first: a crash in between leaves it on both, and `trusted` counts. */
export function move(dir: string, { file, certificate }: Kept, shelf: Shelf): string {
  const moved = keep(dir, shelf, certificate);
  rmSync(file, { force: true });
  return moved;
}

function makeRoom(folder: string): void {
  const files = filesIn(folder).map((file) => ({ file, at: statSync(file).mtimeMs }));
  files.sort((one, other) => other.at - one.at);
  for (const { file } of files.slice(rejectedMax - 1)) rmSync(file, { force: true });
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .slice(0, filesReadMax)
    .map(({ name }) => join(folder, name))
    .filter((file) => !file.endsWith(unfinished) && statSync(file).size <= fileBytesMax);
}
