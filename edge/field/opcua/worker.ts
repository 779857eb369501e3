// The thread of the OPC UA driver; the only one that loads node-opcua, whose assertions may end it.
import { workerData } from "node:worker_threads";
import { createClock } from "../../machine/clock.js";
import { serveDriver } from "../../machine/driver-in-worker.js";
import { createTimer } from "../../machine/timer.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import { createOpcuaSession } from "./session.js";

/** What driver.ts hands to this worker. */
export interface OpcuaWorkerData {
  readonly config: OpcuaDriverConfig;
  readonly pkiDir: string;
}

const { config, pkiDir }: OpcuaWorkerData = workerData;
const machine = { clock: createClock(), timer: createTimer() };
const password = process.env[passwordVariable(config.id)] ?? "";

/** Secrets come by the environment: `PORTCULLIS_OPCUA_PASSWORD_` and the driver's id in capitals. */
function passwordVariable(id: string): string {
  return `PORTCULLIS_OPCUA_PASSWORD_${id.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

await serveDriver(createOpcuaSession(config, { pkiDir, password }, machine), machine);
