// Opens the drivers that the configuration names. A driver that fails is a fault of its zones, never the end of the agent.
import { createFirmataDriver } from "../field/firmata/driver.js";
import { createGpioDriver } from "../field/gpio/driver.js";
import { createMqttDriver } from "../field/mqtt/driver.js";
import { createOpcuaDriver } from "../field/opcua/driver.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { Driver, DriverEvents, DriverHealth } from "../model/driver.js";
import type { WriteRequest } from "../model/point.js";
import type { DriverConfig } from "../model/wiring.js";

export interface DriverParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly dataDir: string;
}

export interface Drivers {
  /** Resolves when every driver works on its connection by itself; `events` makes the ear for a driver's id. */
  open(events: (driver: string) => DriverEvents): Promise<void>;
  write(request: WriteRequest): void;
  health(): Readonly<Record<string, DriverHealth>>;
  close(): Promise<void>;
}

function createDriver(config: DriverConfig, parts: DriverParts): Driver {
  switch (config.kind) {
    case "mqtt":
      return createMqttDriver(config, parts);
    case "firmata":
      return createFirmataDriver(config, parts);
    case "opcua":
      return createOpcuaDriver(config, parts);
    case "gpio":
      return createGpioDriver(config, parts);
  }
}

/** Nothing is opened yet; a write to a driver that is not open is answered as failed. */
export function createDrivers(configs: readonly DriverConfig[], parts: DriverParts): Drivers {
  const made = configs.map((config) => ({ id: config.id, config, driver: createDriver(config, parts) }));
  const byPoint = new Map(
    made.flatMap(({ config, driver }) => config.points.map((point) => [point.id, driver] as const)),
  );
  return {
    async open(events) {
      await Promise.all(made.map(({ id, driver }) => openOne(driver, events(id))));
    },
    write: (request) => byPoint.get(request.point)?.write(request),
    health: () => Object.fromEntries(made.map(({ id, driver }) => [id, driver.health()])),
    close: async () => {
      await Promise.allSettled(made.map(({ driver }) => driver.close()));
    },
  };
}

async function openOne(driver: Driver, events: DriverEvents): Promise<void> {
  try {
    await driver.open(events);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    events.trouble("field.unreachable", reason);
    events.link(false, reason);
  }
}
