// The command line for the box's own people, as a process of its own with its PIN on standard input.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it, vi } from "vitest";
import { builtFile } from "../../edge/machine/built.js";

vi.setConfig({ testTimeout: 60_000 });

const parent = mkdtempSync(join(tmpdir(), "box-people-"));
const dir = join(parent, "edge");
afterAll(() => rmSync(parent, { recursive: true, force: true }));

function people(input: string, ...words: readonly string[]) {
  const entry = fileURLToPath(builtFile("scripts/portcullis.ts"));
  const told = spawnSync(process.execPath, [entry, "commission", "people", ...words, "--data", dir], { input });
  return { code: told.status, out: String(told.stdout), err: String(told.stderr) };
}

it("adds the first one before the box has run, lists, disables and gives a new PIN, and keeps no PIN in plain", () => {
  expect(people("739154\n850263\n", "add", "王强", "--role", "operator", "technician", "--duress").code).toBe(0);
  expect(people("739154\n", "add", "王强", "--role", "operator")).toMatchObject({
    code: 1,
    err: expect.stringContaining("people.known"),
  });
  const before = readFileSync(join(dir, "people.json"), "utf8");
  expect(before).not.toMatch(/739154|850263/);
  expect(people("", "disable", "王强").code).toBe(0);
  expect(people("417390\n", "pin", "王强").code).toBe(0);
  const list = people("", "list", "--json");
  expect(JSON.parse(list.out)).toMatchObject([{ name: "王强", roles: ["operator", "technician"], disabled: true }]);
  expect(list.out).not.toContain("scrypt");
  expect(JSON.parse(readFileSync(join(dir, "people.json"), "utf8")).people[0].duressPin).toBeNull();
});

it("refuses a trivial PIN, none at all, the same one twice, an unknown name and role", () => {
  for (const [input, ...more] of [["123456\n"], [""], ["739154\n739154\n", "--duress"]] as const)
    expect(people(input, "add", "li", "--role", "operator", ...more)).toMatchObject({
      code: 1,
      err: expect.stringContaining("people.pin-unfit"),
    });
  expect(people("", "disable", "nobody")).toMatchObject({ code: 1, err: expect.stringContaining("people.unknown") });
  expect(people("739154\n", "add", "li", "--role", "king").code).toBe(1);
  expect(people("739154\n", "add", "panel", "--role", "operator")).toMatchObject({
    code: 1,
    err: expect.stringContaining("people.name-unfit"),
  });
});
