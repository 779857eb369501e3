// Ed25519 signatures of a box: whoever has its public key can check, wherever it is, that the box has signed a text.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Random } from "../machine/ports.js";
import { pemBlocksIn } from "./pem.js";

export interface Signer {
  /** Its public key by `keyIdOf`. */
  readonly key: string;
  /** PEM (SPKI). */
  readonly publicKey: string;
  /** Base64. */
  sign(text: string): string;
}

/** The public keys of one reader, by their `key`. */
export interface KeyRing {
  readonly keys: readonly string[];
  verify(key: string, text: string, signature: string): "good" | "wrong" | "unknown-key";
}

/** PKCS #8 before the 32 bytes of an Ed25519 key (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const seedBytes = 32;

/** A new private key as PEM (PKCS #8). */
export function makeSigningKey(random: Random): string {
  const der = Buffer.concat([pkcs8Prefix, random.bytes(seedBytes)]);
  return pemOf(createPrivateKey({ key: der, format: "der", type: "pkcs8" }), "pkcs8");
}

/** Throws when `pem` is no Ed25519 private key. */
export function signerOf(pem: string): Signer {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`not an Ed25519 key but ${key.asymmetricKeyType}`);
  const publicKey = createPublicKey(key);
  return {
    key: keyIdOf(publicKey),
    publicKey: pemOf(publicKey, "spki"),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
  };
}

/** Of every public key that `pem` holds: after a box was replaced there are two. Throws when there is none. */
export function keyRingOf(pem: string): KeyRing {
  const keys = new Map(
    pemBlocksIn(pem, "PUBLIC KEY").map((each) => {
      const key = createPublicKey(each);
      if (key.asymmetricKeyType !== "ed25519") throw new Error(`not an Ed25519 key but ${key.asymmetricKeyType}`);
      return [keyIdOf(key), key] as const;
    }),
  );
  if (keys.size === 0) throw new Error("no public key in PEM form");
  return {
    keys: [...keys.keys()],
    verify(id, text, signature) {
      const key = keys.get(id);
      if (key === undefined) return "unknown-key";
      return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64")) ? "good" : "wrong";
    },
  };
}

/** Names a public key, of a signer as of a sealer: the first 16 hex digits of the SHA-256 over it (SPKI, DER). */
export function keyIdOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ format: "der", type: "spki" }))
    .digest("hex")
    .slice(0, 16);
}

function pemOf(key: KeyObject, type: "spki" | "pkcs8"): string {
  return String(key.export({ format: "pem", type }));
}
