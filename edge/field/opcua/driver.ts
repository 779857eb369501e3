// The OPC UA driver as the agent opens it.
import { join } from "node:path";
import type { Clock, Timer } from "../../machine/ports.js";
import { createWorkerDriver } from "../../machine/worker-driver.js";
import type { Driver } from "../../model/driver.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import type { OpcuaWorkerData } from "./worker.js";

/** Above the worker's own limit of 1.5 s: reached only when it hangs. */
const writeWithinMs = 2_500;

/**
 * Variables of one server. Keys and trusted certificates are kept in `dataDir/opcua/ID`; the password of
 * `security.user` comes from the environment variable `PORTCULLIS_OPCUA_PASSWORD_ID`.
 */
export function createOpcuaDriver(
  config: OpcuaDriverConfig,
  env: { readonly clock: Clock; readonly timer: Timer; readonly dataDir: string },
): Driver {
  return createWorkerDriver({
    file: "edge/field/opcua/worker.ts",
    data: { config, pkiDir: join(env.dataDir, "opcua", config.id) } satisfies OpcuaWorkerData,
    inputs: config.points.filter(({ direction }) => direction === "in").map(({ id }) => id),
    writeWithinMs,
    clock: env.clock,
    timer: env.timer,
  });
}
