// Certificates of boxes at the hub, without sockets: who gets one by a code, and whom a replacement shuts out.
import "reflect-metadata";
import { createHash, X509Certificate } from "node:crypto";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { createRequest } from "../../config/signing-requests.js";
import { isAdmitted } from "../../hub/broker/admission.js";
import type { BoxCertificates } from "../../hub/broker/certificates.js";
import { codeMinutes, codesMax } from "../../hub/broker/codes.js";
import { admits, codeOf, eachAtHub, enrolled, gatehouse, serialOf } from "./at-hub.js";

const at = eachAtHub();
const { open } = at;

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
    expect(at.admission).toEqual(hub.admission());
    const revoked = at.facts.filter(({ type }) => type === "certificate.revoked");
    expect(revoked.map(({ data }) => data["serial"])).toEqual([serialOf(old.certificate), "AB12", "all"]);
    expect(revoked[0]?.data).toMatchObject({ by: "li", reason: expect.stringContaining("replaced with the code") });
  });

  it("answers the same key again with the same, and takes nothing more from anybody", async () => {
    const hub = open();
    await enrolled(hub);
    const { code, request, certificate, replaced: serials } = await replaced(hub);
    const said = at.facts.length;
    const again = await open().replace({ code, request }, "10.0.0.7");
    expect(again).toMatchObject({ certificate, replaced: serials });
    expect(at.facts).toHaveLength(said);
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
    expect(at.facts.at(-1)).toMatchObject({ type: "enrolment.code-made", data: { replaces: true } });
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
    expect(certificate.verify(new X509Certificate(at.authority.certificate).publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(box).toMatchObject({ name: gatehouse, ca: at.authority.certificate });
    expect(at.facts).toMatchObject([
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
    expect(at.facts.at(-1)).toMatchObject({ type: "enrolment.refused", data: { address: "10.0.0.6" } });
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
    at.now += laterMs;
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
    const text = readFileSync(join(at.folder, "enrolment-codes.json"), "utf8");
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
    ["is not there", () => rmSync(join(at.folder, "ca.key"))],
    ["belongs to another authority", () => writeFileSync(join(at.folder, "ca.key"), at.stranger.key)],
    ["others can read", () => chmodSync(join(at.folder, "ca.key"), 0o644)],
    ["is rubbish", () => writeFileSync(join(at.folder, "ca.key"), "rubbish")],
  ])("says so when the authority's key %s, and uses no code up", async (_what, spoil) => {
    const hub = open();
    const { code } = await hub.makeCode(gatehouse, "li");
    const { request } = await createRequest("x");
    spoil();
    expect(await hub.enrol({ code, request }, "").catch(codeOf)).toBe("keys.authority-missing");
    expect(await hub.makeCode("office.annex", "li").catch(codeOf)).toBe("keys.authority-missing");
    writeFileSync(join(at.folder, "ca.key"), at.authority.key);
    chmodSync(join(at.folder, "ca.key"), 0o600);
    expect((await hub.enrol({ code, request }, "")).name).toBe(gatehouse);
  });
});
