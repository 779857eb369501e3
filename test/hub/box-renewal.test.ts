// Certificates of boxes at the hub, without sockets: for how long they count, and how one is taken its force.
import "reflect-metadata";
import { sign, X509Certificate } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { issueClient, type KeyPair } from "../../config/certificates.js";
import { createRequest, type SigningRequest } from "../../config/signing-requests.js";
import { isAdmitted } from "../../hub/broker/admission.js";
import { admits, dayMs, eachAtHub, enrolled, gatehouse, noon, serialOf } from "./at-hub.js";

const at = eachAtHub();
const { open } = at;
const types = () => at.facts.map(({ type }) => type);

/** What a box sends that has this pair. */
function renewal(present: { certificate: string; key: string }, next: SigningRequest): string {
  const { request } = next;
  const signature = sign("sha256", Buffer.from(request), present.key).toString("base64");
  return JSON.stringify({ request, certificate: present.certificate, signature });
}

describe("renewal", () => {
  it("signs a new key for a box that shows its certificate and signs with its key", async () => {
    const hub = open();
    const box = await enrolled(hub);
    at.now += 600 * dayMs;
    const answer = await hub.renew(gatehouse, renewal(box, await createRequest("x")));
    if (!("certificate" in answer)) throw new Error(answer.code);
    expect(new X509Certificate(answer.certificate).subject).toBe(`CN=${gatehouse}`);
    expect(Date.parse(new X509Certificate(answer.certificate).validTo)).toBeGreaterThan(at.now + 800 * dayMs);
    expect(at.facts.at(-1)).toMatchObject({ type: "certificate.issued", data: { via: "renewal", by: gatehouse } });
  });

  it("also for a certificate that was made by hand with the authority's key", async () => {
    const hub = open();
    const pair = await issueClient(at.authority, { name: gatehouse, now: at.now });
    at.now += 600 * dayMs;
    expect(await hub.renew(gatehouse, renewal(pair, await createRequest("x")))).toHaveProperty("certificate");
  });

  const spoilt: readonly [string, (box: KeyPair, next: SigningRequest) => Promise<string> | string][] = [
    [
      "another box's certificate",
      async (_, next) => renewal(await issueClient(at.authority, { name: "office.annex", now: noon }), next),
    ],
    [
      "a certificate of another authority",
      async (_, next) => renewal(await issueClient(at.stranger, { name: gatehouse, now: noon }), next),
    ],
    [
      "an expired certificate",
      async (_, next) => renewal(await issueClient(at.authority, { name: gatehouse, now: noon - 900 * dayMs }), next),
    ],
    [
      "a young certificate",
      async (_, next) => renewal(await issueClient(at.authority, { name: gatehouse, now: noon + 599 * dayMs }), next),
    ],
    ["a signature of another key", async (box, next) => renewal({ ...box, key: (await createRequest("y")).key }, next)],
    [
      "a name that only begins like it",
      async (_, next) => renewal(await issueClient(at.authority, { name: `${gatehouse}2`, now: noon }), next),
    ],
    ["rubbish", () => "rubbish"],
    ["nothing", () => "null"],
  ];
  it.each(spoilt)("refuses %s, and records it", async (_what, make) => {
    const hub = open();
    const box = await enrolled(hub);
    at.now += 600 * dayMs;
    const text = await make(box, await createRequest("x"));
    expect(await hub.renew(gatehouse, text)).toEqual({ code: "keys.request-invalid" });
    expect(types().at(-1)).toBe("certificate.refused");
  });

  it("refuses a revoked certificate, and asks that come too often", async () => {
    const hub = open();
    const box = await enrolled(hub);
    at.now += 600 * dayMs;
    await hub.revoke(gatehouse, "li", "stolen");
    expect(await hub.renew(gatehouse, renewal(box, await createRequest("x")))).toEqual({
      code: "keys.request-invalid",
    });
    const before = at.facts.length;
    expect(await hub.renew(gatehouse, renewal(box, await createRequest("x")))).toEqual({ code: "api.throttled" });
    expect(at.facts).toHaveLength(before);
  });

  it("gives a box no more than its number of certificates", async () => {
    const hub = open();
    const box = await enrolled(hub);
    at.now += 600 * dayMs;
    const codes: unknown[] = [];
    for (let asked = 0; asked < 9; asked += 1) {
      at.now += 10_000;
      const answer = await hub.renew(gatehouse, renewal(box, await createRequest("x")));
      codes.push("code" in answer ? answer.code : "signed");
    }
    expect(codes).toEqual([...Array(7).fill("signed"), "keys.too-many", "keys.too-many"]);
  });
});

describe("revocation", () => {
  it("takes every certificate of a box's name its force, known or not, until a new enrolment", async () => {
    const hub = open();
    const byHand = await issueClient(at.authority, { name: gatehouse, now: at.now });
    const neverMet = await issueClient(at.authority, { name: gatehouse, now: at.now });
    const annex = await issueClient(at.authority, { name: "office.annex", now: at.now });
    hub.connected(gatehouse, serialOf(byHand.certificate));
    const box = await enrolled(hub);
    expect([byHand, neverMet, box].map(({ certificate }) => admits(hub, certificate))).toEqual([true, true, true]);
    await hub.revoke(gatehouse, "li", "stolen");
    expect(at.admission).toEqual(hub.admission());
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
    expect(at.facts.filter(({ type }) => type === "certificate.revoked")).toHaveLength(3);
  });

  it("of the old certificate follows the first login with the new one, not its issue", async () => {
    const hub = open();
    const old = await enrolled(hub);
    hub.connected(gatehouse, serialOf(old.certificate));
    at.now += 1000;
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
    const beside = openRegister(at.folder, at.now);
    beside.revoke(...revocationsOf(beside, gatehouse, { at: "2026-06-01T12:00:00.000Z", by: "root", reason: "lost" }));
    expect(admits(hub, box.certificate)).toBe(true);
    hub.look();
    expect(admits(hub, box.certificate)).toBe(false);
    await hub.revoke("office.annex", "li", "x");
    hub.look();
    await open().revoke("office.annex", "li", "y");
    const revoked = at.facts.filter(({ type, subject }) => type === "certificate.revoked" && subject === "gatehouse");
    expect(revoked).toMatchObject([{ data: { by: "root", reason: "lost" } }, { data: { serial: "all" } }]);
  });

  it("does not slip away with a damaged file: the hub does not start", () => {
    open();
    writeFileSync(join(at.folder, "revoked", "AB.json"), "{");
    expect(() => open()).toThrow(/keys.register-damaged/);
    expect(readdirSync(at.folder)).toContain("revoked");
  });
});
