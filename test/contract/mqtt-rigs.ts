// The MQTT driver with a device behind each kind of broker, and the keys and folders that they need.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import type { IClientOptions } from "mqtt";
import { expect, vi } from "vitest";
import { createAuthority, issueClient, issueServer, type KeyPair } from "../../config/certificates.js";
import { ensureDevice, ensureFieldPki } from "../../config/field-pki.js";
import { admitByPassword } from "../../edge/field/mqtt/admission.js";
import { createBoxBus } from "../../edge/field/mqtt/box-bus.js";
import type { Bus } from "../../edge/field/mqtt/bus.js";
import { fieldCredentials } from "../../edge/field/mqtt/credentials.js";
import { createMqttDriver } from "../../edge/field/mqtt/driver.js";
import { topicsOf } from "../../edge/field/mqtt/topics.js";
import type { Driver } from "../../edge/model/driver.js";
import type { MqttDriverConfig } from "../../edge/model/wiring.js";
import { freePort } from "../support/free-port.js";
import type { DriverHarness, DriverRig, Heard } from "./driver-suite.js";
import { type FieldDevice, fieldConfig, startFieldDevice } from "./field-device.js";
import { type Mosquitto, startMosquitto } from "./mosquitto.js";
import { realMachine } from "./real-machine.js";

export type Way = Parameters<typeof fieldConfig>[0];

/** The driver as the agent makes it. */
export function driverOf(way: Way, dataDir: string): Driver {
  return createMqttDriver(fieldConfig(way), {
    ...realMachine,
    dataDir,
    makeKeys: (folder, hosts) => ensureFieldPki(folder, { hosts, now: Date.now() }),
  });
}

function rigOf(device: FieldDevice, driver: Driver, dispose: () => Promise<void>): DriverRig {
  return {
    driver,
    inputs: ["blocked", "cover", "level"],
    input: "blocked",
    states: [false, true],
    output: { point: "lamp", orders: [true, false] },
    setInput: async (value) => device.setBlocked(value === true),
    outputAtDevice: device.lamp,
    breakLine: device.breakLine,
    freeze: async () => device.freeze(),
    resume: async () => device.resume(),
    sendRubbish: async () => {
      device.publish("field/beam-1/state", "{ not json");
      device.publish("field/beam-1/level", '{"t0":0,"periodUs":1,"values":[]}');
    },
    async dispose() {
      device.close();
      await dispose();
    },
  };
}

const waiting = { timeout: 20_000, interval: 10 };

/** A good sample is among those from index `from` on. */
export const untilGood = (heard: Heard, from = 0) =>
  vi.waitFor(() => expect(heard.samples.slice(from).some(({ quality }) => quality === "good")).toBe(true), waiting);

type BoxTls = NonNullable<NonNullable<MqttDriverConfig["broker"]>["tls"]>;

export const boxWay = (port: number, tls?: BoxTls): Way => ({
  broker: { host: "127.0.0.1", port, connectionsMax: 8, packetBytesMax: 4_096, ...(tls === undefined ? {} : { tls }) },
});

