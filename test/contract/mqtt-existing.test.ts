// The MQTT driver with an existing broker: Mosquitto where it is installed, killed, frozen and started again.
import { chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, connectAsync } from "mqtt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { heartbeatEveryMs, heartbeatWithinMs } from "../../edge/field/mqtt/external-connection.js";
import { type Heard, listen } from "./driver-suite.js";
import { startFieldDevice } from "./field-device.js";
import { withoutMosquitto } from "./mosquitto.js";
import { boxUser, driverOf, existingBroker, mosquittoSite, untilGood, type Way } from "./mqtt-rigs.js";

vi.setConfig({ testTimeout: 60_000 });

const waiting = { timeout: 20_000, interval: 10 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function opened(way: Way, dataDir: string) {
  const driver = driverOf(way, dataDir);
  cleanups.push(() => driver.close());
  const heard = listen();
  await driver.open(heard.events);
  return { driver, heard };
}

const untilLink = (heard: Heard, up: boolean) => vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(up), waiting);

describe("the MQTT driver with an existing broker", () => {
  it("takes a retained value as stale, which neither is a sign of life nor confirms an order", async () => {
    const broker = await existingBroker();
    cleanups.push(broker.close);
    const before = connect(broker.url, { protocolVersion: 4 });
    await before.publishAsync("field/beam-1/state", '{"beam":"blocked","cover":"shut"}', { retain: true, qos: 1 });
    await before.publishAsync("field/beam-1/lamp-is", "lit", { retain: true, qos: 1 });
    await before.endAsync();
    const { driver, heard } = await opened({ url: broker.url }, tmpdir());
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
    const device = startFieldDevice(broker.port, {});
    cleanups.push(() => device.close());
    const { driver, heard } = await opened({ url: broker.url }, tmpdir());
    await untilGood(heard);
    await broker.close();
    await untilLink(heard, false);
    expect(heard.samples.slice(-3).map(({ quality }) => quality)).toEqual(["lost", "lost", "lost"]);
    const again = await existingBroker(broker.port);
    cleanups.push(again.close);
    await untilLink(heard, true);
    await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("good"), waiting);
    expect(driver.health().reconnects).toBe(1);
  });
});

