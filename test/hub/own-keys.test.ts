// The hub's own certificates are renewed at a start, for the same names, and a replacement that was cut short is finished.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ensureHubPki } from "../../config/hub-pki.js";
import { renewOwnKeys } from "../../hub/own-keys.js";

const dayMs = 86_400_000;
const made = Date.parse("2026-06-01T12:00:00Z");
let folder: string;
let troubles: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-own-"));
  troubles = [];
  await ensureHubPki(folder, { edges: [], hosts: ["gate.example", "10.0.0.5"], now: made });
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), "utf8");
const renew = (days: number) => renewOwnKeys(folder, made + days * dayMs, (detail) => troubles.push(detail));

it("leaves young ones as they are", async () => {
  const before = ["hub.pem", "hub.key", "intake.pem", "intake.key"].map(read);
  await renew(500);
  expect(["hub.pem", "hub.key", "intake.pem", "intake.key"].map(read)).toEqual(before);
});

it("renews both in their last third, with new keys and the same names", async () => {
  const old = { hub: new X509Certificate(read("hub.pem")), key: read("hub.key") };
  await renew(600);
  const hub = new X509Certificate(read("hub.pem"));
  expect(hub.subjectAltName).toBe(old.hub.subjectAltName);
  expect(Date.parse(hub.validTo)).toBeGreaterThan(made + 1400 * dayMs);
  expect(hub.checkPrivateKey(createPrivateKey(read("hub.key")))).toBe(true);
  expect(hub.verify(new X509Certificate(read("ca.pem")).publicKey)).toBe(true);
  expect(read("hub.key")).not.toBe(old.key);
  expect(statSync(join(folder, "hub.key")).mode & 0o777).toBe(0o600);
  expect(new X509Certificate(read("intake.pem")).subject).toBe("CN=hub-intake");
  expect(troubles).toEqual([]);
});

it("finishes what a power cut has ended between key and certificate", async () => {
  writeFileSync(join(folder, "intake.key"), read("hub.key"));
  await renew(1);
  const intake = new X509Certificate(read("intake.pem"));
  expect(intake.checkPrivateKey(createPrivateKey(read("intake.key")))).toBe(true);
});

it("says so when the authority's key is kept elsewhere", async () => {
  rmSync(join(folder, "ca.key"));
  await renew(500);
  expect(troubles).toEqual([]);
  await renew(600);
  expect(troubles).toEqual([expect.stringContaining("ca.key: ENOENT"), expect.stringContaining("ca.key: ENOENT")]);
});

it("says so when others can read the authority's key", async () => {
  chmodSync(join(folder, "ca.key"), 0o644);
  await renew(600);
  expect(troubles[0]).toContain("chmod 600");
});
