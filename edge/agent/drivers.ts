// Opens the drivers that the configuration names. A driver that fails is a fault of its zones, never the end of the agent.
import { createFirmataDriver } from "../field/firmata/driver.js";
import { createGpioDriver } from "../field/gpio/driver.js";
import { createMqttDriver } from "../field/mqtt/driver.js";
import { createOpcuaDriver } from "../field/opcua/driver.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { Driver, DriverEvents, DriverHealth } from "../model/driver.js";
import type { WriteRequest } from "../model/point.js";
import type { DriverConfig } from "../model/site.js";

export interface DriverParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly dataDir: string;
}

export interface Drivers {
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

/** Resolves when every driver works on its connection by itself; `events` are told with the driver's id. */
export async function openDrivers(
  configs: readonly DriverConfig[],
  parts: DriverParts,
  events: (driver: string) => DriverEvents,
): Promise<Drivers> {
  const open = configs.map((config) => ({ config, driver: createDriver(config, parts) }));
  const byPoint = new Map(
    open.flatMap(({ config, driver }) => config.points.map((point) => [point.id, driver] as const)),
  );
  await Promise.all(
    open.map(async ({ config, driver }) => {
      try {
        await driver.open(events(config.id));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        events(config.id).trouble("field.unreachable", reason);
        events(config.id).link(false, reason);
      }
    }),
  );
  return {
    write: (request) => byPoint.get(request.point)?.write(request),
    health: () => Object.fromEntries(open.map(({ config, driver }) => [config.id, driver.health()])),
    close: async () => {
      await Promise.allSettled(open.map(({ driver }) => driver.close()));
    },
  };
}
