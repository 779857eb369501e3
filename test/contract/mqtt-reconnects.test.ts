// What the MQTT driver keeps of connections that are gone: nothing, after a thousand of them.
import { connect as dial } from "node:net";
import { connect as secure } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type IClientOptions, MqttClient } from "mqtt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureFieldPki } from "../../config/field-pki.js";
import { admitByCertificate } from "../../edge/field/mqtt/admission.js";
import { createBoxBus } from "../../edge/field/mqtt/box-bus.js";
import type { Bus } from "../../edge/field/mqtt/bus.js";
import { createExternalBus } from "../../edge/field/mqtt/external-bus.js";
import { brokerTls } from "../../edge/field/mqtt/key-files.js";
import { createMqttSession } from "../../edge/field/mqtt/session.js";
import { topicsOf } from "../../edge/field/mqtt/topics.js";
import type { Clock, Timer } from "../../edge/machine/ports.js";
import { freePort } from "../support/free-port.js";
import { fieldConfig } from "./field-device.js";
import { boxWay, certificateLogin, dataFolder, existingBroker, passwordBus, passwordLogin } from "./mqtt-rigs.js";
import { realMachine } from "./real-machine.js";

vi.setConfig({ testTimeout: 120_000 });

const waiting = { timeout: 30_000, interval: 10 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Sockets and timers that keep a process alive. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Timeout/.test(kind)).length;
}
/** For those that come and go with the test's own runner. */
const handlesSpare = 10;

async function heapMiB(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Runs `rounds` until the caches are warm, then a thousand: handles as before, and no memory for what is gone. */
async function leavesNothing(run: (rounds: number) => Promise<void>): Promise<void> {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on("warning", note);
  await run(100);
  const before = { handles: handles(), heap: await heapMiB() };
  await run(1_000);
  await vi.waitFor(() => expect(handles()).toBeLessThan(before.handles + handlesSpare), waiting);
  expect((await heapMiB()) - before.heap).toBeLessThan(1.5);
  expect(warnings).toEqual([]);
  process.off("warning", note);
}

describe("nothing is left behind by a thousand reconnects", () => {
  /** The driver on this thread, so that what it keeps can be seen. */
  async function session(bus: Bus, machine: { clock: Clock; timer: Timer }, way: Parameters<typeof fieldConfig>[0]) {
    const driver = createMqttSession(fieldConfig(way), bus, machine);
    cleanups.push(() => driver.close());
    const counts = { ups: 0 };
    await driver.open({
      sample: () => undefined,
      link(up) {
        if (up) counts.ups += 1;
      },
      result: () => undefined,
      trouble: () => undefined,
    });
    return counts;
  }

  async function inTurn(rounds: number, once: () => Promise<void>): Promise<void> {
    for (let round = 0; round < rounds; round += 1) await once();
  }

  const pems = ({ ca, cert, key }: IClientOptions) => ({ ca: String(ca), cert: String(cert), key: String(key) });

  async function comeAndGo(port: number, login: IClientOptions, isPolite: boolean): Promise<void> {
    const at = { host: "127.0.0.1", port };
    const open = () => (login.protocol === "mqtts" ? secure({ ...at, ...pems(login) }) : dial(at)).setNoDelay(true);
    const client = new MqttClient(open, {
      clientId: "beam-1",
      username: "beam-1",
      reconnectPeriod: 0,
      protocolVersion: 4,
      ...login,
    });
    client.on("error", () => undefined);
    await new Promise<void>((resolve) => client.once("connect", () => resolve()));
    await client.subscribeAsync("field/beam-1/lamp");
    await client.publishAsync("field/beam-1/alive", "online", { qos: 1 });
    if (isPolite) await client.endAsync();
    else {
      client.stream.destroy();
      await client.endAsync(true);
    }
  }

  it.each([true, false])("of devices at the broker in the box (saying goodbye: %s)", async (isPolite) => {
    const { dataDir, remove } = await dataFolder();
    cleanups.push(remove);
    const port = await freePort();
    await session(await passwordBus(port, dataDir), realMachine, boxWay(port));
    const login = await passwordLogin(dataDir);
    await leavesNothing((rounds) => inTurn(rounds, () => comeAndGo(port, login, isPolite)));
  });

  it("of devices with certificates", async () => {
    const { dataDir, remove } = await dataFolder();
    cleanups.push(remove);
    const port = await freePort();
    const way = boxWay(port, { clients: "certificate" });
    await ensureFieldPki(`${dataDir}/field-pki`, { hosts: [], now: Date.now() });
    const address = {
      host: "127.0.0.1",
      port,
      connectionsMax: 8,
      packetBytesMax: 4_096,
      tls: await brokerTls(dataDir, "certificate"),
    };
    const bus = createBoxBus(
      address,
      topicsOf(fieldConfig(way)),
      await admitByCertificate(dataDir, ["beam-1"]),
      realMachine,
    );
    await session(bus, realMachine, way);
    const login = await certificateLogin(dataDir);
    await leavesNothing((rounds) => inTurn(rounds, () => comeAndGo(port, login, false)));
  });

  it("of strangers who are refused", async () => {
    const { dataDir, remove } = await dataFolder();
    cleanups.push(remove);
    const port = await freePort();
    await session(await passwordBus(port, dataDir), realMachine, boxWay(port));
    const knock = () =>
      new Promise<void>((resolve) => {
        const socket = dial(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\n\r\n"));
        socket.on("error", () => undefined);
        socket.once("close", () => resolve());
        socket.resume();
      });
    await leavesNothing((rounds) => inTurn(rounds, knock));
  });

  it("of the box at an existing broker", async () => {
    // A hundred times faster, so that its pauses between two tries are milliseconds.
    const factor = 100;
    const clock: Clock = { mono: () => realMachine.clock.mono() * factor, now: realMachine.clock.now };
    const timer: Timer = { at: (at, run) => realMachine.timer.at(at / factor, run) };
    const { url, drop, close } = await existingBroker();
    cleanups.push(close);
    const way = { url };
    const bus = createExternalBus({ url, name: "box", login: null, tls: {} }, topicsOf(fieldConfig(way)), {
      clock,
      timer,
    });
    const counts = await session(bus, { clock, timer }, way);
    await leavesNothing(async (rounds) => {
      const until = counts.ups + rounds;
      while (counts.ups < until) {
        const present = counts.ups;
        drop();
        await vi.waitFor(() => expect(counts.ups).toBeGreaterThan(present), { timeout: 10_000, interval: 1 });
      }
    });
  });
});
