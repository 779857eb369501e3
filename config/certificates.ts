// A small certificate authority for boxes and hub: ECDSA P-256, PEM in and out. The name in a certificate is the MQTT client id.
import "reflect-metadata";
import { randomBytes, webcrypto, type X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
export const authorityDays = 3650;
export const certificateDays = 825;

/** Whom a certificate names. `now`: wall clock, ms since 1970. */
export interface Subject {
  readonly name: string;
  readonly now: number;
  /** Default `certificateDays`. */
  readonly days?: number;
}

const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** A new authority that may sign certificates but no further authorities. `now`: wall clock, ms since 1970. */
export async function createAuthority(name: string, now: number, days = authorityDays): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now, days),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(certificate, keys);
}

/** A server's certificate for 127.0.0.1, ::1, localhost and `hosts` (names or addresses). */
export async function issueServer(
  authority: KeyPair,
  server: Subject & { readonly hosts: readonly string[] },
): Promise<KeyPair> {
  const hosts = [...new Set(["localhost", "127.0.0.1", "::1", ...server.hosts])];
  const names = hosts.map((value) => ({ type: isAddress(value) ? ("ip" as const) : ("dns" as const), value }));
  const keys = await newKeys();
  const certificate = await sign(authority, { ...server, publicKey: keys.publicKey }, [
    new x509.ExtendedKeyUsageExtension([serverAuth]),
    new x509.SubjectAlternativeNameExtension(names),
  ]);
  return toPem(certificate, keys);
}

/** The names and addresses of a server's certificate; loopback in its long form is named anyway. */
export function hostsOf({ subjectAltName }: X509Certificate): readonly string[] {
  const hosts = (subjectAltName ?? "")
    .split(", ")
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
  return hosts.filter((host) => host !== "0:0:0:0:0:0:0:1");
}

/** Whether a server's certificate is good for this name or address. */
export function namesHost(certificate: X509Certificate, host: string): boolean {
  // Node knows addresses in any spelling, and of names only those that can be asked for.
  return isAddress(host) ? certificate.checkIP(host) !== undefined : hostsOf(certificate).includes(host);
}

/** A client's certificate; its common name is the client id. */
export async function issueClient(authority: KeyPair, client: Subject): Promise<KeyPair> {
  const keys = await newKeys();
  return toPem(await signClient(authority, client, keys.publicKey), keys);
}

/** The same for a key that somebody else keeps. */
export function signClient(authority: KeyPair, client: Subject, publicKey: x509.PublicKeyType) {
  return sign(authority, { ...client, publicKey }, [new x509.ExtendedKeyUsageExtension([clientAuth])]);
}

async function sign(
  authority: KeyPair,
  subject: Subject & { readonly publicKey: x509.PublicKeyType },
  extensions: readonly x509.Extension[],
): Promise<x509.X509Certificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const der = x509.PemConverter.decodeFirst(authority.key);
  const signingKey = await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  return x509.X509CertificateGenerator.create({
    ...validity(subject.now, subject.days ?? certificateDays),
    subject: [{ CN: [subject.name] }],
    issuer: issuer.subjectName,
    publicKey: subject.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...extensions,
    ],
  });
}

export function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** Starts a day early, because clocks on site differ. */
function validity(now: number, days: number) {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return {
    serialNumber: serial.toString("hex"),
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + days * dayMs),
  };
}

async function toPem(certificate: x509.X509Certificate, keys: { privateKey: webcrypto.CryptoKey }): Promise<KeyPair> {
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`,
  };
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
