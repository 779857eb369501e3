// The fail-safe relays on the simulated board, between real processes: what they say of an alarm, a lost device and a dead box.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Demo, startDemo } from "../support/demo.js";
import { cutAlarmWithinMs } from "../support/fence-cut.js";
import { until } from "../support/until.js";

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo?.close());

/** The last thing that the board saw of a relay. */
const relay = async (device: string) =>
  (await demo.events()).findLast((event) => event.device === device && event.what === "on")?.value;
const shows = (device: string, value: boolean) =>
  until(`${device} is ${value}`, async () => (await relay(device)) === value, 30_000);

it("drops alarm for a cut fence within 5 s of the blow that completes the count, and has it back after the reset", async () => {
  await shows("relay-healthy", true);
  // On a loaded machine devices come late, and a perimeter that nobody saw meanwhile is an alarm.
  await demo.rest();
  await shows("relay-no-alarm", true);
  const cutAt = await demo.trigger("fence-cut");
  const dropped = await demo.happened({ device: "relay-no-alarm", what: "on", value: false }, cutAt);
  expect(dropped.mono - cutAt).toBeLessThanOrEqual(cutAlarmWithinMs);
  expect(await relay("relay-healthy")).toBe(true);
  await demo.rest();
  await shows("relay-no-alarm", true);
});

it("has both again after the board was reset, without anybody's doing", async () => {
  const from = await demo.trigger("firmata-reset");
  await demo.happened({ device: "relay-healthy", what: "on", value: false }, from);
  await shows("relay-healthy", true);
  await shows("relay-no-alarm", true);
});

it("drops healthy once a box that was killed is back, until all inputs are read", async () => {
  await demo.kill("edge");
  const from = process.hrtime.bigint();
  await demo.restart("edge");
  const since = Number(from) / 1e6;
  await demo.happened({ device: "relay-healthy", what: "on", value: false }, since, 60_000);
  await shows("relay-healthy", true);
});
