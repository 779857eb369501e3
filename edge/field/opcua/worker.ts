// The thread of the OPC UA driver; the only one that loads node-opcua, whose assertions may end it.
import { workerData } from "node:worker_threads";
import { createClock } from "../../machine/clock.js";
import { serveDriver } from "../../machine/driver-in-worker.js";
import { steadyDate } from "../../machine/steady-date.js";
import { createTimer } from "../../machine/timer.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import { createOpcuaSession } from "./session.js";

/** What driver.ts hands to this worker. */
export interface OpcuaWorkerData {
  readonly config: OpcuaDriverConfig;
  readonly pkiDir: string;
  readonly wallFloorMs: number;
}

const { config, pkiDir, wallFloorMs }: OpcuaWorkerData = workerData;
const machine = { clock: createClock(), timer: createTimer() };
machine.clock.raiseFloor(wallFloorMs);

/** node-opcua's channels end the thread when the clock is set forward (node-opcua#1394), so each keeps the time of its start. */
const takeWallTime = steadyDate(machine.clock);

/** A clock that was never set since power-on tells nothing about the dates of a certificate. */
function wall() {
  takeWallTime();
  const { wall: ms, clock } = machine.clock.now();
  return { ms, isSet: clock !== "never-set" };
}

await serveDriver(createOpcuaSession(config, { pkiDir, env: process.env, wall }, machine), machine);
