// The MQTT driver as the agent opens it.
import type { Clock, Timer } from "../../machine/ports.js";
import { createWorkerDriver } from "../../machine/worker-driver.js";
import type { Driver } from "../../model/driver.js";
import type { MqttDriverConfig } from "../../model/wiring.js";
import { confirmWithinMsDefault } from "./session.js";
import type { MqttWorkerData } from "./worker.js";

/** Above the worker's own limit: reached only when it hangs. */
const writeMarginMs = 1_000;

/**
 * Devices on a broker in the box (`config.broker`; passwords in `dataDir/field-credentials.json`, made at first start)
 * or on an existing one (`config.url`). After `open` has resolved the credentials exist and the broker listens, or
 * trouble was told and it is tried again.
 */
export function createMqttDriver(
  config: MqttDriverConfig,
  env: { readonly clock: Clock; readonly timer: Timer; readonly dataDir: string },
): Driver {
  const limits = config.points.map(({ confirmWithinMs }) => confirmWithinMs ?? confirmWithinMsDefault);
  return createWorkerDriver({
    file: "edge/field/mqtt/worker.ts",
    data: { config, dataDir: env.dataDir } satisfies MqttWorkerData,
    inputs: config.points.filter(({ direction }) => direction === "in").map(({ id }) => id),
    writeWithinMs: Math.max(0, ...limits) + writeMarginMs,
    clock: env.clock,
    timer: env.timer,
  });
}
