// Certificates of boxes at the hub, without sockets: who gets one, for how long it counts, and what the chain says of it.
import "reflect-metadata";
import { createHash, sign, X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAuthority, issueClient, type KeyPair } from "../../config/certificates.js";
import { createRequest, type SigningRequest } from "../../config/signing-requests.js";
import { createRandom } from "../../edge/machine/random.js";
import { PortcullisError } from "../../edge/model/error.js";
import { type Admission, isAdmitted } from "../../hub/broker/admission.js";
import { BoxCertificates } from "../../hub/broker/certificates.js";
import { codeMinutes, codesMax } from "../../hub/broker/codes.js";
import type { OwnFact } from "../../hub/ledger/ledger.js";

const noon = Date.parse("2026-06-01T12:00:00.000Z");
const dayMs = 86_400_000;
const gatehouse = "office.gatehouse";
let authority: KeyPair;
let stranger: KeyPair;
beforeAll(async () => {
  authority = await createAuthority("authority", noon);
  stranger = await createAuthority("somebody else", noon);
});

let folder: string;
let now: number;
let facts: OwnFact[];
let admission: Admission | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-keys-"));
  writeFileSync(join(folder, "ca.pem"), authority.certificate);
  writeFileSync(join(folder, "ca.key"), authority.key, { mode: 0o600 });
  now = noon;
  facts = [];
  admission = null;
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(listed: readonly string[] = [gatehouse, "office.annex"]): BoxCertificates {
  return new BoxCertificates({
    pkiDir: folder,
    isListed: (name) => listed.includes(name),
    clock: { mono: () => now - noon, now: () => ({ boot: "b", mono: now - noon, wall: now, clock: "synchronised" }) },
    random: createRandom(),
    act: async (...own) => facts.push(...own),
    changed: (next) => {
      admission = next;
    },
    trouble: (detail) => expect.unreachable(detail),
  });
}

const serialOf = (pem: string) => new X509Certificate(pem).serialNumber;
const types = () => facts.map(({ type }) => type);
const codeOf = (error: unknown) => (error instanceof PortcullisError ? error.trouble.code : error);
const admits = (hub: BoxCertificates, pem: string) => isAdmitted(hub.admission(), gatehouse, serialOf(pem));

async function enrolled(hub: BoxCertificates, name = gatehouse) {
  const { code } = await hub.makeCode(name, "li");
  const own = await createRequest("whatever it calls itself");
  return { ...own, code, ...(await hub.enrol({ code, request: own.request }, "10.0.0.5")) };
}

/** What a box sends that has this pair. */
function renewal(present: { certificate: string; key: string }, next: SigningRequest): string {
  const { request } = next;
  const signature = sign("sha256", Buffer.from(request), present.key).toString("base64");
  return JSON.stringify({ request, certificate: present.certificate, signature });
}

describe("a replacement", () => {
  const replaced = async (hub: BoxCertificates) => {
    const { code } = await hub.makeCode(gatehouse, "li", true);
    const own = await createRequest("spare");
    return { ...own, code, ...(await hub.replace({ code, request: own.request }, "10.0.0.7")) };
  };

  it("shuts the old box out at once, before the new one has connected, and every certificate of its name", async () => {
    const hub = open();
    const old = await enrolled(hub);
    hub.connected(gatehouse, "AB12");
    const annex = await enrolled(hub, "office.annex");
    const spare = await replaced(hub);
    expect(spare.replaced).toEqual([serialOf(old.certificate), "AB12"]);
    expect([admits(hub, old.certificate), admits(hub, spare.certificate)]).toEqual([false, true]);
    expect(isAdmitted(hub.admission(), "office.annex", serialOf(annex.certificate))).toBe(true);
    expect(admission).toEqual(hub.admission());
    const revoked = facts.filter(({ type }) => type === "certificate.revoked");
    expect(revoked.map(({ data }) => data["serial"])).toEqual([serialOf(old.certificate), "AB12", "all"]);
    expect(revoked[0]?.data).toMatchObject({ by: "li", reason: expect.stringContaining("replaced with the code") });
  });

  it("answers the same key again with the same, and takes nothing more from anybody", async () => {
    const hub = open();
    await enrolled(hub);
    const { code, request, certificate, replaced: serials } = await replaced(hub);
    const said = facts.length;
    const again = await open().replace({ code, request }, "10.0.0.7");
    expect(again).toMatchObject({ certificate, replaced: serials });
    expect(facts).toHaveLength(said);
    const { request: other } = await createRequest("other");
    expect(await hub.replace({ code, request: other }, "").catch(codeOf)).toBe("keys.code-refused");
    expect(admits(hub, certificate)).toBe(true);
  });

  it("wants a code of its own, as enrolment does; a code for the other use is not used up and shuts nobody out", async () => {
    const hub = open();
    const old = await enrolled(hub);
    const { request } = await createRequest("spare");
    const plain = await hub.makeCode(gatehouse, "li");
    expect(await hub.replace({ code: plain.code, request }, "").catch(codeOf)).toBe("keys.code-other-use");
    expect(hub.codes()).toHaveLength(1);
    const other = await hub.makeCode(gatehouse, "li", true);
    expect(facts.at(-1)).toMatchObject({ type: "enrolment.code-made", data: { replaces: true } });
    expect(await hub.enrol({ code: other.code, request }, "").catch(codeOf)).toBe("keys.code-other-use");
    expect(hub.codes()).toMatchObject([{ replaces: true }]);
    expect(admits(hub, old.certificate)).toBe(true);
  });
});

