// Which certificates of OPC UA servers are believed: pin, chain, revocation, dates.
import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { certificatesIn, keep, keepCrl, move, readShelf, rejectedMax } from "../../../edge/field/opcua/pki-folder.js";
import { judge, objectionTo } from "../../../edge/field/opcua/trust.js";
import { fingerprintOf } from "../../../edge/machine/fingerprint.js";

x509.cryptoProvider.set(webcrypto);
const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 } as const;
const keys = await webcrypto.subtle.generateKey({ ...algorithm, publicExponent: new Uint8Array([1, 0, 1]) }, true, [
  "sign",
  "verify",
]);

const now = Date.parse("2026-06-01T00:00:00Z");
const year = 365 * 86_400_000;
const notBefore = new Date(now - year);
const notAfter = new Date(now + year);

interface Wanted {
  readonly name: string;
  readonly serial: string;
  readonly issuer?: string;
  readonly isCa?: boolean;
  readonly until?: Date;
}

/** All have one key: what tells them apart are names, serial numbers and dates. */
async function make({ name, serial, issuer = name, isCa = false, until = notAfter }: Wanted): Promise<X509Certificate> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: `CN=${name}`,
    issuer: `CN=${issuer}`,
    notBefore,
    notAfter: until,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(isCa, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return new X509Certificate(Buffer.from(certificate.rawData));
}

async function revocationList(...serials: string[]): Promise<Buffer> {
  const crl = await x509.X509CrlGenerator.create({
    issuer: "CN=Plant",
    thisUpdate: notBefore,
    nextUpdate: notAfter,
    entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: notBefore })),
    signingAlgorithm: algorithm,
    signingKey: keys.privateKey,
  });
  return Buffer.from(crl.rawData);
}

const authority = await make({ name: "Plant", serial: "01", isCa: true });
const issued = await make({ name: "Bollards", serial: "0a11", issuer: "Plant" });
const alone = await make({ name: "Gate", serial: "02" });
const expired = await make({ name: "Old gate", serial: "03", until: new Date(now - 1_000) });
const emptyList = await revocationList();
const list = await revocationList("0a11");

const folders: string[] = [];
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portcullis-trust-"));
  folders.push(dir);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const trust = (certificate: X509Certificate) => () => void keep(dir, "trusted", certificate);
const bring = (crl: Buffer) => () => void keepCrl(dir, crl, "plant");
const untrusted = "field.certificate-untrusted";
const invalid = "field.certificate-invalid";

describe("a server's certificate", () => {
  it.each([
    { is: "unknown", chain: [alone], given: [], code: untrusted },
    { is: "pinned", chain: [alone], given: [trust(alone)], code: null },
    { is: "unknown beside a pinned one", chain: [issued], given: [trust(alone)], code: untrusted },
    { is: "issued, its authority unknown", chain: [issued, authority], given: [], code: untrusted },
    { is: "issued, its authority trusted", chain: [issued], given: [trust(authority), bring(emptyList)], code: null },
    { is: "issued, no revocation list", chain: [issued], given: [trust(authority)], code: invalid },
    { is: "issued and revoked", chain: [issued], given: [trust(authority), bring(list)], code: invalid },
    { is: "pinned and revoked", chain: [issued, authority], given: [trust(issued), bring(list)], code: invalid },
    { is: "pinned and expired", chain: [expired], given: [trust(expired)], code: invalid },
  ])("that is $is: $code", ({ chain, given, code }) => {
    for (const prepare of given) prepare();
    const { refusal } = judge(dir, Buffer.concat(chain.map(({ raw }) => raw)), now);
    expect(refusal?.code ?? null).toBe(code);
  });

  it("is not looked at for dates while the clock was never set, but for trust and revocation", () => {
    trust(expired)();
    expect(judge(dir, expired.raw, null).refusal).toBeNull();
    expect(judge(dir, alone.raw, null).refusal?.code).toBe(untrusted);
    trust(authority)();
    bring(list)();
    expect(judge(dir, issued.raw, null).refusal?.code).toBe(invalid);
  });

  it("is kept under rejected when it is unknown, and the refusal names the remedy", () => {
    const { refusal } = judge(dir, alone.raw, now);
    expect(readShelf(dir, "rejected").map(({ certificate }) => certificate.serialNumber)).toEqual(["02"]);
    expect(refusal?.detail).toContain(`portcullis keys trust ${fingerprintOf(alone).slice(0, 16)} --data DIR`);
  });

  it("is refused all the same when it cannot be stored, and the refusal says so", () => {
    writeFileSync(join(dir, "rejected"), "");
    expect(judge(dir, alone.raw, now).refusal).toMatchObject({
      code: untrusted,
      detail: expect.stringContaining("could not be stored"),
    });
  });

  it("that is rubbish is refused, and rubbish in the folders hides nobody", () => {
    expect(judge(dir, Buffer.from("rubbish"), now).refusal?.code).toBe(invalid);
    trust(alone)();
    writeFileSync(join(dir, "trusted/certs/notes.txt"), "rubbish");
    mkdirSync(join(dir, "trusted/crl"));
    writeFileSync(join(dir, "trusted/crl/torn.crl"), "rubbish");
    expect(judge(dir, alone.raw, now).refusal).toBeNull();
  });
});

describe("a server that was believed", () => {
  const untrust = (certificate: X509Certificate) => () => {
    for (const kept of readShelf(dir, "trusted"))
      if (fingerprintOf(kept.certificate) === fingerprintOf(certificate)) move(dir, kept, "rejected");
  };
  const removeFolder = () => rmSync(dir, { recursive: true });

  it.each([
    { when: "nothing has changed", given: [], says: null },
    { when: "its authority is rejected", given: [untrust(authority)], says: "fingerprint" },
    { when: "another authority is rejected", given: [trust(alone), untrust(alone)], says: null },
    { when: "its authority brings a list that names it", given: [bring(list)], says: "revoked" },
    { when: "the disk is gone", given: [removeFolder], says: null },
  ])("by its authority, is objected to when $when: $says", ({ given, says }) => {
    trust(authority)();
    bring(emptyList)();
    const { refusal, path } = judge(dir, issued.raw, now);
    expect(refusal).toBeNull();
    for (const change of given) change();
    const objection = objectionTo(dir, issued.raw, path);
    expect(objection).toEqual(says === null ? null : expect.stringContaining(says));
    mkdirSync(dir, { recursive: true });
  });
});

it("keeps no more refused certificates than its limit", () => {
  mkdirSync(join(dir, "rejected"));
  for (let n = 0; n < rejectedMax + 5; n += 1) writeFileSync(join(dir, "rejected", `${n}.pem`), "");
  keep(dir, "rejected", alone);
  expect(readdirSync(join(dir, "rejected"))).toHaveLength(rejectedMax);
  expect(readShelf(dir, "rejected")).toHaveLength(1);
});

it("reads PEM and DER, one certificate or a chain", () => {
  const serials = (bytes: Buffer) => certificatesIn(bytes).map(({ serialNumber }) => serialNumber);
  expect(serials(Buffer.concat([issued.raw, authority.raw]))).toEqual(["0A11", "01"]);
  expect(serials(Buffer.from(`${issued.toString()}\n${authority.toString()}`))).toEqual(["0A11", "01"]);
  expect(serials(issued.raw.subarray(0, 100))).toEqual([]);
});
