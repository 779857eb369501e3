// The thread of the MQTT driver: broker or client, payloads and liveness, away from the reaction thread.
import { isAbsolute, join } from "node:path";
import { workerData } from "node:worker_threads";
import { createClock } from "../../machine/clock.js";
import { serveDriver } from "../../machine/driver-in-worker.js";
import { createRandom } from "../../machine/random.js";
import { createTimer } from "../../machine/timer.js";
import { type MqttDriverConfig, passwordVariable } from "../../model/wiring.js";
import { admitByCertificate, admitByPassword } from "./admission.js";
import { createBoxBus } from "./box-bus.js";
import type { Bus } from "./bus.js";
import { createExternalBus } from "./external-bus.js";
import { brokerTls, readRequired } from "./key-files.js";
import { createMqttSession } from "./session.js";
import { topicsOf } from "./topics.js";

/** What driver.ts hands to this worker. */
export interface MqttWorkerData {
  readonly config: MqttDriverConfig;
  readonly dataDir: string;
  readonly wallFloorMs: number;
}

const { config, dataDir, wallFloorMs }: MqttWorkerData = workerData;
const machine = { clock: createClock(), timer: createTimer() };
machine.clock.raiseFloor(wallFloorMs);
const random = createRandom();
const topics = topicsOf(config);

async function boxBus({ tls, ...address }: NonNullable<MqttDriverConfig["broker"]>): Promise<Bus> {
  const ids = config.devices.map(({ id }) => id);
  const admission =
    tls?.clients === "certificate"
      ? await admitByCertificate(dataDir, ids)
      : await admitByPassword(dataDir, ids, random);
  const keys = tls === undefined ? {} : { tls: await brokerTls(dataDir, tls.clients) };
  return createBoxBus({ ...address, ...keys }, topics, admission, machine);
}

async function externalBus(url: string): Promise<Bus> {
  // Another box may have a driver of the same id at this broker, which would then end each in turn.
  const name = `portcullis-${config.id}-${Buffer.from(random.bytes(4)).toString("hex")}`;
  const { ca, certificate, key } = config.tls ?? {};
  const file = async (field: string, path: string | undefined, secret = false) =>
    path === undefined ? {} : { [field]: await readRequired(isAbsolute(path) ? path : join(dataDir, path), secret) };
  const tls = {
    ...(await file("ca", ca)),
    ...(await file("cert", certificate)),
    ...(await file("key", key, true)),
  };
  const login = config.login === undefined ? null : { user: config.login.user, password: await password() };
  return createExternalBus({ url, name, login, tls }, topics, machine);
}

/** From the environment, else from a file that only the service can read. */
async function password(): Promise<string> {
  const given = process.env[passwordVariable("mqtt", config.id)];
  return given ?? (await readRequired(join(dataDir, "secrets", `mqtt-${config.id}`), true)).trimEnd();
}

const bus = await (config.broker === undefined ? externalBus(config.url ?? "") : boxBus(config.broker));
await serveDriver(createMqttSession(config, bus, machine), machine);
