// The box's own certificates towards OPC UA servers, each with its key: read from the driver's folder, made at first need.
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { crypto_utils } from "node-opcua";
import { writeWhole } from "../../machine/whole-file.js";

export interface OwnKeys {
  readonly certificate: X509Certificate;
  /** PEM; never told anywhere. */
  readonly key: string;
}

export const ownKeyFiles = {
  application: { certificate: "own/certs/client_certificate.pem", key: "own/private/private_key.pem" },
  user: { certificate: "user/certs/user_certificate.pem", key: "user/private/private_key.pem" },
} as const;

const keyBits = 2048;
const exponent = new Uint8Array([1, 0, 1]);
const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
/** A box hangs on its wall for that long; the servers that trust the certificate are changed by hand. */
const validDays = 20 * 365;
/** A clock that stands before this is wrong: the server would find the certificate long expired. */
const oldestStartMs = Date.parse("2026-01-01T00:00:00Z");

export interface OwnKeysOptions {
  readonly driver: string;
  readonly of: keyof typeof ownKeyFiles;
  /** The user of a user certificate. */
  readonly user?: string;
  readonly wall: number;
}

/** From `dir`; null: for this run only. @throws the system's error when the disk cannot. */
export async function ownKeys(dir: string | null, options: OwnKeysOptions): Promise<OwnKeys> {
  const files = ownKeyFiles[options.of];
  const key = await kept(dir, files.key, newKey);
  const certificate = await kept(dir, files.certificate, () => selfSigned(key, options));
  return { certificate: new X509Certificate(certificate), key };
}

async function kept(dir: string | null, name: string, make: () => Promise<string>): Promise<string> {
  if (dir === null) return make();
  const file = join(dir, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const made = await make();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeWhole(file, made);
  return made;
}

async function newKey(): Promise<string> {
  const usages: webcrypto.KeyUsage[] = ["sign", "verify"];
  const parameters = { ...rsa, modulusLength: keyBits, publicExponent: exponent };
  const { privateKey } = await webcrypto.subtle.generateKey(parameters, true, usages);
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ format: "pem", type: "pkcs8" })
    .toString();
}

async function selfSigned(key: string, { driver, of, user, wall }: OwnKeysOptions): Promise<string> {
  const der = createPrivateKey(key).export({ format: "der", type: "pkcs8" });
  const privateKey = await webcrypto.subtle.importKey("pkcs8", der, rsa, true, ["sign"]);
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, "-")
    .slice(0, 63);
  const isUser = of === "user";
  const { ForApplication, ForUserAuthentication } = crypto_utils.CertificatePurpose;
  const { cert } = await crypto_utils.createSelfSignedCertificate({
    privateKey,
    subject: `/CN=${isUser ? (user ?? `Portcullis ${driver}`) : `Portcullis ${driver}`}/O=Portcullis`,
    applicationUri: `urn:${host}:Portcullis:${driver}`,
    dns: [host],
    notBefore: new Date(Math.max(wall - dayMs, oldestStartMs)),
    notAfter: new Date(Math.max(wall, oldestStartMs) + validDays * dayMs),
    purpose: isUser ? ForUserAuthentication : ForApplication,
  });
  return cert;
}

/** The URI that a server compares with what the application says of itself. */
export function applicationUriOf({ certificate }: OwnKeys): string {
  return /URI:([^,\s]+)/.exec(certificate.subjectAltName ?? "")?.[1] ?? "";
}
