// The OPC UA driver as the agent opens it.
import type { Clock, Timer } from "../../machine/ports.js";
import { createWorkerDriver } from "../../machine/worker-driver.js";
import type { Driver } from "../../model/driver.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import { pkiFolder } from "./pki-folder.js";
import { orderWithinMs } from "./waiting.js";
import type { OpcuaWorkerData } from "./worker.js";

/** Above the worker's own limit: reached only when it hangs. */
const graceMs = 1_000;

/**
 * Variables and methods of one server. Keys, trusted certificates and the password of `security.user` are kept in
 * `dataDir/opcua/ID`; without a password there, it comes from the environment variable `PORTCULLIS_OPCUA_PASSWORD_ID`.
 */
export function createOpcuaDriver(
  config: OpcuaDriverConfig,
  env: {
    readonly clock: Clock;
    readonly timer: Timer;
    readonly dataDir: string;
    /** Wall time that has certainly passed: the worker's own clock is not believed before it. */
    readonly wallFloorMs?: number;
  },
): Driver {
  return createWorkerDriver({
    file: "edge/field/opcua/worker.ts",
    data: {
      config,
      pkiDir: pkiFolder(env.dataDir, config.id),
      wallFloorMs: env.wallFloorMs ?? 0,
    } satisfies OpcuaWorkerData,
    inputs: config.points.filter(({ direction }) => direction === "in").map(({ id }) => id),
    writeWithinMs: graceMs + Math.max(orderWithinMs, ...config.points.map((point) => point.confirmWithinMs ?? 0)),
    clock: env.clock,
    timer: env.timer,
  });
}
