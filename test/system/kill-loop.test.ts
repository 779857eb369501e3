// kill -9 of hub and box under load; `node .build/scripts/kill-loop-site.js --count 1000` does the same for an hour.
import { expect, test } from "vitest";
import { lanes } from "../../edge/model/record.js";
import { killLoop, lostOnTheWay, onTheWayMax } from "../support/kill-loop.js";

test("S-13: whatever hub or box said was durable is there once, in order and chained, after both were killed again and again", async () => {
  const { kills, records, promises, faults } = await killLoop({ count: 6, seed: 6, tell: () => undefined });
  expect(faults).toEqual([]);
  expect(kills.hub).toBeGreaterThan(0);
  expect(kills.edge).toBeGreaterThan(0);
  expect(records).toBeGreaterThan(20);
  expect(promises).toBeGreaterThan(0);
});

test("a record that the hub lacks is lost, unless it is among the newest of its lane", () => {
  const keys = lanes.flatMap((lane) => Array.from({ length: 20 }, (_, index) => `e/${lane}/${index + 1}`));
  const kept = new Map(keys.map((key) => [key, "as written"]));
  const storedWithout = (lacking: readonly string[]) => new Map([...kept].filter(([key]) => !lacking.includes(key)));
  const newest = (count: number) => keys.filter((key) => Number(key.split("/")[2]) > 20 - count);

  expect(lostOnTheWay(kept, storedWithout(newest(onTheWayMax)))).toEqual([]);
  expect(lostOnTheWay(kept, storedWithout(newest(onTheWayMax + 1)))).toEqual(lanes.map((lane) => `e/${lane}/20`));
  expect(lostOnTheWay(kept, storedWithout(["e/telemetry/16", "e/telemetry/20"]))).toEqual(["e/telemetry/16"]);
  expect(lostOnTheWay(kept, new Map(kept).set("e/telemetry/20", "another"))).toEqual(["e/telemetry/20"]);
});
