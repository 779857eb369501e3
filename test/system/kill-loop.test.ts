// kill -9 of hub and box under load; `node .build/scripts/kill-loop-site.js --count 1000` does the same for an hour.
import { expect, test } from "vitest";
import { killLoop } from "../support/kill-loop.js";

test("S-13: whatever hub or box said was durable is there once, in order and chained, after both were killed again and again", async () => {
  const { kills, records, promises, faults } = await killLoop({ count: 6, seed: 6, tell: () => undefined });
  expect(faults).toEqual([]);
  expect(kills.hub).toBeGreaterThan(0);
  expect(kills.edge).toBeGreaterThan(0);
  expect(records).toBeGreaterThan(20);
  expect(promises).toBeGreaterThan(0);
});