describe("enrolment", () => {
  it("signs the box's own key for the name of the code, whatever the request says", async () => {
    const hub = open();
    const box = await enrolled(hub);
    const certificate = new X509Certificate(box.certificate);
    expect(certificate.subject).toBe(`CN=${gatehouse}`);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(box).toMatchObject({ name: gatehouse, ca: authority.certificate });
    expect(facts).toMatchObject([
      { type: "enrolment.code-made", data: { site: "office", edge: "gatehouse", by: "li" } },
      { type: "certificate.issued", data: { via: "enrolment", by: "li", serial: certificate.serialNumber } },
    ]);
  });

  it("takes a code once; the same key may ask again, because an answer can get lost", async () => {
    const hub = open();
    const { code, request, certificate } = await enrolled(hub);
    const again = await hub.enrol({ code, request }, "10.0.0.5");
    expect(again.certificate).toBe(certificate);
    const other = await createRequest("other");
    const refused = await hub.enrol({ code, request: other.request }, "10.0.0.6").catch(codeOf);
    expect(refused).toBe("keys.code-refused");
    expect(facts.at(-1)).toMatchObject({ type: "enrolment.refused", data: { address: "10.0.0.6" } });
    expect(hub.list()).toHaveLength(1);
  });

  it("takes a code as a person types it, and after a restart of the hub", async () => {
    const { code } = await open().makeCode(gatehouse, "li");
    const { request } = await createRequest("x");
    const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
    expect((await open().enrol({ code: typed, request }, "")).name).toBe(gatehouse);
  });

  it.each([
    ["is over", codeMinutes * 60_000, (made: string) => made],
    ["was never given", 0, () => "AAAA-AAAA-AAAA-AAAA"],
  ])("refuses a code that %s", async (_what, laterMs, spoil) => {
    const hub = open();
    const { code } = await hub.makeCode(gatehouse, "li");
    const { request } = await createRequest("x");
    now += laterMs;
    expect(await hub.enrol({ code: spoil(code), request }, "").catch(codeOf)).toBe("keys.code-refused");
    expect(hub.list()).toEqual([]);
  });

  it("refuses a code that was withdrawn or replaced by a newer one, and one for a box that is listed no more", async () => {
    const hub = open();
    const { request } = await createRequest("x");
    const first = await hub.makeCode(gatehouse, "li");
    const second = await hub.makeCode(gatehouse, "li");
    expect(await hub.enrol({ code: first.code, request }, "").catch(codeOf)).toBe("keys.code-refused");
    expect(await hub.withdrawCode(second.entry.id, "li")).toBe(true);
    expect(await hub.withdrawCode(second.entry.id, "li")).toBe(false);
    expect(await hub.enrol({ code: second.code, request }, "").catch(codeOf)).toBe("keys.code-refused");
    const { code } = await hub.makeCode(gatehouse, "li");
    expect(await open([]).enrol({ code, request }, "").catch(codeOf)).toBe("keys.code-refused");
  });

  it("refuses a box that takes itself for another than the code's, and does not use the code up", async () => {
    const hub = open();
    const { code } = await hub.makeCode(gatehouse, "li");
    const { request } = await createRequest("x");
    const asked = { code, request, name: "office.annex" };
    expect(await hub.enrol(asked, "").catch(codeOf)).toBe("keys.code-refused");
    expect((await hub.enrol({ ...asked, name: gatehouse }, "")).name).toBe(gatehouse);
  });

  it("keeps no code in clear, and its key files to itself", async () => {
    const hub = open();
    const { code } = await hub.makeCode(gatehouse, "li");
    const text = readFileSync(join(folder, "enrolment-codes.json"), "utf8");
    expect(text).not.toContain(code);
    expect(text).toContain(createHash("sha256").update(code.replaceAll("-", "")).digest("hex"));
  });

  it("has a limit for codes that are open", async () => {
    const hub = open();
    for (let made = 0; made < codesMax; made += 1) await hub.makeCode(`office.box-${made}`, "li");
    expect(await hub.makeCode(gatehouse, "li").catch(codeOf)).toBe("keys.too-many");
  });

  it("refuses a request that its own key has not signed, that is of another curve, or that is none", async () => {
    const hub = open();
    const { code } = await hub.makeCode(gatehouse, "li");
    const good = await createRequest("x");
    const der = Buffer.from(x509.PemConverter.decodeFirst(good.request));
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    const curve = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
    const keys = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
    const other = await x509.Pkcs10CertificateRequestGenerator.create({ name: "CN=x", keys, signingAlgorithm: curve });
    const requests = [x509.PemConverter.encode(der, "CERTIFICATE REQUEST"), other.toString("pem"), "rubbish", good.key];
    for (const request of requests)
      expect(await hub.enrol({ code, request }, "").catch(codeOf)).toBe("keys.request-invalid");
    expect((await hub.enrol({ code, request: good.request }, "")).name).toBe(gatehouse);
  });

  it.each([
    ["is not there", () => rmSync(join(folder, "ca.key"))],
    ["belongs to another authority", () => writeFileSync(join(folder, "ca.key"), stranger.key)],
    ["others can read", () => chmodSync(join(folder, "ca.key"), 0o644)],
    ["is rubbish", () => writeFileSync(join(folder, "ca.key"), "rubbish")],
  ])("says so when the authority's key %s, and uses no code up", async (_what, spoil) => {
    const hub = open();
    const { code } = await hub.makeCode(gatehouse, "li");
    const { request } = await createRequest("x");
    spoil();
    expect(await hub.enrol({ code, request }, "").catch(codeOf)).toBe("keys.authority-missing");
    expect(await hub.makeCode("office.annex", "li").catch(codeOf)).toBe("keys.authority-missing");
    writeFileSync(join(folder, "ca.key"), authority.key);
    chmodSync(join(folder, "ca.key"), 0o600);
    expect((await hub.enrol({ code, request }, "")).name).toBe(gatehouse);
  });
});