export async function dataFolder(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-mqtt-"));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** What `beam-1` logs in with at a box without TLS. */
export async function passwordLogin(dataDir: string): Promise<IClientOptions> {
  const credentials = await fieldCredentials(dataDir, ["beam-1"], realMachine.random);
  return { password: credentials.get("beam-1") ?? "" };
}

/** What `device` logs in with at a box with mutual TLS. */
export async function certificateLogin(dataDir: string, device = "beam-1"): Promise<IClientOptions> {
  const { ca, certificate, key } = await ensureDevice(join(dataDir, "field-pki"), device, Date.now());
  const text = (path: string) => readFileSync(path, "utf8");
  return { protocol: "mqtts", ca: text(ca), cert: text(certificate), key: text(key) };
}

function boxHarness(
  name: string,
  tls: BoxTls | undefined,
  loginOf: (dataDir: string) => Promise<IClientOptions>,
): DriverHarness {
  return {
    name,
    hasLine: true,
    linkFollowsDevice: false,
    async make() {
      const port = await freePort();
      const { dataDir, remove } = await dataFolder();
      const device = startFieldDevice(port, await loginOf(dataDir));
      return rigOf(device, driverOf(boxWay(port, tls), dataDir), remove);
    },
  };
}

export const boxWithPassword = boxHarness("MQTT (broker in the box, password)", undefined, passwordLogin);
export const boxWithCertificate = boxHarness(
  "MQTT (broker in the box, mutual TLS)",
  { clients: "certificate" },
  certificateLogin,
);

/** Its user at Mosquitto, as the driver has it. */
export const boxUser = { user: "box", password: "b0x-pässword" };
const deviceUser = { username: "beam-1", password: "beam-secret" };

/** A site's broker with a password for the box and the device; with `tls` both also show certificates. */
export interface MosquittoSite {
  readonly broker: Mosquitto;
  readonly dataDir: string;
  readonly way: Way;
  /** What `beam-1` logs in with. */
  readonly login: IClientOptions;
  dispose(): Promise<void>;
}

export async function mosquittoSite(withTls: boolean): Promise<MosquittoSite> {
  const { dataDir, remove } = await dataFolder();
  const users = { [boxUser.user]: boxUser.password, [deviceUser.username]: deviceUser.password };
  const keys = withTls ? await siteKeys() : null;
  const broker = await startMosquitto({ users, ...(keys === null ? {} : { tls: keys.broker }) });
  mkdirSync(join(dataDir, "secrets"));
  const write = (name: string, text: string) => writeFileSync(join(dataDir, "secrets", name), text, { mode: 0o600 });
  write("mqtt-field", `${boxUser.password}\n`);
  for (const [name, text] of Object.entries(keys?.box ?? {})) write(name, text);
  const tls = { ca: "secrets/ca", certificate: "secrets/cert", key: join(dataDir, "secrets", "key") };
  const url = `${withTls ? "mqtts" : "mqtt"}://127.0.0.1:${broker.port}`;
  return {
    broker,
    dataDir,
    way: { url, login: { user: boxUser.user }, ...(withTls ? { tls } : {}) },
    login: { ...deviceUser, ...(keys === null ? {} : { protocol: "mqtts", ...keys.device }) },
    async dispose() {
      await broker.dispose();
      await remove();
    },
  };
}

async function siteKeys() {
  const now = Date.now();
  const authority = await createAuthority("site", now);
  const pem = ({ certificate, key }: KeyPair) => ({ ca: authority.certificate, cert: certificate, key });
  return {
    broker: pem(await issueServer(authority, { name: "broker", hosts: [], now })),
    box: pem(await issueClient(authority, { name: "box", now })),
    device: pem(await issueClient(authority, { name: "beam-1", now })),
  };
}

export function mosquittoHarness(name: string, withTls: boolean): DriverHarness {
  return {
    name,
    hasLine: true,
    linkFollowsDevice: false,
    async make() {
      const site = await mosquittoSite(withTls);
      return rigOf(startFieldDevice(site.broker.port, site.login), driverOf(site.way, site.dataDir), site.dispose);
    },
  };
}

export interface ExistingBroker {
  readonly url: string;
  readonly port: number;
  /** Ends every connection; new ones are taken. */
  drop(): void;
  close(): Promise<void>;
}

/** A broker that is not ours: no guards, no accounts. */
export async function existingBroker(port = 0): Promise<ExistingBroker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const bound = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    drop,
    async close() {
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      drop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const existing: DriverHarness = {
  name: "MQTT (existing broker)",
  hasLine: true,
  linkFollowsDevice: false,
  async make() {
    const broker = await existingBroker();
    return rigOf(startFieldDevice(broker.port, {}), driverOf({ url: broker.url }, tmpdir()), broker.close);
  },
};

/** The broker in a box that `beam-1` enters by its password. */
export async function passwordBus(port: number, dataDir: string): Promise<Bus> {
  const admission = await admitByPassword(dataDir, ["beam-1"], realMachine.random);
  const address = { host: "127.0.0.1", port, connectionsMax: 8, packetBytesMax: 4_096 };
  return createBoxBus(address, topicsOf(fieldConfig(boxWay(port))), admission, realMachine);
}
