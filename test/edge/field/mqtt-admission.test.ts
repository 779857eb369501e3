// Files that say who may come in at the broker in the box, changed while it runs.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { admitByCertificate } from "../../../edge/field/mqtt/admission.js";
import { createBoxBus } from "../../../edge/field/mqtt/box-bus.js";
import { monoNow } from "../../../edge/machine/clock.js";
import { realMachine } from "../../contract/real-machine.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it("reads a list of revoked certificates again that could not be read once", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "portcullis-admission-"));
  cleanups.push(() => rmSync(dataDir, { recursive: true }));
  const file = join(dataDir, "field-pki", "revoked.json");
  mkdirSync(join(dataDir, "field-pki"));
  const good = JSON.stringify({ revoked: [{ serial: "0A" }] });
  const admission = await admitByCertificate(dataDir, ["beam-1"]);
  const admits = () =>
    admission.admits({ client: "beam-1", password: null, certificateName: "beam-1", certificateSerial: "0a" });
  // As a disk shows it that fails for a moment: by its mark it is the same file before and after.
  const put = (text: string) => {
    writeFileSync(file, text);
    utimesSync(file, 1_000, 1_000);
  };
  put(" ".repeat(good.length));
  await expect(admission.refresh()).rejects.toThrow("config.syntax");
  expect(admits()).toBe(true);
  put(good);
  expect(await admission.refresh()).toBe(true);
  expect(admits()).toBe(false);
  expect(await admission.refresh()).toBe(false);
});

it("tells once that a file cannot be read, however often it tries, and again after it could", async () => {
  let attempts = 0;
  const fails = (attempt: number) => attempt !== 3;
  const admission = {
    admits: () => false,
    async refresh() {
      attempts += 1;
      if (fails(attempts)) throw new Error("EIO");
      return false;
    },
  };
  const haste = 100;
  const timer: typeof realMachine.timer = {
    at: (at, run) => realMachine.timer.at(monoNow() + (at - monoNow()) / haste, run),
  };
  const bus = createBoxBus(
    { host: "127.0.0.1", port: 0, connectionsMax: 1, packetBytesMax: 1_024 },
    { heard: [], published: new Map(), received: new Map() },
    admission,
    { ...realMachine, timer },
  );
  cleanups.push(() => bus.close());
  const told: string[] = [];
  const nothing = () => undefined;
  const refused = (_code: string, detail: string) => void told.push(detail);
  await bus.open({ up: nothing, down: nothing, message: nothing, gone: nothing, refused });
  await vi.waitFor(() => expect(attempts).toBeGreaterThan(5), { timeout: 5_000, interval: 5 });
  expect(told).toEqual(["Error: EIO", "Error: EIO"]);
});
