// A moment that has certainly passed lasts over restarts of a machine whose clock does not.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createClock } from "../../../edge/machine/clock.js";
import { readWallFloor, writeWallFloor } from "../../../edge/machine/wall-floor.js";
import { testFolder } from "../../support/folder.js";

it("is known again, and unknown in an empty folder or a torn file", () => {
  const folder = testFolder();
  expect(readWallFloor(folder)).toBe(0);
  writeWallFloor(folder, 1_795_000_000_000);
  expect(readWallFloor(folder)).toBe(1_795_000_000_000);
  for (const torn of ["", '{"wall":', '{"wall":"tomorrow"}', "{}"]) {
    writeFileSync(join(folder, "wall-floor.json"), torn);
    expect(readWallFloor(folder)).toBe(0);
  }
});

it("takes a clock that the machine alone keeps its trust, never gives any, and leaves a disciplined one alone", () => {
  const tomorrow = Date.now() + 86_400_000;
  for (const [synchronised, trust] of [
    [false, "never-set"],
    [true, "synchronised"],
  ] as const) {
    const clock = createClock({ isKernelSynchronised: () => synchronised });
    clock.raiseFloor(tomorrow);
    expect(clock.now().clock).toBe(trust);
    expect(clock.now().wall).toBeLessThan(tomorrow);
  }
});
