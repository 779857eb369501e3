// Opens the drivers that the configuration names. A driver that fails is a fault of its zones, never the end of the agent.
import { createFirmataDriver } from "../field/firmata/driver.js";
import { createGpioDriver } from "../field/gpio/driver.js";
import { createMqttDriver } from "../field/mqtt/driver.js";
import { createOpcuaDriver } from "../field/opcua/driver.js";
import { createLatency, type Latency } from "../health/latency.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { Driver, DriverEvents, DriverStatus } from "../model/driver.js";
import type { Sample, WriteRequest, WriteResult } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import type { DriverConfig } from "../model/wiring.js";

export interface DriverParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly dataDir: string;
  /** Wall time that has certainly passed, for the clocks of the drivers that run in workers. */
  readonly wallFloorMs: number;
}

export interface Drivers {
  /** Resolves when every driver works on its connection by itself. */
  open(): Promise<void>;
  /** A driver that is not open answers that it failed. */
  write(request: WriteRequest): void;
  /**
   * Makes what a new configuration needs; throws when it cannot, and nothing has changed. The returned function puts it in
   * place at once: drivers whose settings differ are not heard any more, closed, and followed by new ones. It resolves
   * when the new ones work on their connections.
   */
  prepare(configs: readonly DriverConfig[]): () => Promise<void>;
  health(): Readonly<Record<string, DriverStatus>>;
  close(): Promise<void>;
}

function createDriver(config: DriverConfig, parts: DriverParts): Driver {
  switch (config.kind) {
    case "mqtt":
      return createMqttDriver(config, { ...parts, makeKeys: fieldKeys(parts.clock) });
    case "firmata":
      return createFirmataDriver(config, parts);
    case "opcua":
      return createOpcuaDriver(config, parts);
    case "gpio":
      return createGpioDriver(config, parts);
  }
}

/** The authority's library is loaded only where a broker with TLS asks for keys. */
function fieldKeys(clock: Clock) {
  return async (folder: string, hosts: readonly string[]) => {
    const { ensureFieldPki } = await import("../../config/field-pki.js");
    await ensureFieldPki(folder, { hosts, now: clock.now().wall });
  };
}

interface Made {
  readonly config: DriverConfig;
  readonly driver: Driver;
  /** Null before it is opened and after it is no longer listened to. */
  events: DriverEvents | null;
  readonly samples: Latency;
  readonly writes: Latency;
  /** When each write that is not answered went out. */
  readonly waiting: Map<string, MonoMs>;
}

/** Nothing is opened yet; `events` makes the ear for a driver's id. */
export function createDrivers(
  configs: readonly DriverConfig[],
  parts: DriverParts,
  events: (driver: string) => DriverEvents,
  create: (config: DriverConfig, parts: DriverParts) => Driver = createDriver,
): Drivers {
  let made = configs.map(make);
  let byPoint = pointsOf(made);

  function make(config: DriverConfig): Made {
    const measured = { samples: createLatency(), writes: createLatency(), waiting: new Map() };
    return { config, driver: create(config, parts), events: null, ...measured };
  }

  async function openAll(some: readonly Made[]): Promise<void> {
    await Promise.all(some.map((each) => openOne(each, events(each.config.id), parts.clock)));
  }

  return {
    open: () => openAll(made),
    write(request) {
      const carrier = byPoint.get(request.point);
      if (carrier === undefined) return;
      if (carrier.events === null) return answerFailed(events(carrier.config.id), request, parts.clock);
      carrier.waiting.set(request.id, parts.clock.mono());
      carrier.driver.write(request);
    },
    prepare(next) {
      const kept = made.filter(({ config }) => next.some((each) => isSame(each, config)));
      const fresh = next.filter((each) => !kept.some(({ config }) => isSame(each, config))).map(make);
      return async () => {
        const gone = made.filter((each) => !kept.includes(each));
        made = [...kept, ...fresh];
        byPoint = pointsOf(made);
        for (const each of gone) each.events = null;
        // Closed first: the new ones may need the same port or line.
        await closeAll(gone);
        await openAll(fresh);
      };
    },
    health: () => Object.fromEntries(made.map((each) => [each.config.id, statusOf(each)])),
    close: () => closeAll(made),
  };
}

function statusOf({ driver, samples, writes }: Made): DriverStatus {
  return { ...driver.health(), sampleMs: samples.spread(), writeMs: writes.spread() };
}

function isSame(one: DriverConfig, other: DriverConfig): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function pointsOf(made: readonly Made[]): ReadonlyMap<string, Made> {
  return new Map(made.flatMap((each) => each.config.points.map((point) => [point.id, each] as const)));
}

async function closeAll(some: readonly Made[]): Promise<void> {
  await Promise.allSettled(some.map(({ driver }) => driver.close()));
}

function answerFailed(events: DriverEvents, { id, point }: WriteRequest, clock: Clock): void {
  events.result({ id, point, ok: false, reason: "field.unreachable", at: clock.mono() });
}

/** What a driver tells is measured once the controller has it. */
function sampleHeard(made: Made, sample: Sample, clock: Clock): void {
  made.events?.sample(sample);
  if (sample.quality === "good") made.samples.note(clock.mono() - sample.occurredAt);
}

function resultHeard(made: Made, result: WriteResult): void {
  made.events?.result(result);
  const at = made.waiting.get(result.id);
  made.waiting.delete(result.id);
  if (result.ok && at !== undefined) made.writes.note(result.confirmedAt - at);
}

async function openOne(made: Made, events: DriverEvents, clock: Clock): Promise<void> {
  made.events = events;
  try {
    await made.driver.open({
      sample: (sample) => sampleHeard(made, sample, clock),
      result: (result) => resultHeard(made, result),
      link: (up, reason) => made.events?.link(up, reason),
      trouble: (code, detail) => made.events?.trouble(code, detail),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    made.events?.trouble("field.unreachable", reason);
    made.events?.link(false, reason);
  }
}
