// What root does to a data folder by the command line, on behalf of a service that runs as another user.
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { makeBackup } from "../../scripts/hub-backup.js";
import { portcullis } from "../support/command-line.js";

// Commands are processes of their own, and a loaded machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

/** A user that has nothing here. */
const service = 65_534;
let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-owner-"));
  data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function notOfService(): readonly string[] {
  const names = [".", ...readdirSync(data, { recursive: true, encoding: "utf8" })];
  return names.filter((name) => {
    const { uid, gid } = statSync(join(data, name));
    return uid !== service || gid !== service;
  });
}

describe.skipIf(process.getuid?.() !== 0)("leaves to the folder's owner, run by root", () => {
  beforeEach(() => {
    // What root may enter, the service may too, except the folder of the backup.
    for (const path of [folder, data]) chownSync(path, service, service);
  });

  it.each([
    { what: "a field device's certificate", args: ["keys", "device", "beam"], made: "field-pki" },
    {
      what: "a field device's password",
      args: ["keys", "device", "beam", "--password"],
      made: "field-credentials.json",
    },
    { what: "an offered configuration", args: ["apply", "config/office.yaml"], made: "site.next.yaml" },
  ])("$what", async ({ args, made }) => {
    const { code } = await portcullis(...args, "--data", data);
    expect(code).toBe(0);
    expect(readdirSync(data)).toContain(made);
    expect(notOfService()).toEqual([]);
  });

  it("a restored hub, also where the owner may write nothing beside the folder", async () => {
    const source = join(folder, "source");
    mkdirSync(join(source, "pki"), { recursive: true });
    await openLedger(join(source, "ledger.sqlite")).close();
    const out = join(folder, "backup");
    await makeBackup(source, out, "2026-06-01T12:00:00.000Z");
    chownSync(folder, 0, 0);
    const { code } = await portcullis("restore", "--from", out, "--data", data);
    expect(code).toBe(0);
    expect(readdirSync(data)).toContain("ledger.sqlite");
    expect(notOfService()).toEqual([]);
  });
});
