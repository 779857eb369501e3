// A loop or a measurement that is given no number must not pass for want of rounds.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { builtFile } from "../../edge/machine/built.js";
import { wholeNumber } from "../../scripts/whole-number.js";

it.each(["", "many", "NaN", "1e3", "-1", "0", "2.5", " 7", "9007199254740992"])(
  "refuses %j with the option's name",
  (text) => {
    expect(() => wholeNumber("count", text)).toThrow("--count is a whole number from 1 on");
  },
);

it("takes a whole number from the least on", () => {
  expect([wholeNumber("count", "1"), wholeNumber("seed", "0", 0)]).toEqual([1, 0]);
});

it("lets the kill loop fail that was to live many times", () => {
  const file = fileURLToPath(builtFile("scripts/kill-loop.ts"));
  const { status, stderr } = spawnSync(process.execPath, [file, "--count", "many"], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain('--count is a whole number from 1 on, not "many"');
});
