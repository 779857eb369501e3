// The thread of the OPC UA driver; the only one that loads node-opcua, whose assertions may end it.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Larger than any file that the keys need. */
const probeBytes = 65_536;
const memoryDisk = "/dev/shm";

/** Where keys can be kept. On a full or dead disk they live in memory for this run: bollards must close all the same. */
function keyFolder(): string {
  if (existsSync(join(pkiDir, "own", "private", "private_key.pem"))) return pkiDir;
  try {
    mkdirSync(pkiDir, { recursive: true, mode: 0o700 });
    const probe = join(pkiDir, "probe");
    writeFileSync(probe, Buffer.alloc(probeBytes));
    rmSync(probe);
    return pkiDir;
  } catch {
    return mkdtempSync(join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), "portcullis-opcua-"));
  }
}

await serveDriver(createOpcuaSession(config, { pkiDir: keyFolder(), password }, machine), machine);
