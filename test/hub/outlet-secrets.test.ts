// The secrets of outlets: made where they are missing, used only while nobody else can read them.
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSecrets } from "../../hub/control-room/secrets.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-secrets-"));
  file = join(folder, "secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("makes a webhook's secret once, for the service alone", () => {
  const made = openSecrets(folder).signing("ward");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openSecrets(folder).signing("ward")).toEqual(made);
});

it("refuses a file that others can read, and says what is to be done", () => {
  writeFileSync(file, JSON.stringify({ station: `hex:${"00".repeat(16)}` }), { mode: 0o600 });
  expect(openSecrets(folder).aesKey("station")).toHaveLength(16);
  chmodSync(file, 0o640);
  const refused = expect.objectContaining({
    trouble: { code: "outlet.secret-unusable", place: file, detail: expect.stringContaining("chmod 600") },
  });
  expect(() => openSecrets(folder).aesKey("station")).toThrow(refused);
  expect(() => openSecrets(folder).signing("ward")).toThrow(refused);
});
