import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { claimFolder, holderOf } from "../../../edge/machine/claim.js";
import { createClock } from "../../../edge/machine/clock.js";
import { testFolder } from "../../support/folder.js";

const { boot } = createClock().now();

it("claims a folder that nobody uses, and the same one again", () => {
  const free = testFolder();
  claimFolder(free);
  expect(() => claimFolder(free)).not.toThrow();
  expect(holderOf(free)).toBe(process.pid);
});

it("refuses a folder in which a living process writes", () => {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
  const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const taken = testFolder();
  writeFileSync(join(taken, "in-use.json"), JSON.stringify({ pid: process.ppid, boot, startedAt }));
  expect(() => claimFolder(taken)).toThrow(/machine\.folder-in-use/);
});

it.each([
  ["another process has got the dead one's number", JSON.stringify({ pid: process.ppid, boot, startedAt: "1" })],
  ["the machine was started anew", JSON.stringify({ pid: process.ppid, boot: "another", startedAt: "1" })],
  ["the claim is torn", '{"pid":'],
])("takes a folder over when %s", (_why, claim) => {
  const left = testFolder();
  writeFileSync(join(left, "in-use.json"), claim);
  expect(holderOf(left)).toBeNull();
  expect(() => claimFolder(left)).not.toThrow();
});
