// A small fleet over real TLS connections: storms of alarms while control rooms are frozen, and kill -9 of the broker and of the
// hub in the middle of one. Only what arrives is judged; how fast is measured by scripts/bench/thousand-boxes.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fleet, startFleet } from "../../scripts/bench/fleet/fleet.js";
import { until } from "../support/until.js";

const boxes = 30;
const alarms = 40;
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet({
    boxes,
    programs: 1,
    connectsPerSecond: 20,
    frozen: 3,
    settleMs: 500,
    tell: () => undefined,
  });
  await fleet.freeze();
}, 120_000);
afterAll(() => fleet?.close());

test.each<{ name: string; amid?: () => Promise<void> | void }>([
  { name: "while three control rooms are frozen" },
  { name: "over a kill -9 of the broker", amid: () => fleet.killBroker() },
  { name: "over a kill -9 of the hub", amid: () => fleet.killHub() },
])("every alarm of a storm is in the ledger once and at each healthy outlet $name", async ({ name, amid }) => {
  const keys = Array.from({ length: alarms }, (_, index) => `${name.replaceAll(" ", "-")}/${index}`);
  const { sent, outlets } = await fleet.storm(keys, { withinMs: 1000, patienceMs: 60_000, ...(amid && { amid }) });
  expect(sent.map(({ key }) => key).sort()).toEqual([...keys].sort());
  expect(outlets.map(({ name: outlet }) => outlet)).toEqual(["webhook", "DC-09", "MQTT", "SSE", "ZeroMQ", "OPC UA"]);
  const counts = fleet.counts();
  expect(keys.filter((key) => counts.get(key) !== 1)).toEqual([]);
  await until("every box is back", async () => (await fleet.connected()) === boxes, 60_000);
});
