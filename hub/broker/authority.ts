// The authority that signs for boxes: DIR/pki/ca.pem and ca.key. The key may be kept elsewhere; then nothing is signed here.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "../../config/certificates.js";
import { fingerprintOf } from "../../edge/machine/fingerprint.js";
import { modeOpenToOthers } from "../../edge/machine/whole-file.js";
import { PortcullisError } from "../../edge/model/error.js";

/** @throws PortcullisError `keys.authority-missing` when certificate or key is not there, does not fit, or is not secret. */
export function readAuthority(pkiDir: string): KeyPair {
  const pair = { certificate: read(pkiDir, "ca.pem"), key: read(pkiDir, "ca.key") };
  const path = join(pkiDir, "ca.key");
  if (modeOpenToOthers(path) !== null) throw missing(path, "others can read it: chmod 600");
  try {
    if (new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key))) return pair;
  } catch (error) {
    throw missing(path, String(error));
  }
  throw missing(path, "it does not belong to ca.pem");
}

/** SHA-256 of the authority's certificate in hexadecimal digits: what boxes pin. */
export function authorityFingerprint(pkiDir: string): string {
  return fingerprintOf(new X509Certificate(read(pkiDir, "ca.pem")));
}

function read(pkiDir: string, file: string): string {
  const path = join(pkiDir, file);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw missing(path, (cause as NodeJS.ErrnoException).code ?? String(cause), cause);
  }
}

function missing(place: string, detail: string, cause?: unknown): PortcullisError {
  return new PortcullisError({ code: "keys.authority-missing", place, detail }, { cause });
}