describe.skipIf(withoutMosquitto !== null)(withoutMosquitto ?? "the MQTT driver with Mosquitto", () => {
  async function site(withTls = false) {
    const made = await mosquittoSite(withTls);
    cleanups.push(made.dispose);
    return made;
  }
  async function running(withTls = false) {
    const made = await site(withTls);
    const device = startFieldDevice(made.broker.port, made.login);
    cleanups.push(() => device.close());
    const { driver, heard } = await opened(made.way, made.dataDir);
    await untilGood(heard);
    return { ...made, device, driver, heard };
  }

  it.each([false, true])("finds device and broker again after the broker was killed (TLS: %s)", async (withTls) => {
    const { broker, driver, heard } = await running(withTls);
    await broker.kill();
    await untilLink(heard, false);
    expect(heard.samples.slice(-3).map(({ quality }) => quality)).toEqual(["lost", "lost", "lost"]);
    await broker.start();
    const from = heard.samples.length;
    await untilLink(heard, true);
    await untilGood(heard, from);
    expect(driver.health()).toMatchObject({ connected: true, reconnects: 1 });
  });

  it("notices a broker that is frozen by its own ping, says so, and comes back when it thaws", async () => {
    const { broker, heard } = await running();
    const before = performance.now();
    broker.freeze();
    await untilLink(heard, false);
    expect(heard.links.at(-1)?.reason).toBe(`no answer to a ping within ${heartbeatWithinMs} ms`);
    // Declared limits, and what a loaded machine adds.
    expect(performance.now() - before).toBeLessThan(heartbeatEveryMs + heartbeatWithinMs + 5_000);
    expect(heard.samples.slice(-3).map(({ quality }) => quality)).toEqual(["lost", "lost", "lost"]);
    broker.thaw();
    await untilLink(heard, true);
    await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("good"), waiting);
  });

  it("never carries an order out later that failed while the broker was away", async () => {
    const { broker, driver, device, heard } = await running();
    broker.freeze();
    driver.write({ id: "old", point: "lamp", value: true });
    await vi.waitFor(() => expect(heard.results).toMatchObject([{ id: "old", ok: false }]), waiting);
    await broker.kill();
    await broker.start();
    await untilLink(heard, true);
    await untilGood(heard, heard.samples.length);
    expect(device.lamp()).toBeNull();
    driver.write({ id: "new", point: "lamp", value: false });
    await vi.waitFor(() => expect(heard.results.at(-1)).toMatchObject({ id: "new", ok: true }), waiting);
    expect(device.lamp()).toBe(false);
  });

  it("leaves no order at the broker for a device that is away with a session that is kept", async () => {
    const { broker, way, dataDir, login } = await site();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const kept = { ...login, clientId: "lamp", clean: false, protocolVersion: 4 as const };
    const first = await connectAsync(url, kept);
    await first.subscribeAsync("field/beam-1/lamp", { qos: 1 });
    await first.endAsync();
    const { driver, heard } = await opened(way, dataDir);
    await untilLink(heard, true);
    driver.write({ id: "w", point: "lamp", value: true });
    await vi.waitFor(() => expect(heard.results).toMatchObject([{ reason: "field.write-unconfirmed" }]), waiting);
    const again = connect(url, kept);
    cleanups.push(() => again.end(true));
    const got: string[] = [];
    again.on("message", (topic) => got.push(topic));
    await new Promise<void>((resolve) => again.once("connect", () => resolve()));
    await again.subscribeAsync("fence", { qos: 1 });
    await again.publishAsync("fence", "x", { qos: 1 });
    await vi.waitFor(() => expect(got).toContain("fence"), waiting);
    expect(got).toEqual(["fence"]);
  });

  it("publishes no order retained: who subscribes later gets nothing", async () => {
    const { broker, driver, heard, login } = await running();
    driver.write({ id: "w", point: "lamp", value: true });
    await vi.waitFor(() => expect(heard.results).toMatchObject([{ ok: true }]), waiting);
    const late = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...login, clientId: "late" });
    cleanups.push(() => late.end(true));
    const got: string[] = [];
    late.on("message", (topic) => got.push(topic));
    await late.subscribeAsync(["field/beam-1/lamp", "fence"]);
    await late.publishAsync("fence", "x", { qos: 1 });
    await vi.waitFor(() => expect(got).toContain("fence"), waiting);
    expect(got).toEqual(["fence"]);
  });

  it("takes a will that the broker keeps for the loss of the device, and its next word for its return", async () => {
    const { broker, heard, login, device } = await running();
    device.freeze();
    const other = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...login, clientId: "other" });
    await other.publishAsync("field/beam-1/alive", "offline", { qos: 1, retain: true });
    await other.endAsync();
    await vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("lost"), waiting);
    const from = heard.samples.length;
    device.resume();
    await untilGood(heard, from);
  });

  it("says once that its login is refused, and goes in with the password of the environment", async () => {
    const { way, dataDir } = await site();
    vi.stubEnv("PORTCULLIS_MQTT_PASSWORD_FIELD", "wrong");
    cleanups.push(() => vi.unstubAllEnvs());
    const wrong = await opened(way, dataDir);
    await vi.waitFor(() => expect(wrong.heard.troubles).toHaveLength(1), waiting);
    expect(wrong.heard.troubles[0]).toMatchObject({
      code: "field.unreachable",
      detail: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+: .*not authorized/i),
    });
    expect(wrong.heard.links).toEqual([]);
    await rm(join(dataDir, "secrets", "mqtt-field"));
    vi.stubEnv("PORTCULLIS_MQTT_PASSWORD_FIELD", boxUser.password);
    const right = await opened(way, dataDir);
    await untilLink(right.heard, true);
    expect(wrong.heard.troubles).toHaveLength(1);
  });

  it.each([
    ["is missing", (path: string) => rm(path), "missing"],
    ["can be read by others", (path: string) => chmod(path, 0o640), "chmod 600"],
  ])("names the file of its password when it %s", async (_what, spoil, says) => {
    const { way, dataDir } = await site();
    const path = join(dataDir, "secrets", "mqtt-field");
    await spoil(path);
    const { heard } = await opened(way, dataDir);
    expect(heard.troubles[0]?.detail).toContain(path);
    expect(heard.troubles[0]?.detail).toContain(says);
    expect(JSON.stringify(heard.troubles)).not.toContain(boxUser.password);
  });
});
