// The connections beneath the MQTT driver: no lone word waits in them, and the last words are heard.
import { connect as dial } from "node:net";
import { join } from "node:path";
import { MqttClient } from "mqtt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { certificatesIn } from "../../simulators/credentials.js";
import { connectField } from "../../simulators/field-connection.js";
import { freePort } from "../support/free-port.js";
import { tcpSockets } from "../support/tcp-sockets.js";
import { listen } from "./driver-suite.js";
import { startFieldDevice } from "./field-device.js";
import { withoutMosquitto } from "./mosquitto.js";
import {
  boxWay,
  certificateLogin,
  dataFolder,
  driverOf,
  existingBroker,
  mosquittoSite,
  passwordBus,
  passwordLogin,
} from "./mqtt-rigs.js";

vi.setConfig({ testTimeout: 120_000 });

const waiting = { timeout: 30_000, interval: 10 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.skipIf(process.platform !== "linux")(
  "a lone order waits for nothing: the kernel holds no small packet back",
  () => {
    const endsAt = (port: number) => ({
      broker: tcpSockets().filter(({ localPort }) => localPort === port),
      client: tcpSockets().filter(({ remotePort }) => remotePort === port),
    });

    it.each([undefined, { clients: "certificate" as const }])("at the broker in the box (TLS: %o)", async (tls) => {
      const port = await freePort();
      const { dataDir, remove } = await dataFolder();
      const driver = driverOf(boxWay(port, tls), dataDir);
      cleanups.push(remove, () => driver.close());
      const heard = listen();
      await driver.open(heard.events);
      const device = startFieldDevice(port, tls ? await certificateLogin(dataDir) : await passwordLogin(dataDir));
      cleanups.push(() => device.close());
      await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("good"), waiting);
      expect(endsAt(port).broker.map(({ noDelay }) => noDelay)).toEqual([true]);
      // The witness can tell: mqtt.js itself leaves the algorithm on.
      expect(endsAt(port).client.map(({ noDelay }) => noDelay)).toEqual([false]);
    });

    it("at a simulated device", async () => {
      const { port, close } = await existingBroker();
      const up = vi.fn();
      const connection = connectField(
        { broker: { host: "127.0.0.1", port }, device: "beam-1", aliveTopic: "a", credentials: { "beam-1": "x" } },
        { up, down: () => undefined, trouble: () => undefined },
      );
      cleanups.push(close, () => connection.close());
      await vi.waitFor(() => expect(up).toHaveBeenCalled(), waiting);
      expect(endsAt(port).client.map(({ noDelay }) => noDelay)).toEqual([true]);
    });

    it("at a simulated device with a certificate", async () => {
      const port = await freePort();
      const { dataDir, remove } = await dataFolder();
      const driver = driverOf(boxWay(port, { clients: "certificate" }), dataDir);
      await driver.open(listen().events);
      await certificateLogin(dataDir);
      const up = vi.fn();
      const connection = connectField(
        {
          broker: { host: "127.0.0.1", port },
          device: "beam-1",
          aliveTopic: "field/beam-1/alive",
          credentials: certificatesIn(join(dataDir, "field-pki")),
        },
        { up, down: () => undefined, trouble: () => undefined },
      );
      cleanups.push(
        remove,
        () => driver.close(),
        () => connection.close(),
      );
      await vi.waitFor(() => expect(up).toHaveBeenCalled(), waiting);
      expect(endsAt(port).client.map(({ noDelay }) => noDelay)).toEqual([true]);
    });

    it.skipIf(withoutMosquitto !== null).each([false, true])(
      "at the client of an existing broker (TLS: %s)",
      async (withTls) => {
        const site = await mosquittoSite(withTls);
        const driver = driverOf(site.way, site.dataDir);
        cleanups.push(site.dispose, () => driver.close());
        const heard = listen();
        await driver.open(heard.events);
        await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
        expect(endsAt(site.broker.port).client.map(({ noDelay }) => noDelay)).toEqual([true]);
      },
    );
  },
);

describe("the last words of a device whose line is cut", () => {
  it("are heard, and leave it lost", async () => {
    const { dataDir, remove } = await dataFolder();
    cleanups.push(remove);
    const port = await freePort();
    const bus = await passwordBus(port, dataDir);
    cleanups.push(() => bus.close());
    const told: string[] = [];
    await bus.open({
      up: () => undefined,
      down: () => undefined,
      refused: () => undefined,
      message: ({ payload }) => void told.push(Buffer.from(payload).toString("utf8")),
      gone: () => void told.push("gone"),
    });
    const login = await passwordLogin(dataDir);
    const client = new MqttClient(() => dial(port, "127.0.0.1").setNoDelay(true), {
      clientId: "beam-1",
      username: "beam-1",
      reconnectPeriod: 0,
      protocolVersion: 4,
      ...login,
    });
    client.on("error", () => undefined);
    await new Promise<void>((resolve) => client.once("connect", () => resolve()));
    const words = Array.from({ length: 50 }, (_, index) => `word ${index}`);
    for (const word of words) client.publish("field/beam-1/state", word, { qos: 1 });
    client.stream.end();
    await vi.waitFor(() => expect(told).toEqual(expect.arrayContaining([...words, "gone"])), waiting);
    expect(told.at(-1)).toBe("gone");
    client.end(true);
  });
});