describe("renewal", () => {
  it("signs a new key for a box that shows its certificate and signs with its key", async () => {
    const hub = open();
    const box = await enrolled(hub);
    now += 600 * dayMs;
    const answer = await hub.renew(gatehouse, renewal(box, await createRequest("x")));
    if (!("certificate" in answer)) throw new Error(answer.code);
    expect(new X509Certificate(answer.certificate).subject).toBe(`CN=${gatehouse}`);
    expect(Date.parse(new X509Certificate(answer.certificate).validTo)).toBeGreaterThan(now + 800 * dayMs);
    expect(facts.at(-1)).toMatchObject({ type: "certificate.issued", data: { via: "renewal", by: gatehouse } });
  });

  it("also for a certificate that was made by hand with the authority's key", async () => {
    const hub = open();
    const pair = await issueClient(authority, { name: gatehouse, now });
    now += 600 * dayMs;
    expect(await hub.renew(gatehouse, renewal(pair, await createRequest("x")))).toHaveProperty("certificate");
  });

  const spoilt: readonly [string, (box: KeyPair, next: SigningRequest) => Promise<string> | string][] = [
    [
      "another box's certificate",
      async (_, next) => renewal(await issueClient(authority, { name: "office.annex", now: noon }), next),
    ],
    [
      "a certificate of another authority",
      async (_, next) => renewal(await issueClient(stranger, { name: gatehouse, now: noon }), next),
    ],
    [
      "an expired certificate",
      async (_, next) => renewal(await issueClient(authority, { name: gatehouse, now: noon - 900 * dayMs }), next),
    ],
    [
      "a young certificate",
      async (_, next) => renewal(await issueClient(authority, { name: gatehouse, now: noon + 599 * dayMs }), next),
    ],
    ["a signature of another key", async (box, next) => renewal({ ...box, key: (await createRequest("y")).key }, next)],
    [
      "a name that only begins like it",
      async (_, next) => renewal(await issueClient(authority, { name: `${gatehouse}2`, now: noon }), next),
    ],
    ["rubbish", () => "rubbish"],
    ["nothing", () => "null"],
  ];
  it.each(spoilt)("refuses %s, and records it", async (_what, make) => {
    const hub = open();
    const box = await enrolled(hub);
    now += 600 * dayMs;
    const text = await make(box, await createRequest("x"));
    expect(await hub.renew(gatehouse, text)).toEqual({ code: "keys.request-invalid" });
    expect(types().at(-1)).toBe("certificate.refused");
  });

  it("refuses a revoked certificate, and asks that come too often", async () => {
    const hub = open();
    const box = await enrolled(hub);
    now += 600 * dayMs;
    await hub.revoke(gatehouse, "li", "stolen");
    expect(await hub.renew(gatehouse, renewal(box, await createRequest("x")))).toEqual({
      code: "keys.request-invalid",
    });
    const before = facts.length;
    expect(await hub.renew(gatehouse, renewal(box, await createRequest("x")))).toEqual({ code: "api.throttled" });
    expect(facts).toHaveLength(before);
  });

  it("gives a box no more than its number of certificates", async () => {
    const hub = open();
    const box = await enrolled(hub);
    now += 600 * dayMs;
    const codes: unknown[] = [];
    for (let asked = 0; asked < 9; asked += 1) {
      now += 10_000;
      const answer = await hub.renew(gatehouse, renewal(box, await createRequest("x")));
      codes.push("code" in answer ? answer.code : "signed");
    }
    expect(codes).toEqual([...Array(7).fill("signed"), "keys.too-many", "keys.too-many"]);
  });
});

