// What every way of letting a box in has in common: how its hub is known, the box's key, and the certificate that it is given.
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { edgeName } from "../config/certificate-names.js";
import { createRequest } from "../config/signing-requests.js";
import { fingerprintOf } from "../edge/machine/fingerprint.js";
import { PortcullisError, refusal } from "../edge/model/error.js";
import { openKeyChain } from "../edge/uplink/key-chain.js";
import { postPinned } from "./pinned-post.js";

export interface EnrolOptions {
  readonly data: string;
  readonly site: string;
  readonly edge: string;
  readonly hub: string;
  readonly code?: string;
  readonly fingerprint?: string;
  readonly ca?: string;
}

/** Keeps a code out of the list of processes. */
export const codeVariable = "PORTCULLIS_ENROLMENT_CODE";

export function withHub(command: Command): Command {
  return command
    .requiredOption("--hub <url>", "https://HOST:PORT of the hub's console")
    .option("--code <code>", `one-time code of the hub's administrator; or in ${codeVariable}`)
    .option("--fingerprint <sha256>", "of the hub's authority, as it came with the code")
    .option("--ca <file>", "the hub's ca.pem instead of its fingerprint; beside it: the authority of the hub's page");
}

export interface Enrolment {
  readonly name: string;
  readonly serial: string;
  readonly expiresAt: string;
  readonly authority: string;
  /** All that the hub has answered. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Asks at `path`, and keeps the certificate beside the present one. @throws PortcullisError `keys.*`, `api.no-answer`. */
export async function enrolAt(
  path: string,
  { data, hub, site, edge, code = process.env[codeVariable], ...options }: EnrolOptions,
  answerBytesMax?: number,
): Promise<Enrolment> {
  const name = edgeName(site, edge);
  const pki = join(data, "pki");
  const stem = join(pki, "edges", name);
  if (code === undefined) throw refusal("keys.code-refused", "--code", "there is none");
  if (!URL.canParse(hub)) throw refusal("keys.authority-unknown", hub, "it is no https:// address");
  const pin = pinOf(options, join(pki, "ca.pem"));
  const keys = openKeyChain({ ca: join(pki, "ca.pem"), cert: `${stem}.pem`, key: `${stem}.key` }, name);
  const key = await keys.requestKey(async () => (await createRequest(name)).key);
  const { request } = await createRequest(name, key);
  const shown = options.fingerprint !== undefined && options.ca !== undefined ? pinOf({ ca: options.ca }, "") : pin;
  const said = await postPinned(new URL(path, hub), shown, { code, request, name }, answerBytesMax);
  const answer = said as Readonly<Record<string, unknown>>;
  const { certificate, ca, expiresAt } = answer as Readonly<Record<string, string>>;
  if (certificate === undefined || ca === undefined || authorityOf(answer) !== pin)
    throw refusal("keys.authority-unknown", hub, "the answer is of another authority");
  keys.takeNext(certificate, ca);
  const serial = new X509Certificate(certificate).serialNumber;
  return { name, serial, expiresAt: expiresAt ?? "", authority: pin, answer };
}

/** Trust on first use is not enough: the authority is known by its fingerprint, a file, or from an earlier enrolment. */
function pinOf({ fingerprint, ca }: Pick<EnrolOptions, "fingerprint" | "ca">, known: string): string {
  if (fingerprint !== undefined) {
    const digits = fingerprint.replaceAll(/[^0-9A-Fa-f]/g, "").toLowerCase();
    if (digits.length === 64) return digits;
    throw refusal("keys.authority-unknown", "--fingerprint", "wanted are 64 hexadecimal digits");
  }
  const file = ca ?? known;
  if (!existsSync(file)) throw refusal("keys.authority-unknown", file, "give --fingerprint or --ca");
  return authorityIn(file);
}

/** @throws PortcullisError `keys.authority-unknown` for what is no certificate. */
function authorityIn(file: string): string {
  try {
    return fingerprintOf(new X509Certificate(readFileSync(file)));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new PortcullisError(
      { code: "keys.authority-unknown", place: file, detail: `no certificate (PEM): ${detail}` },
      { cause },
    );
  }
}

/** Of an answer that has one; null for an answer that does not. */
function authorityOf(answer: Readonly<Record<string, unknown>>): string | null {
  try {
    return fingerprintOf(new X509Certificate(String(answer["ca"])));
  } catch {
    // Whoever answers so is told to be somebody else.
    return null;
  }
}
