// The MQTT driver as the agent opens it.
import type { Clock, Timer } from "../../machine/ports.js";
import { createWorkerDriver } from "../../machine/worker-driver.js";
import type { Driver } from "../../model/driver.js";
import type { MqttDriverConfig } from "../../model/wiring.js";
import { fieldPkiFolder } from "./key-files.js";
import { confirmWithinMsDefault } from "./session.js";
import type { MqttWorkerData } from "./worker.js";

/** Above the worker's own limit: reached only when it hangs. */
const writeMarginMs = 1_000;

/** `hosts`: names and addresses of the box besides loopback. */
export type MakeKeys = (folder: string, hosts: readonly string[]) => Promise<void>;

/**
 * Devices on a broker in the box (`config.broker`; passwords in `dataDir/field-credentials.json`, made at first start)
 * or on an existing one (`config.url`). After `open` has resolved the credentials exist and the broker listens, or
 * trouble was told and it is tried again.
 */
export function createMqttDriver(
  config: MqttDriverConfig,
  env: {
    readonly clock: Clock;
    readonly timer: Timer;
    readonly dataDir: string;
    /** Wall time that has certainly passed: the worker's own clock is not believed before it. */
    readonly wallFloorMs?: number;
    /** Makes what is missing of the broker's keys in the data folder; asked before each start of a broker with TLS. */
    readonly makeKeys?: MakeKeys;
  },
): Driver {
  const limits = config.points.map(({ confirmWithinMs }) => confirmWithinMs ?? confirmWithinMsDefault);
  return createWorkerDriver({
    file: "edge/field/mqtt/worker.ts",
    data: { config, dataDir: env.dataDir, wallFloorMs: env.wallFloorMs ?? 0 } satisfies MqttWorkerData,
    inputs: config.points.filter(({ direction }) => direction === "in").map(({ id }) => id),
    writeWithinMs: Math.max(0, ...limits) + writeMarginMs,
    ...preparation(config, env),
    clock: env.clock,
    timer: env.timer,
  });
}

function preparation(
  { broker }: MqttDriverConfig,
  { dataDir, makeKeys }: { readonly dataDir: string; readonly makeKeys?: MakeKeys },
): { prepare?: () => Promise<void> } {
  if (broker?.tls === undefined || makeKeys === undefined) return {};
  const hosts = [...(wildcards.includes(broker.host) ? [] : [broker.host]), ...(broker.tls.hosts ?? [])];
  return { prepare: () => makeKeys(fieldPkiFolder(dataDir), hosts) };
}

const wildcards = ["0.0.0.0", "::"];