describe("revocation", () => {
  it("takes every certificate of a box's name its force, known or not, until a new enrolment", async () => {
    const hub = open();
    const byHand = await issueClient(authority, { name: gatehouse, now });
    const neverMet = await issueClient(authority, { name: gatehouse, now });
    const annex = await issueClient(authority, { name: "office.annex", now });
    hub.connected(gatehouse, serialOf(byHand.certificate));
    const box = await enrolled(hub);
    expect([byHand, neverMet, box].map(({ certificate }) => admits(hub, certificate))).toEqual([true, true, true]);
    await hub.revoke(gatehouse, "li", "stolen");
    expect(admission).toEqual(hub.admission());
    expect([byHand, neverMet, box].map(({ certificate }) => admits(hub, certificate))).toEqual([false, false, false]);
    expect(isAdmitted(hub.admission(), "office.annex", serialOf(annex.certificate))).toBe(true);
    expect(hub.isAdmitted(gatehouse)).toBe(false);
    const next = await enrolled(hub);
    const again = open();
    expect([byHand, neverMet, box, next].map(({ certificate }) => admits(again, certificate))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(again.isAdmitted(gatehouse)).toBe(true);
    expect(facts.filter(({ type }) => type === "certificate.revoked")).toHaveLength(3);
  });

  it("of the old certificate follows the first login with the new one, not its issue", async () => {
    const hub = open();
    const old = await enrolled(hub);
    hub.connected(gatehouse, serialOf(old.certificate));
    now += 1000;
    const next = await enrolled(hub);
    expect([admits(hub, old.certificate), admits(hub, next.certificate)]).toEqual([true, true]);
    hub.connected(gatehouse, serialOf(old.certificate));
    expect([admits(hub, old.certificate), admits(hub, next.certificate)]).toEqual([true, true]);
    hub.connected(gatehouse, serialOf(next.certificate));
    expect([admits(hub, old.certificate), admits(hub, next.certificate)]).toEqual([false, true]);
    expect(hub.list()).toMatchObject([
      { revoked: { by: "hub", reason: expect.stringContaining(serialOf(next.certificate)) }, connected: false },
      { revoked: null, connected: true },
    ]);
  });

  it("by the command line is taken in by a running hub and recorded once", async () => {
    const hub = open();
    const box = await enrolled(hub);
    const { openRegister, revocationsOf } = await import("../../hub/broker/register.js");
    const beside = openRegister(folder, now);
    beside.revoke(...revocationsOf(beside, gatehouse, { at: "2026-06-01T12:00:00.000Z", by: "root", reason: "lost" }));
    expect(admits(hub, box.certificate)).toBe(true);
    hub.look();
    expect(admits(hub, box.certificate)).toBe(false);
    await hub.revoke("office.annex", "li", "x");
    hub.look();
    await open().revoke("office.annex", "li", "y");
    const revoked = facts.filter(({ type, subject }) => type === "certificate.revoked" && subject === "gatehouse");
    expect(revoked).toMatchObject([{ data: { by: "root", reason: "lost" } }, { data: { serial: "all" } }]);
  });

  it("does not slip away with a damaged file: the hub does not start", () => {
    open();
    writeFileSync(join(folder, "revoked", "AB.json"), "{");
    expect(() => open()).toThrow(/keys.register-damaged/);
    expect(readdirSync(folder)).toContain("revoked");
  });
});
