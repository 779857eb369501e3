// The key that signs a box's journal: made once, for nobody else to read.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSigner, privateName, publicName } from "../../../edge/agent/journal-keys.js";
import { testFolder } from "../../support/folder.js";
import { seededRandom } from "../../support/journal.js";

const fails = (trouble: object) => expect.fail(JSON.stringify(trouble));

it("is made at the first start with mode 0600, its public half beside it, and is the same at the next", () => {
  const folder = testFolder();
  const first = openSigner(folder, seededRandom(1), fails);
  expect(statSync(join(folder, privateName)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, publicName), "utf8")).toBe(first?.publicKey);
  expect(openSigner(folder, seededRandom(2), fails)?.key).toBe(first?.key);
});

it("that cannot be read is told and never replaced", () => {
  const folder = testFolder();
  writeFileSync(join(folder, privateName), "?");
  const codes: string[] = [];
  expect(openSigner(folder, seededRandom(1), ({ code }) => codes.push(code))).toBeUndefined();
  expect(codes).toEqual(["journal.key-unusable"]);
  expect(readFileSync(join(folder, privateName), "utf8")).toBe("?");
});
