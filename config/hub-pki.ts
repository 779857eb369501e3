// A hub's key folder: authority, hub, the hub's intake and, where all is on one machine, one client per box; made once and kept.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { edgeName, intakeName } from "./certificate-names.js";
import { createAuthority, hostsOf, issueClient, issueServer, type KeyPair, namesHost } from "./certificates.js";

export interface HubPki {
  readonly edges: readonly { readonly site: string; readonly edge: string }[];
  /** Control rooms that connect over MQTT. */
  readonly rooms?: readonly string[];
  /** Of the authority, where it is made. */
  readonly authorityName?: string;
  /** Names and addresses of the hub besides loopback. */
  readonly hosts: readonly string[];
  /** Wall clock, ms since 1970. */
  readonly now: number;
}

/**
 * Makes what is missing in `folder`: `ca.pem/.key`, `hub.pem/.key`, `intake.pem/.key`, `edges/{site}.{edge}.pem/.key`,
 * `rooms/{name}.pem/.key`.
 * What fits together stays as it is; a torn or foreign pair is made anew, and so is the hub's when a host is not in it: then
 * with those that were. Keys have mode 0600. One process at a time.
 */
export async function ensureHubPki(
  folder: string,
  { edges, rooms = [], hosts, now, authorityName = "Portcullis demo authority" }: HubPki,
): Promise<void> {
  const authority = await ensurePair(join(folder, "ca"), null, () => createAuthority(authorityName, now));
  const makeHub = (known: readonly string[]) =>
    issueServer(authority, { name: "hub", hosts: [...known, ...hosts], now });
  const hub = await ensurePair(join(folder, "hub"), authority, () => makeHub([]));
  const certificate = new X509Certificate(hub.certificate);
  if (!hosts.every((host) => namesHost(certificate, host)))
    await writePair(join(folder, "hub"), await makeHub(hostsOf(certificate)));
  await ensurePair(join(folder, "intake"), authority, () => issueClient(authority, { name: intakeName, now }));
  const clients = [
    ...edges.map(({ site, edge }) => ({ place: "edges", name: edgeName(site, edge) })),
    ...rooms.map((name) => ({ place: "rooms", name })),
  ];
  for (const { place, name } of clients)
    await ensurePair(join(folder, place, name), authority, () => issueClient(authority, { name, now }));
}

/** `stem.pem` and `stem.key`. `authority` null: the pair is its own authority. */
async function ensurePair(stem: string, authority: KeyPair | null, make: () => Promise<KeyPair>): Promise<KeyPair> {
  const present = { certificate: await readText(`${stem}.pem`), key: await readText(`${stem}.key`) };
  if (fits(present, authority ?? present)) return present;
  const made = await make();
  await writePair(stem, made);
  return made;
}

async function writePair(stem: string, { certificate, key }: KeyPair): Promise<void> {
  await mkdir(dirname(stem), { recursive: true, mode: 0o700 });
  await writeWhole(`${stem}.key`, key, 0o600);
  await writeWhole(`${stem}.pem`, certificate, 0o644);
}

/** Empty when the file is not there. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** The key belongs to the certificate and the authority signed it. Unreadable PEM does not fit. */
export function fits(pair: KeyPair, authority: KeyPair): boolean {
  try {
    const certificate = new X509Certificate(pair.certificate);
    const signedBy = new X509Certificate(authority.certificate).publicKey;
    return certificate.checkPrivateKey(createPrivateKey(pair.key)) && certificate.verify(signedBy);
  } catch {
    return false;
  }
}

/** Whole and on the medium, or as it was before. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
}
