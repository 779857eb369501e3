// A certificate as people compare it, and as it is named on the command line.
import type { X509Certificate } from "node:crypto";

/** SHA-256 in small hexadecimal letters. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}
