// kill -9 of a process that appends: whatever it said was durable is there, once, again and again on the same folder.
import { expect, test } from "vitest";
import { killLoop } from "../../scripts/kill-loop.js";

test("S-13: nothing that was promised is lost when the process is killed ten times, nothing is there twice, the chain is valid", async () => {
  const { faults, promised, records } = await killLoop(10, () => undefined);
  expect(faults).toEqual([]);
  expect(promised).toBeGreaterThan(100);
  expect(records).toBeGreaterThanOrEqual(promised);
}, 60_000);
