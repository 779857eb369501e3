// Whether a server's certificate may be believed: pinned, or issued by a trusted authority; not revoked; in its time.
import type { X509Certificate } from "node:crypto";
import { crypto_utils } from "node-opcua";
import { fingerprintOf } from "../../machine/fingerprint.js";
import type { ErrorCode } from "../../model/error.js";
import { certificatesIn, keep, readCrls, readShelf } from "./pki-folder.js";

export interface Verdict {
  /** Null when it may be believed. */
  readonly refusal: { readonly code: ErrorCode; readonly detail: string } | null;
  /** From the certificate up to the last authority that could be found; empty when it cannot be read. */
  readonly path: readonly X509Certificate[];
}

/** `now` null: the wall clock cannot be believed, so dates are not looked at (design rule 1). */
export type WallNow = number | null;

/** Longest way from a certificate to an authority. */
const pathLengthMax = 5;

/** Judges the chain that a server shows (DER, one after the other). What is not trusted is kept for a person to look at. */
export function judge(dir: string, chain: Buffer, now: WallNow): Verdict {
  const [leaf, ...others] = certificatesIn(chain);
  if (leaf === undefined) return refuse("field.certificate-invalid", "no certificate can be read", []);
  const fingerprint = fingerprintOf(leaf);
  const trusted = new Set(readShelf(dir, "trusted").map(({ certificate }) => fingerprintOf(certificate)));
  const known = [...readShelf(dir, "trusted"), ...readShelf(dir, "issuers")].map(({ certificate }) => certificate);
  const path = pathOf(leaf, [...others, ...known]);
  const isPinned = trusted.has(fingerprint);
  if (!isPinned && !path.slice(1).some((issuer) => trusted.has(fingerprintOf(issuer)))) {
    const where = stored(dir, leaf) ? "" : "; it could not be stored under rejected";
    const detail = `${named(leaf)} fingerprint ${fingerprint}${where}; portcullis keys trust ${fingerprint.slice(0, 16)} --data DIR`;
    return refuse("field.certificate-untrusted", detail, path);
  }
  const detail = revocationTrouble(path, readCrls(dir), isPinned) ?? (now === null ? null : dateTrouble(path, now));
  return detail === null ? { refusal: null, path } : refuse("field.certificate-invalid", detail, path);
}

/**
 * Why a server that was believed by this path is so no longer: a person has rejected it or an authority above it, or a list
 * revokes it. Null as long as nobody has, also when the shelves are empty because the disk is gone.
 */
export function objectionTo(dir: string, chain: Buffer, path: readonly X509Certificate[]): string | null {
  const rejected = new Set(readShelf(dir, "rejected").map(({ certificate }) => fingerprintOf(certificate)));
  const isRejected = path.some((each) => rejected.has(fingerprintOf(each)));
  if (isRejected) return judge(dir, chain, null).refusal?.detail ?? null;
  return revocationTrouble(path, readCrls(dir), true);
}

function refuse(code: ErrorCode, detail: string, path: Verdict["path"]): Verdict {
  return { refusal: { code, detail }, path };
}

function named(certificate: X509Certificate): string {
  return certificate.subject.replaceAll("\n", ", ").slice(0, 120);
}

function stored(dir: string, certificate: X509Certificate): boolean {
  try {
    keep(dir, "rejected", certificate);
    return true;
  } catch {
    return false;
  }
}

/** From the certificate up to the last authority that can be found; each has signed the one before. */
function pathOf(leaf: X509Certificate, candidates: readonly X509Certificate[]): readonly X509Certificate[] {
  const path = [leaf];
  while (path.length < pathLengthMax) {
    const last = path.at(-1) ?? leaf;
    const issuer = candidates.find((each) => each.ca && last.checkIssued(each) && last.verify(each.publicKey));
    if (issuer === undefined || path.some((each) => each.fingerprint256 === issuer.fingerprint256)) break;
    path.push(issuer);
  }
  return path;
}

/** A pinned certificate needs no list; one that is believed because of its authority does (OPC UA part 4, 6.1.3). */
function revocationTrouble(
  path: readonly X509Certificate[],
  crls: readonly Buffer[],
  isPinned: boolean,
): string | null {
  for (const [index, issuer] of path.slice(1).entries()) {
    const certificate = path[index];
    const own = crls.filter((crl) => isOf(crl, issuer));
    if (own.length === 0 && !isPinned) return `${named(issuer)} has no revocation list here`;
    if (certificate !== undefined && own.some((crl) => lists(crl, certificate)))
      return `${named(certificate)} is revoked`;
  }
  return null;
}

function isOf(crl: Buffer, issuer: X509Certificate): boolean {
  try {
    return crypto_utils.verifyCrlIssuedByCertificate(crl, issuer.raw);
  } catch {
    return false;
  }
}

function lists(crl: Buffer, certificate: X509Certificate): boolean {
  const { revokedCertificates } = crypto_utils.exploreCertificateRevocationList(crl).tbsCertList;
  const serial = plain(certificate.serialNumber);
  return revokedCertificates.some(({ userCertificate }) => plain(userCertificate) === serial);
}

function plain(serial: string): string {
  return serial.replaceAll(":", "").toLowerCase().replace(/^0+/, "");
}

function dateTrouble(path: readonly X509Certificate[], now: number): string | null {
  for (const certificate of path) {
    const { validFrom, validTo } = certificate;
    if (now < Date.parse(validFrom)) return `${named(certificate)} is valid only from ${validFrom}`;
    if (now > Date.parse(validTo)) return `${named(certificate)} was valid until ${validTo}`;
  }
  return null;
}
