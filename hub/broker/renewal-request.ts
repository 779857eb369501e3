// What a box sends to have its certificate renewed, judged: the present certificate, a request with a new key, and the
// present key's signature over it; so that a name on a topic alone renews nothing, whoever runs the broker.
import { verify, X509Certificate } from "node:crypto";
import { type PublicKey, readRequest } from "../../config/signing-requests.js";

interface Expected {
  readonly name: string;
  /** PEM of the authority. */
  readonly ca: string;
  /** Wall clock, ms. */
  readonly now: number;
}

export type Renewal = { readonly publicKey: PublicKey; readonly serial: string };

const textLengthMax = 16_384;
/** A certificate is renewed at two thirds of its life; clocks may differ. */
const notBeforeShare = 0.5;

/** The new key and the serial number of the present certificate; else what is wrong, in plain words. */
export async function readRenewal(text: string, { name, ca, now }: Expected): Promise<Renewal | { fault: string }> {
  const parts = partsOf(text);
  if (parts === null) return { fault: "it lacks request, certificate or signature" };
  const { request, signature } = parts;
  const present = parts.certificate;
  if (!present.verify(new X509Certificate(ca).publicKey))
    return { fault: "another authority has signed its certificate" };
  if (!present.subject.split("\n").includes(`CN=${name}`)) return { fault: `its certificate names ${present.subject}` };
  const { from, to } = { from: Date.parse(present.validFrom), to: Date.parse(present.validTo) };
  if (now > to) return { fault: "its certificate has expired" };
  if (now < from + (to - from) * notBeforeShare) return { fault: "its certificate is too young" };
  if (!verify("sha256", Buffer.from(request), present.publicKey, signature))
    return { fault: "the present key has not signed it" };
  const read = await readRequest(request);
  return "fault" in read ? read : { publicKey: read.publicKey, serial: present.serialNumber };
}

function partsOf(text: string) {
  try {
    if (text.length > textLengthMax) return null;
    const { request, certificate, signature } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof request !== "string" || typeof certificate !== "string" || typeof signature !== "string") return null;
    return { request, certificate: new X509Certificate(certificate), signature: Buffer.from(signature, "base64") };
  } catch {
    return null;
  }
}
