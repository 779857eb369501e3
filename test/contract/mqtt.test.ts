// The MQTT driver against real clients: with the broker in the box, and with an existing broker.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import { connect } from "mqtt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fieldCredentials } from "../../edge/field/mqtt/credentials.js";
import { createMqttDriver } from "../../edge/field/mqtt/driver.js";
import { type DriverHarness, type DriverRig, driverContract, listen } from "./driver-suite.js";
import { type FieldDevice, fieldConfig, freePort, silentAfterMs, startFieldDevice } from "./field-device.js";
import { realMachine } from "./real-machine.js";

const waiting = { timeout: 10_000, interval: 10 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function rigOf(
  device: FieldDevice,
  way: Parameters<typeof fieldConfig>[0],
  dataDir: string,
  dispose: () => Promise<void>,
): DriverRig {
  return {
    driver: createMqttDriver(fieldConfig(way), { ...realMachine, dataDir }),
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

const boxWay = (port: number) => ({ broker: { host: "127.0.0.1", port, connectionsMax: 8, packetBytesMax: 4_096 } });

async function dataFolder(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-mqtt-"));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

const box: DriverHarness = {
  name: "MQTT (broker in the box)",
  hasLine: true,
  linkFollowsDevice: false,
  async make() {
    const port = await freePort();
    const { dataDir, remove } = await dataFolder();
    const credentials = await fieldCredentials(dataDir, ["beam-1"], realMachine.random);
    return rigOf(startFieldDevice(port, credentials.get("beam-1") ?? ""), boxWay(port), dataDir, remove);
  },
};

interface ExistingBroker {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A broker that is not ours: no guards, no accounts. */
async function existingBroker(port = 0): Promise<ExistingBroker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const bound = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    async close() {
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const external: DriverHarness = {
  name: "MQTT (existing broker)",
  hasLine: true,
  linkFollowsDevice: false,
  async make() {
    const broker = await existingBroker();
    return rigOf(startFieldDevice(broker.port, ""), { url: broker.url }, tmpdir(), broker.close);
  },
};

driverContract(box);
driverContract(external);

describe("the MQTT driver with the broker in the box", () => {
  async function opened() {
    const port = await freePort();
    const { dataDir, remove } = await dataFolder();
    cleanups.push(remove);
    const driver = createMqttDriver(fieldConfig(boxWay(port)), { ...realMachine, dataDir });
    cleanups.push(() => driver.close());
    const heard = listen();
    return { port, dataDir, driver, heard };
  }

  it("makes a password for each device at its first start, readable by the service alone, and keeps it", async () => {
    const { dataDir, driver, heard } = await opened();
    await driver.open(heard.events);
    const path = join(dataDir, "field-credentials.json");
    const text = await readFile(path, "utf8");
    expect(JSON.parse(text).devices["beam-1"].password).toMatch(/^[\w-]{32}$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect([...(await fieldCredentials(dataDir, ["beam-1"], realMachine.random)).values()]).toEqual([
      JSON.parse(text).devices["beam-1"].password,
    ]);
  });

  it("refuses a stranger, and a device on another's topic, each with a code", async () => {
    const { port, dataDir, driver, heard } = await opened();
    await driver.open(heard.events);
    const stranger = startFieldDevice(port, "guessed");
    await vi.waitFor(() => expect(heard.troubles.map(({ code }) => code)).toContain("field.login-refused"), waiting);
    stranger.close();
    const password = (await fieldCredentials(dataDir, ["beam-1"], realMachine.random)).get("beam-1") ?? "";
    const device = startFieldDevice(port, password);
    cleanups.push(() => device.close());
    await vi.waitFor(() => expect(heard.samples.some(({ quality }) => quality === "good")).toBe(true), waiting);
    device.publish("field/fibre-1/level", "{}");
    await vi.waitFor(() => expect(heard.troubles.map(({ code }) => code)).toContain("field.topic-refused"), waiting);
  });

  it("calls a device lost at once that says goodbye, without waiting for its silence", async () => {
    const { port, dataDir, driver, heard } = await opened();
    await driver.open(heard.events);
    const password = (await fieldCredentials(dataDir, ["beam-1"], realMachine.random)).get("beam-1") ?? "";
    const device = startFieldDevice(port, password);
    cleanups.push(() => device.close());
    await vi.waitFor(() => expect(heard.samples.some(({ quality }) => quality === "good")).toBe(true), waiting);
    const before = realMachine.clock.mono();
    device.leave();
    await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("lost"), waiting);
    expect(realMachine.clock.mono() - before).toBeLessThan(silentAfterMs - 200);
  });

  it("survives the death of its worker: says so, reports every input lost, and comes back when it can", async () => {
    const { port, dataDir, driver, heard } = await opened();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, "127.0.0.1", resolve));
    await driver.open(heard.events);
    expect(heard.troubles[0]).toMatchObject({
      code: "field.unreachable",
      detail: expect.stringContaining("EADDRINUSE"),
    });
    expect(heard.samples.map(({ point, quality }) => [point, quality])).toEqual([
      ["blocked", "lost"],
      ["cover", "lost"],
      ["level", "lost"],
    ]);
    expect(heard.links.at(-1)?.up).toBe(false);
    driver.write({ id: "w", point: "lamp", value: true });
    expect(heard.results).toMatchObject([{ id: "w", ok: false, reason: "field.unreachable" }]);
    await new Promise<void>((resolve) => squatter.close(() => resolve()));
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
    const password = (await fieldCredentials(dataDir, ["beam-1"], realMachine.random)).get("beam-1") ?? "";
    const device = startFieldDevice(port, password);
    cleanups.push(() => device.close());
    await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("good"), waiting);
    expect(driver.health()).toMatchObject({ connected: true });
  });

  it("names a broken credentials file instead of locking every device out with new passwords", async () => {
    const { dataDir, driver, heard } = await opened();
    await writeFile(join(dataDir, "field-credentials.json"), '{"devices":');
    await driver.open(heard.events);
    expect(heard.troubles[0]?.detail).toContain("config.syntax");
    expect(await readFile(join(dataDir, "field-credentials.json"), "utf8")).toBe('{"devices":');
  });
});

describe("the MQTT driver with an existing broker", () => {
  it("takes a retained value as stale, which neither is a sign of life nor confirms an order", async () => {
    const broker = await existingBroker();
    cleanups.push(broker.close);
    const before = connect(broker.url, { protocolVersion: 4 });
    await before.publishAsync("field/beam-1/state", '{"beam":"blocked","cover":"shut"}', { retain: true, qos: 1 });
    await before.publishAsync("field/beam-1/lamp-is", "lit", { retain: true, qos: 1 });
    await before.endAsync();
    const driver = createMqttDriver(fieldConfig({ url: broker.url }), { ...realMachine, dataDir: tmpdir() });
    cleanups.push(() => driver.close());
    const heard = listen();
    await driver.open(heard.events);
    await vi.waitFor(() => expect(heard.samples).toHaveLength(3), waiting);
    expect(heard.samples.map(({ point, value, quality }) => [point, value, quality]).sort()).toEqual([
      ["blocked", true, "stale"],
      ["cover", false, "stale"],
      ["lamp", true, "stale"],
    ]);
    driver.write({ id: "w", point: "lamp", value: true });
    await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
    expect(heard.results[0]?.ok).toBe(false);
  });

  it("reports every input lost when the broker goes, and afresh when it is back", async () => {
    const broker = await existingBroker();
    const device = startFieldDevice(broker.port, "");
    cleanups.push(() => device.close());
    const driver = createMqttDriver(fieldConfig({ url: broker.url }), { ...realMachine, dataDir: tmpdir() });
    cleanups.push(() => driver.close());
    const heard = listen();
    await driver.open(heard.events);
    await vi.waitFor(() => expect(heard.samples.some(({ quality }) => quality === "good")).toBe(true), waiting);
    await broker.close();
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(false), waiting);
    expect(heard.samples.slice(-3).map(({ quality }) => quality)).toEqual(["lost", "lost", "lost"]);
    const again = await existingBroker(broker.port);
    cleanups.push(again.close);
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
    await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("good"), waiting);
    expect(driver.health().reconnects).toBe(1);
  });
});
