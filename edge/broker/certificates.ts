// Judges a peer's certificate without its dates, for a machine whose clock was never set: chain to a known authority and
// purpose. Revocation and name are judged by whoever knows them.
import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { pemBlocksIn } from "../record/pem.js";

/** The certificates of a PEM text. Throws when one cannot be read. */
export function readAuthorities(pem: string): X509Certificate[] {
  return pemBlocksIn(pem, "CERTIFICATE").map((block) => new X509Certificate(block));
}

/** What the peer has shown, its own certificate first; empty when it has shown none. */
export function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (at?.raw !== undefined && chain.length < chainLengthMax) {
    chain.push(new X509Certificate(at.raw));
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  return chain;
}
const chainLengthMax = 6;

/** Object identifiers of the extended key usages. */
const purposes = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" };

/** Whether signatures lead from the first certificate to one of `authorities`, and it is meant for `purpose`. */
export function chainHolds(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  purpose: keyof typeof purposes,
): boolean {
  const [own] = chain;
  if (own === undefined || own.ca || !(own.keyUsage ?? [purposes[purpose]]).includes(purposes[purpose])) return false;
  for (const [index, certificate] of chain.entries()) {
    if (authorities.some((authority) => isSignedBy(certificate, authority))) return true;
    const next = chain[index + 1];
    if (next === undefined || !isSignedBy(certificate, next)) return false;
  }
  return false;
}

function isSignedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
