// The box's key files: at every step of a swap, cut short anywhere, a whole pair is there.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createAuthority, issueClient, type KeyPair } from "../../../config/certificates.js";
import { createRequest, readRequest, signRequest } from "../../../config/signing-requests.js";
import { PortcullisError } from "../../../edge/model/error.js";
import { openKeyChain } from "../../../edge/uplink/key-chain.js";

const name = "office.gatehouse";
const now = Date.now();
let authority: KeyPair;
let other: KeyPair;
let old: KeyPair;
beforeAll(async () => {
  authority = await createAuthority("authority", now);
  other = await createAuthority("other", now);
  old = await issueClient(authority, { name, now });
});

let folder: string;
const path = (file: string) => join(folder, "edges", `${name}.${file}`);
const open = () => openKeyChain({ ca: join(folder, "ca.pem"), cert: path("pem"), key: path("key") }, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-chain-"));
  mkdirSync(join(folder, "edges"));
  writeFileSync(join(folder, "ca.pem"), authority.certificate);
  writeFileSync(path("pem"), old.certificate);
  writeFileSync(path("key"), old.key);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function signed(request: string, by = authority, as = name): Promise<string> {
  const read = await readRequest(request);
  if ("fault" in read) throw new Error(read.fault);
  return signRequest(by, read.publicKey, { name: as, now });
}

/** Asks, and keeps what `by` has signed. */
async function taken(by = authority): Promise<string> {
  const keys = open();
  const key = await keys.requestKey(async () => (await createRequest(name)).key);
  const { request } = await createRequest(name, key);
  const certificate = await signed(request, by);
  keys.takeNext(certificate, by.certificate);
  return certificate;
}

const codeOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error instanceof PortcullisError ? error.trouble.code : error;
  }
};

it("keeps the present pair until the next one is promoted", async () => {
  const certificate = await taken();
  expect(open().present().tls.key).toBe(old.key);
  expect(open().next()?.tls.cert).toContain(certificate.trim());
  expect(statSync(path("next.key")).mode & 0o777).toBe(0o600);
  open().promote();
  expect(open().present().tls.cert).toContain(certificate.trim());
  expect([existsSync(path("next.key")), existsSync(path("next.pem"))]).toEqual([false, false]);
  expect(open().next()).toBeNull();
});

it("finishes a promotion that a power cut has ended half-way, and takes a new authority along", async () => {
  const certificate = await taken(other);
  expect(open().next()?.tls.ca).toBe(other.certificate);
  renameSync(path("next.key"), path("key"));
  const { tls } = open().present();
  expect(tls.cert).toContain(certificate.trim());
  expect(readFileSync(join(folder, "ca.pem"), "utf8")).toBe(other.certificate);
});

it("finishes a promotion that the disk has ended half-way, without a new start", async () => {
  const certificate = await taken(other);
  const keys = open();
  const obstacle = join(folder, "ca.pem.new");
  mkdirSync(obstacle);
  expect(() => keys.promote()).toThrow();
  expect(codeOf(() => keys.present())).toBe("keys.missing");
  rmSync(obstacle, { recursive: true });
  expect(keys.present().tls.cert).toContain(certificate.trim());
});

it("finishes a promotion before it makes another key", async () => {
  const certificate = await taken();
  renameSync(path("next.key"), path("key"));
  await open().requestKey(async () => (await createRequest(name)).key);
  expect(open().present().tls.cert).toContain(certificate.trim());
});

it("asks about the same key again when the answer was lost", async () => {
  const make = async () => (await createRequest(name)).key;
  const first = await open().requestKey(make);
  expect(await open().requestKey(make)).toBe(first);
  const [one, two] = await Promise.all([createRequest(name, first), createRequest(name, first)]);
  expect(one.key).toBe(two.key);
  expect(await readRequest(two.request)).not.toHaveProperty("fault");
});

it("keeps no certificate that is for another key, for another name, or of another authority than it says", async () => {
  const keys = open();
  const key = await keys.requestKey(async () => (await createRequest(name)).key);
  const { request } = await createRequest(name, key);
  const foreign = await signed((await createRequest(name)).request);
  expect(codeOf(() => keys.takeNext(foreign, authority.certificate))).toBe("keys.missing");
  const named = await signed(request, authority, "office.annex");
  expect(codeOf(() => keys.takeNext(named, authority.certificate))).toBe("keys.request-invalid");
  const strange = await signed(request, other);
  expect(codeOf(() => keys.takeNext(strange, authority.certificate))).toBe("keys.authority-unknown");
  expect(keys.next()).toBeNull();
});

it("says what is missing, and what does not belong together", async () => {
  writeFileSync(path("key"), (await createRequest(name)).key);
  expect(codeOf(() => open().present())).toBe("keys.missing");
  rmSync(path("pem"));
  expect(codeOf(() => open().present())).toBe("keys.missing");
  writeFileSync(path("pem"), old.certificate);
  writeFileSync(path("key"), old.key);
  writeFileSync(join(folder, "ca.pem"), other.certificate);
  expect(codeOf(() => open().present())).toBe("keys.authority-unknown");
});

it("says that the authority is unknown where its file is spoilt", () => {
  const spoilt = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
  writeFileSync(join(folder, "ca.pem"), spoilt);
  expect(codeOf(() => open().present())).toBe("keys.authority-unknown");
  writeFileSync(join(folder, "ca.pem"), spoilt + authority.certificate);
  expect(open().present().tls.key).toBe(old.key);
});

it("takes a torn next certificate for none", async () => {
  await taken();
  writeFileSync(path("next.pem"), "-----BEGIN CERTIFICATE-----");
  expect(open().next()).toBeNull();
  expect(open().present().tls.key).toBe(old.key);
});
