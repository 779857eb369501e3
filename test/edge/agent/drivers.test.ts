// The drivers of a box, and their change to a new configuration, with drivers played by hand.
import { expect, it } from "vitest";
import { createDrivers } from "../../../edge/agent/drivers.js";
import type { Driver, DriverEvents } from "../../../edge/model/driver.js";
import type { DriverConfig } from "../../../edge/model/wiring.js";
import { manualMachine } from "../../support/journal.js";

const configOf = (id: string, line: number | string = 1): DriverConfig => ({
  id,
  kind: "gpio",
  chip: "c",
  points: [{ id: `${id}-out`, direction: "out", line }],
});

function setUp(configs: readonly DriverConfig[], open: () => Promise<void> = async () => undefined) {
  const log: string[] = [];
  const heard: string[] = [];
  const ears: Record<string, DriverEvents> = {};
  const create = (config: DriverConfig): Driver => {
    const name = `${config.id}/${String(config.points.map((point) => ("line" in point ? point.line : "")))}`;
    if (name.endsWith("bad")) throw new Error("cannot be made");
    return {
      async open(events) {
        ears[name] = events;
        log.push(`open ${name}`);
        await open();
      },
      write: ({ point }) => log.push(`write ${point} by ${name}`),
      health: () => ({ connected: true, dataAgeMs: 0, reconnects: 0, errors: 0, lastError: "" }),
      async close() {
        log.push(`close ${name}`);
      },
    };
  };
  const events = (driver: string): DriverEvents => ({
    sample: ({ point }) => heard.push(`${driver} sample ${point}`),
    result: ({ point, ok }) => heard.push(`${driver} result ${point} ${ok}`),
    link: (up, reason) => heard.push(`${driver} link ${up} ${reason}`),
    trouble: (code) => heard.push(`${driver} trouble ${code}`),
  });
  const drivers = createDrivers(configs, { ...manualMachine(), dataDir: "", wallFloorMs: 0 }, events, create);
  return { drivers, log, heard, ears };
}

const sample = { point: "a-in", value: true, quality: "good", occurredAt: 1 } as const;

it("closes and opens only drivers whose settings differ, the old ones first", async () => {
  const { drivers, log } = setUp([configOf("a"), configOf("b"), configOf("c")]);
  await drivers.open();
  log.length = 0;
  const change = drivers.prepare([configOf("a"), configOf("b", 2), configOf("d")]);
  expect(log).toEqual([]);
  await change();
  expect(log).toEqual(["close b/1", "close c/1", "open b/2", "open d/1"]);
  expect(Object.keys(drivers.health())).toEqual(["a", "b", "d"]);
  drivers.write({ id: "w", point: "b-out", value: true });
  drivers.write({ id: "w", point: "a-out", value: true });
  expect(log.slice(-2)).toEqual(["write b-out by b/2", "write a-out by a/1"]);
});

it("hears a driver that is replaced no more from the moment of the switch", async () => {
  const { drivers, heard, ears } = setUp([configOf("a")]);
  await drivers.open();
  ears["a/1"]?.sample(sample);
  const switched = drivers.prepare([configOf("a", 2)])();
  ears["a/1"]?.sample(sample);
  ears["a/1"]?.link(false, "closed");
  await switched;
  ears["a/2"]?.sample(sample);
  expect(heard).toEqual(["a sample a-in", "a sample a-in"]);
});

it("changes nothing when a new driver cannot be made", async () => {
  const { drivers, log } = setUp([configOf("a")]);
  await drivers.open();
  expect(() => drivers.prepare([configOf("b", "bad")])).toThrow();
  drivers.write({ id: "w", point: "a-out", value: true });
  expect(log).toEqual(["open a/1", "write a-out by a/1"]);
});

it("answers a write to a driver that is not open as failed", () => {
  const { drivers, heard, log } = setUp([configOf("a")]);
  drivers.write({ id: "w", point: "a-out", value: true });
  expect(heard).toEqual(["a result a-out false"]);
  expect(log).toEqual([]);
});

it("makes of a driver that fails to open a fault, never the end", async () => {
  const { drivers, heard } = setUp([configOf("a")], () => Promise.reject(new Error("no chip")));
  await drivers.open();
  expect(heard).toEqual(["a trouble field.unreachable", "a link false no chip"]);
});
