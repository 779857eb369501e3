// Encryption at rest: whoever holds the public half can seal, only the private half opens. So a box whose key is away goes on
// writing sealed records, and reads back those of its own run.
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import type { Random } from "../machine/ports.js";
import { keyIdOf } from "./sign.js";

/** How the data key of one run is kept: sealed to the public key with that id. Base64. */
export interface SealedKey {
  readonly key: string;
  readonly wrapped: string;
}

/** A sealed text, and under which data key. Base64. */
export interface Sealed {
  readonly by: SealedKey;
  readonly text: string;
}

/** Null when the key is not there, or the text is not what was sealed. `about` is bound to the text, not hidden. */
export type Open = (sealed: Sealed, about: string) => string | null;

export interface Sealer {
  readonly by: SealedKey;
  seal(text: string, about: string): Sealed;
  readonly open: Open;
}

const [keyBytes, ivBytes, tagBytes, rawBytes] = [32, 12, 16, 32];
/** PKCS #8 and SPKI before the 32 bytes of an X25519 key (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b656e04220420", "hex");
const spkiPrefix = Buffer.from("302a300506032b656e032100", "hex");
const label = "portcullis journal";

/** A new private key as PEM (PKCS #8, X25519). */
export function makeSealingKey(random: Random): string {
  return String(newKey(random).export({ format: "pem", type: "pkcs8" }));
}

/** The public half of a private key, as PEM (SPKI). Throws when `pem` is none. */
export function publicSealingKey(pem: string): string {
  return String(createPublicKey(x25519(createPrivateKey(pem))).export({ format: "pem", type: "spki" }));
}

/** Opens with the private key; `null`: nothing. */
export function openerOf(privatePem: string | null): Open {
  if (privatePem === null) return () => null;
  const key = x25519(createPrivateKey(privatePem));
  const id = keyIdOf(createPublicKey(key));
  const known = new Map<string, Buffer | null>();
  return ({ by, text }, about) => {
    if (by.key !== id) return null;
    if (!known.has(by.wrapped)) known.set(by.wrapped, unwrap(by.wrapped, key));
    const dataKey = known.get(by.wrapped) ?? null;
    return dataKey === null ? null : (decrypt(dataKey, Buffer.from(text, "base64"), about)?.toString("utf8") ?? null);
  };
}

/** A data key of its own, sealed to `publicPem`; opens what it has sealed itself, and the rest with `open`. */
export function createSealer(publicPem: string, random: Random, open: Open): Sealer {
  const dataKey = Buffer.from(random.bytes(keyBytes));
  const by = { key: keyIdOf(x25519(createPublicKey(publicPem))), wrapped: wrap(dataKey, publicPem, random) };
  return {
    by,
    seal: (text, about) => ({ by, text: encrypt(dataKey, Buffer.from(text), { about, random }).toString("base64") }),
    open(sealed, about) {
      if (sealed.by.wrapped !== by.wrapped) return open(sealed, about);
      return decrypt(dataKey, Buffer.from(sealed.text, "base64"), about)?.toString("utf8") ?? null;
    },
  };
}

function wrap(dataKey: Buffer, publicPem: string, random: Random): string {
  const ephemeral = newKey(random);
  const shared = sharedKey(ephemeral, createPublicKey(publicPem));
  const raw = createPublicKey(ephemeral).export({ format: "der", type: "spki" }).subarray(-rawBytes);
  return Buffer.concat([raw, encrypt(shared, dataKey, { about: label, random })]).toString("base64");
}

function unwrap(wrapped: string, key: KeyObject): Buffer | null {
  const bytes = Buffer.from(wrapped, "base64");
  if (bytes.length !== rawBytes + ivBytes + tagBytes + keyBytes) return null;
  const der = Buffer.concat([spkiPrefix, bytes.subarray(0, rawBytes)]);
  const shared = sharedKey(key, createPublicKey({ key: der, format: "der", type: "spki" }));
  return decrypt(shared, bytes.subarray(rawBytes), label);
}

function sharedKey(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const secret = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync("sha256", secret, "", label, keyBytes));
}

/** iv, tag, ciphertext: AES-256-GCM. */
function encrypt(key: Buffer, text: Buffer, { about, random }: { about: string; random: Random }): Buffer {
  const iv = Buffer.from(random.bytes(ivBytes));
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(about));
  const hidden = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), hidden]);
}

function decrypt(key: Buffer, bytes: Buffer, about: string): Buffer | null {
  const [iv, tag] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes, ivBytes + tagBytes)];
  if (tag.length !== tagBytes) return null;
  const cipher = createDecipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(about)).setAuthTag(tag);
  try {
    return Buffer.concat([cipher.update(bytes.subarray(ivBytes + tagBytes)), cipher.final()]);
  } catch {
    // The tag does not fit: another key, or another text.
    return null;
  }
}

function newKey(random: Random): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, random.bytes(keyBytes)]), format: "der", type: "pkcs8" });
}

function x25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "x25519") throw new Error(`not an X25519 key but ${key.asymmetricKeyType}`);
  return key;
}
