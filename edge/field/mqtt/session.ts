// Field devices behind a bus as a Driver: what they say becomes samples, orders become messages that they confirm.
import { createPendingWrites, type PendingWrites } from "../../machine/pending-writes.js";
import type { Clock, Timer } from "../../machine/ports.js";
import type { Driver } from "../../model/driver.js";
import type { ErrorCode } from "../../model/error.js";
import type { PointValue, WriteRequest, WriteResult } from "../../model/point.js";
import type { MqttDeviceConfig, MqttDriverConfig, MqttPointConfig } from "../../model/wiring.js";
import type { Bus, BusMessage } from "./bus.js";
import { type Devices, watchDevices } from "./devices.js";
import { encodeOrder } from "./payload.js";
import { createReporter, type Reporter } from "./reporter.js";

/** Waiting for a confirmation, where the point does not say. */
export const confirmWithinMsDefault = 1_000;
const willPayloadDefault = "offline";

/** The driver on one thread; worker.ts runs it, driver.ts carries it to the reaction thread. */
export function createMqttSession(
  config: MqttDriverConfig,
  bus: Bus,
  machine: { readonly clock: Clock; readonly timer: Timer },
): Driver {
  const { clock } = machine;
  const reporter = createReporter(config, machine);
  const devices = watchDevices(config.devices, machine, reporter.lose);
  let tellResult: (result: WriteResult) => void = () => undefined;
  const writes = createPendingWrites(machine, (result) => tellResult(result));

  return {
    open(events) {
      tellResult = events.result;
      reporter.listen(events);
      return bus.open({
        up() {
          devices.start();
          reporter.link(true, "");
        },
        down(reason) {
          devices.stop();
          reporter.lose(null);
          reporter.link(false, reason);
          writes.failAll("field.unreachable");
        },
        message: listener(config, { devices, reporter, writes }),
        gone: devices.gone,
        refused: reporter.trouble,
      });
    },
    write: (request) => order(request, { config, bus, writes, devices }),
    health() {
      const heardAt = devices.lastHeardAt();
      return { ...reporter.health(), dataAgeMs: heardAt === null ? null : clock.mono() - heardAt };
    },
    close() {
      reporter.close();
      devices.stop();
      writes.failAll("field.unreachable");
      return bus.close();
    },
  };
}

/** Hands each message to the points and the device that its topic belongs to. */
function listener(
  config: MqttDriverConfig,
  to: { readonly devices: Devices; readonly reporter: Reporter; readonly writes: PendingWrites },
): (message: BusMessage) => void {
  const alive = new Map(config.devices.map(({ id, aliveTopic }) => [aliveTopic, id]));
  const wills = new Map(config.devices.map((device) => [device.willTopic ?? device.aliveTopic, device]));
  const points = pointsByTopic(config);
  return (message) => {
    const concerned = points.get(message.topic) ?? [];
    const will = wills.get(message.topic);
    const device = alive.get(message.topic) ?? will?.id ?? concerned[0]?.device ?? "";
    if (will !== undefined && isWill(will, message)) to.devices.gone(device);
    else if (!message.retained) to.devices.heard(device, message.receivedAt);
    for (const point of concerned) {
      const value = to.reporter.report(point, message);
      // What the broker has stored says nothing about an order of now.
      if (!message.retained) confirm(to.writes, point, value);
    }
  };
}

function isWill({ willPayload = willPayloadDefault }: MqttDeviceConfig, { payload }: BusMessage): boolean {
  return Buffer.from(payload).toString("utf8").trim() === willPayload;
}

function pointsByTopic(config: MqttDriverConfig): ReadonlyMap<string, readonly MqttPointConfig[]> {
  const points = new Map<string, MqttPointConfig[]>();
  for (const point of config.points) {
    const topic = point.direction === "in" ? point.topic : point.confirmTopic;
    if (topic !== undefined) points.set(topic, [...(points.get(topic) ?? []), point]);
  }
  return points;
}

function confirm(writes: PendingWrites, point: MqttPointConfig, value: PointValue | null): void {
  for (const request of writes.waitingFor(point.id)) {
    if (request.value === value) writes.confirm(request.id);
  }
}

function order(
  request: WriteRequest,
  by: {
    readonly config: MqttDriverConfig;
    readonly bus: Bus;
    readonly writes: PendingWrites;
    readonly devices: Devices;
  },
): void {
  const point = by.config.points.find(({ id, direction }) => id === request.point && direction === "out");
  if (!by.writes.add(request, point?.confirmWithinMs ?? confirmWithinMsDefault)) return;
  const fail = (reason: ErrorCode) => by.writes.fail(request.id, reason);
  const text = point === undefined ? null : encodeOrder(point, request.value);
  if (point === undefined || text === null) fail("field.write-refused");
  else if (by.devices.isLost(point.device)) fail("field.unreachable");
  else {
    by.bus.publish(point.topic, text).then(
      () => point.confirmTopic ?? fail("field.write-unconfirmed"),
      () => fail("field.unreachable"),
    );
  }
}
