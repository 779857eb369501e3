// The thread of the MQTT driver: broker or client, payloads and liveness, away from the reaction thread.
import { workerData } from "node:worker_threads";
import { createClock } from "../../machine/clock.js";
import { serveDriver } from "../../machine/driver-in-worker.js";
import { createRandom } from "../../machine/random.js";
import { createTimer } from "../../machine/timer.js";
import type { MqttDriverConfig } from "../../model/wiring.js";
import { createBoxBus } from "./box-bus.js";
import type { Bus } from "./bus.js";
import { fieldCredentials } from "./credentials.js";
import { createExternalBus } from "./external-bus.js";
import { createMqttSession } from "./session.js";
import { topicsOf } from "./topics.js";

/** What driver.ts hands to this worker. */
export interface MqttWorkerData {
  readonly config: MqttDriverConfig;
  readonly dataDir: string;
}

const { config, dataDir }: MqttWorkerData = workerData;
const machine = { clock: createClock(), timer: createTimer() };

async function busOf(): Promise<Bus> {
  const topics = topicsOf(config);
  if (config.broker === undefined) {
    return createExternalBus(config.url ?? "", `portcullis-${config.id}`, topics, machine.clock);
  }
  const ids = config.devices.map(({ id }) => id);
  const credentials = await fieldCredentials(dataDir, ids, createRandom());
  return createBoxBus(config.broker, topics, credentials, machine);
}

await serveDriver(createMqttSession(config, await busOf(), machine), machine);
