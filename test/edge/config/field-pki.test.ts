// The keys of the field bus: made once, kept, made anew only where no device notices.
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureDevice, ensureFieldPki, revokeDevice } from "../../../config/field-pki.js";

const now = Date.parse("2026-11-01T00:00:00Z");
const yearMs = 365 * 86_400_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portcullis-field-pki-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (name: string) => readFile(join(folder, name), "utf8");
const certificate = async (name: string) => new X509Certificate(await text(name));

describe("the keys of the field bus", () => {
  it("are made whole, keys for the owner alone, and stay as they are", async () => {
    await ensureFieldPki(folder, { hosts: ["192.0.2.1"], now });
    const before = await Promise.all(["ca.pem", "ca.key", "broker.pem", "broker.key"].map(text));
    await ensureFieldPki(folder, { hosts: ["192.0.2.1"], now: now + yearMs });
    expect(await Promise.all(["ca.pem", "ca.key", "broker.pem", "broker.key"].map(text))).toEqual(before);
    for (const key of ["ca.key", "broker.key"]) expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["the box has another name", { hosts: ["192.0.2.1", "box.local"], now }],
    ["it ends within a year", { hosts: ["192.0.2.1"], now: now + 9.5 * yearMs }],
  ])("give the broker another certificate of the same authority when %s", async (_what, next) => {
    await ensureFieldPki(folder, { hosts: ["192.0.2.1"], now });
    const [authority, broker] = [await text("ca.pem"), await text("broker.pem")];
    await ensureFieldPki(folder, next);
    expect(await text("ca.pem")).toBe(authority);
    expect(await text("broker.pem")).not.toBe(broker);
    expect((await certificate("broker.pem")).verify((await certificate("ca.pem")).publicKey)).toBe(true);
  });

  it("are good from 2026 on when they are made by a clock of 1970", async () => {
    await ensureFieldPki(folder, { hosts: [], now: 86_400_000 });
    await ensureDevice(folder, "beam", 86_400_000);
    for (const name of ["ca.pem", "broker.pem", "devices/beam.pem"]) {
      const { validFrom, validTo } = await certificate(name);
      expect([new Date(validFrom).getUTCFullYear(), new Date(validTo) > new Date(now)]).toEqual([2025, true]);
    }
  });

  it("are never replaced where they do not fit together, because a new authority locks every device out", async () => {
    await ensureFieldPki(folder, { hosts: [], now });
    await writeFile(join(folder, "ca.key"), await text("broker.key"));
    const before = await text("ca.pem");
    await expect(ensureFieldPki(folder, { hosts: [], now })).rejects.toThrow("does not belong to ca.key");
    expect(await text("ca.pem")).toBe(before);
  });

  it("are made anew where a crash has left a key without its authority: no device can have one of it", async () => {
    await writeFile(join(folder, "ca.key"), "torn");
    await ensureFieldPki(folder, { hosts: [], now });
    expect((await ensureDevice(folder, "beam", now)).made).toBe(true);
  });

  it("are the site's where the authority's key is not in the box: the broker's pair must be there, devices come from there", async () => {
    await ensureFieldPki(folder, { hosts: [], now });
    await rm(join(folder, "ca.key"));
    await ensureFieldPki(folder, { hosts: ["box.local"], now });
    await expect(ensureDevice(folder, "beam", now)).rejects.toThrow("the site's authority signs elsewhere");
  });

  it("name each device by its id, once, until it is revoked", async () => {
    const first = await ensureDevice(folder, "beam", now);
    expect((await ensureDevice(folder, "beam", now)).made).toBe(false);
    expect((await certificate("devices/beam.pem")).subject).toBe("CN=beam");
    expect((await stat(first.key)).mode & 0o777).toBe(0o600);
    const { serialNumber } = await certificate("devices/beam.pem");
    expect(await revokeDevice(folder, "beam", now)).toEqual([serialNumber]);
    expect(await revokeDevice(folder, "beam", now)).toEqual([]);
    expect((await ensureDevice(folder, "beam", now)).made).toBe(true);
    const second = await certificate("devices/beam.pem");
    await revokeDevice(folder, "beam", now);
    expect(JSON.parse(await text("revoked.json")).revoked).toMatchObject([
      { device: "beam", serial: serialNumber },
      { device: "beam", serial: second.serialNumber },
    ]);
  });

  it("are all revoked with their device, also what was given anew since or was moved away", async () => {
    const given: string[] = [];
    const give = async () => {
      expect((await ensureDevice(folder, "beam", now)).made).toBe(true);
      given.push((await certificate("devices/beam.pem")).serialNumber);
    };
    await give();
    await rm(join(folder, "devices", "beam.key"));
    await give();
    for (const ending of ["pem", "key"]) await rm(join(folder, "devices", `beam.${ending}`));
    await ensureDevice(folder, "lamp", now);
    expect(await revokeDevice(folder, "beam", now)).toEqual(given);
    expect(JSON.parse(await text("revoked.json")).revoked).toMatchObject(given.map((serial) => ({ serial })));
  });

  it("are revoked where nobody has noted what was issued", async () => {
    await ensureDevice(folder, "beam", now);
    const { serialNumber } = await certificate("devices/beam.pem");
    await rm(join(folder, "issued.json"));
    expect(await revokeDevice(folder, "beam", now)).toEqual([serialNumber]);
  });
});
