// PKCS #10: what a box sends so that its hub signs the key that it keeps to itself. The hub reads nothing but the public
// key out of it; whom a certificate names is the hub's decision.
import "reflect-metadata";
import { createPublicKey, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { algorithm, type KeyPair, newKeys, type Subject, signClient } from "./certificates.js";

/** A request and the key that it is about, both PEM. */
export interface SigningRequest {
  readonly request: string;
  /** PKCS #8. */
  readonly key: string;
}

export type PublicKey = x509.PublicKey;

/** Much more than a request for a P-256 key needs. */
export const requestLengthMax = 4096;

/** A request that `key` (PKCS #8, PEM) has signed, or a new one. */
export async function createRequest(name: string, key?: string): Promise<SigningRequest> {
  const keys = key === undefined ? await newKeys() : await pairOf(key);
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
  });
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { request: `${made.toString("pem")}\n`, key: `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n` };
}

async function pairOf(key: string) {
  const privateKey = await importKey(x509.PemConverter.decodeFirst(key), "pkcs8", ["sign"]);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return { privateKey, publicKey: await importKey(spki, "spki", ["verify"]) };
}

function importKey(der: ArrayBuffer | Buffer, format: "pkcs8" | "spki", uses: ("sign" | "verify")[]) {
  return webcrypto.subtle.importKey(format, der, algorithm, true, uses);
}

/** The request, when it is about a P-256 key that has signed it itself; else what is wrong with it, in plain words. */
export async function readRequest(pem: string): Promise<{ publicKey: PublicKey } | { fault: string }> {
  if (pem.length > requestLengthMax) return { fault: `longer than ${requestLengthMax} characters` };
  try {
    const request = new x509.Pkcs10CertificateRequest(pem);
    const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string };
    if (name !== "ECDSA" || namedCurve !== algorithm.namedCurve) return { fault: "its key is not of the curve P-256" };
    return (await request.verify()) ? { publicKey: request.publicKey } : { fault: "its own key has not signed it" };
  } catch (error) {
    return { fault: `no PKCS #10 request: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A client's certificate (PEM) for the key of a request. */
export async function signRequest(authority: KeyPair, publicKey: PublicKey, client: Subject): Promise<string> {
  return `${(await signClient(authority, client, publicKey)).toString("pem")}\n`;
}

/** Names a public key: SHA-256 over its SubjectPublicKeyInfo, in hexadecimal digits. */
export async function keyId(publicKey: PublicKey): Promise<string> {
  return Buffer.from(await publicKey.getThumbprint("SHA-256")).toString("hex");
}
