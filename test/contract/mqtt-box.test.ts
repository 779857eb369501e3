// The MQTT driver with the broker in the box: who gets in, who is put out, and what its trouble looks like.
import { execFile } from "node:child_process";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { IClientOptions } from "mqtt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureFieldPki } from "../../config/field-pki.js";
import { fieldCredentials } from "../../edge/field/mqtt/credentials.js";
import { createMqttDriver } from "../../edge/field/mqtt/driver.js";
import type { MqttDriverConfig } from "../../edge/model/wiring.js";
import { entry } from "../support/command-line.js";
import { freePort } from "../support/free-port.js";
import { type Heard, listen } from "./driver-suite.js";
import { fieldConfig, silentAfterMs, startFieldDevice } from "./field-device.js";
import { boxWay, certificateLogin, dataFolder, driverOf, passwordLogin, untilGood } from "./mqtt-rigs.js";
import { realMachine } from "./real-machine.js";

// Commands are processes of their own, and a loaded machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

const waiting = { timeout: 20_000, interval: 10 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Tls = NonNullable<NonNullable<MqttDriverConfig["broker"]>["tls"]>;

async function box(tls?: Tls) {
  const port = await freePort();
  const { dataDir, remove } = await dataFolder();
  const driver = driverOf(boxWay(port, tls), dataDir);
  cleanups.push(remove, () => driver.close());
  return { port, dataDir, driver, heard: listen() };
}

async function opened(tls?: Tls) {
  const made = await box(tls);
  await made.driver.open(made.heard.events);
  return made;
}

function device(port: number, login: IClientOptions) {
  const made = startFieldDevice(port, login);
  cleanups.push(() => made.close());
  return made;
}

const codes = (heard: Heard) => heard.troubles.map(({ code }) => code);
const untilLost = (heard: Heard) => vi.waitFor(() => expect(heard.samples.at(-1)?.quality).toBe("lost"), waiting);

/** As a technician at the box. */
async function keys(dataDir: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const told = await promisify(execFile)(process.execPath, [entry, "keys", ...args, "--data", dataDir, "--json"]);
  return JSON.parse(told.stdout);
}

describe("the MQTT driver with the broker in the box and passwords", () => {
  it("S-01, S-11: makes a password for each device at its first start, readable by the service alone, and keeps it", async () => {
    const { dataDir } = await opened();
    const path = join(dataDir, "field-credentials.json");
    const text = await readFile(path, "utf8");
    expect(JSON.parse(text).devices["beam-1"].password).toMatch(/^[\w-]{32}$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect([...(await fieldCredentials(dataDir, ["beam-1"], realMachine.random)).values()]).toEqual([
      JSON.parse(text).devices["beam-1"].password,
    ]);
  });

  it("S-06: refuses a stranger, and a device on another's topic, each with a code", async () => {
    const { port, dataDir, heard } = await opened();
    const stranger = startFieldDevice(port, { password: "guessed" });
    await vi.waitFor(() => expect(codes(heard)).toContain("field.login-refused"), waiting);
    stranger.close();
    const beam = device(port, await passwordLogin(dataDir));
    await untilGood(heard);
    beam.publish("field/fibre-1/level", "{}");
    await vi.waitFor(() => expect(codes(heard)).toContain("field.topic-refused"), waiting);
  });

  it("refuses what a device says where the box gives its orders, retained or not", async () => {
    const { port, dataDir, driver, heard } = await opened();
    const beam = device(port, await passwordLogin(dataDir));
    await untilGood(heard);
    const before = heard.samples.length;
    beam.publish("field/beam-1/lamp", "lit", true);
    await vi.waitFor(() => expect(heard.troubles.at(-1)?.detail).toContain("field/beam-1/lamp"), waiting);
    expect(codes(heard).at(-1)).toBe("field.topic-refused");
    // It is away, comes back, and has ended its old line by then.
    const since = () => heard.samples.slice(before).map(({ quality }) => quality);
    await vi.waitFor(() => expect(since()).toContain("lost"), waiting);
    await vi.waitFor(() => expect(new Set(since().slice(-6))).toEqual(new Set(["good"])), waiting);
    expect(beam.lamp()).toBeNull();
    driver.write({ id: "w", point: "lamp", value: false });
    await vi.waitFor(() => expect(heard.results).toMatchObject([{ id: "w", ok: true }]), waiting);
  });

  it("calls a device lost at once that says goodbye, without waiting for its silence", async () => {
    const { port, dataDir, heard } = await opened();
    const beam = device(port, await passwordLogin(dataDir));
    await untilGood(heard);
    const before = realMachine.clock.mono();
    beam.leave();
    await untilLost(heard);
    expect(realMachine.clock.mono() - before).toBeLessThan(silentAfterMs - 200);
  });

  it("ends a device whose password was replaced, and lets it in with the new one", async () => {
    const { port, dataDir, heard } = await opened();
    device(port, await passwordLogin(dataDir));
    await untilGood(heard);
    const told = await keys(dataDir, "device", "beam-1", "--password", "--revoke");
    expect(told).toMatchObject({ device: "beam-1", user: "beam-1", replaced: true });
    await untilLost(heard);
    await vi.waitFor(() => expect(heard.troubles.map(({ detail }) => detail).join()).toContain("wrong credentials"), {
      ...waiting,
    });
    const from = heard.samples.length;
    device(port, await passwordLogin(dataDir));
    await untilGood(heard, from);
  });

  it("survives a worker that cannot start: says so, reports every input lost, and comes back when it can", async () => {
    const { port, dataDir, driver, heard } = await box();
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
    device(port, await passwordLogin(dataDir));
    await untilGood(heard);
    expect(driver.health()).toMatchObject({ connected: true });
  });

  it("names a broken credentials file instead of locking every device out with new passwords", async () => {
    const { dataDir, driver, heard } = await box();
    await writeFile(join(dataDir, "field-credentials.json"), '{"devices":');
    await driver.open(heard.events);
    expect(heard.troubles[0]?.detail).toContain("config.syntax");
    expect(await readFile(join(dataDir, "field-credentials.json"), "utf8")).toBe('{"devices":');
  });

  it("goes on with the passwords it has when the file is broken while it runs, and says so", async () => {
    const { port, dataDir, heard } = await opened();
    const login = await passwordLogin(dataDir);
    device(port, login);
    await untilGood(heard);
    await writeFile(join(dataDir, "field-credentials.json"), "{");
    await vi.waitFor(() => expect(heard.troubles.at(-1)?.detail).toContain("config.syntax"), waiting);
    expect(heard.samples.at(-1)?.quality).toBe("good");
  });
});

describe("the MQTT driver with the broker in the box and TLS", () => {
  it("S-11: makes its keys at its first start, readable by the service alone, and keeps them", async () => {
    const { dataDir, driver } = await opened({ clients: "certificate" });
    const folder = join(dataDir, "field-pki");
    for (const key of ["ca.key", "broker.key"]) expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
    const before = await readFile(join(folder, "broker.pem"), "utf8");
    await driver.close();
    await ensureFieldPki(folder, { hosts: ["127.0.0.1"], now: Date.now() });
    expect(await readFile(join(folder, "broker.pem"), "utf8")).toBe(before);
  });

  it("S-04: puts a device out at once whose certificate is revoked, and admits its next one", async () => {
    const { port, dataDir, heard } = await opened({ clients: "certificate" });
    const first = await keys(dataDir, "device", "beam-1");
    expect((await stat(String(first["key"]))).mode & 0o777).toBe(0o600);
    const old = await certificateLogin(dataDir);
    device(port, old);
    await untilGood(heard);
    const { revoked } = await keys(dataDir, "device", "beam-1", "--revoke");
    expect(revoked).toMatch(/^[0-9A-F]{32}$/);
    await untilLost(heard);
    await vi.waitFor(() => expect(heard.troubles.map(({ detail }) => detail).join()).toContain("wrong credentials"), {
      ...waiting,
    });
    const from = heard.samples.length;
    device(port, await certificateLogin(dataDir));
    await untilGood(heard, from);
  });

  it.each<readonly [string, (dataDir: string) => Promise<IClientOptions>]>([
    ["without TLS", passwordLogin],
    ["without a certificate", async (dir) => ({ ...(await certificateLogin(dir)), cert: "", key: "" })],
    ["with another device's certificate", (dir) => certificateLogin(dir, "beam-2")],
    [
      "with a certificate of another box",
      async (dir) => {
        const other = await dataFolder();
        cleanups.push(other.remove);
        const { ca } = await certificateLogin(dir);
        return { ...(await certificateLogin(other.dataDir)), ...(ca === undefined ? {} : { ca }) };
      },
    ],
  ])("S-04, S-05: refuses a device %s", async (_what, loginOf) => {
    const { port, dataDir, heard } = await opened({ clients: "certificate" });
    device(port, await loginOf(dataDir));
    await vi.waitFor(() => expect(heard.troubles.length).toBeGreaterThan(0), waiting);
    expect(codes(heard)).toEqual(codes(heard).map(() => "field.login-refused"));
    expect(heard.samples).toEqual([]);
  });

  it("admits a device by its password over TLS, and none that has not the right one", async () => {
    const { port, dataDir, heard } = await opened({ clients: "password" });
    const ca = await readFile(join(dataDir, "field-pki", "ca.pem"), "utf8");
    const stranger = startFieldDevice(port, { protocol: "mqtts", ca, password: "guessed" });
    await vi.waitFor(() => expect(codes(heard)).toContain("field.login-refused"), waiting);
    stranger.close();
    device(port, { protocol: "mqtts", ca, ...(await passwordLogin(dataDir)) });
    await untilGood(heard);
  });

  it("says that its keys cannot be written, and starts when they can", async () => {
    const port = await freePort();
    const { dataDir, remove } = await dataFolder();
    let full = true;
    const driver = createMqttDriver(fieldConfig(boxWay(port, { clients: "certificate" })), {
      ...realMachine,
      dataDir,
      async makeKeys(folder, hosts) {
        if (full) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
        await ensureFieldPki(folder, { hosts, now: Date.now() });
      },
    });
    cleanups.push(remove, () => driver.close());
    const heard = listen();
    await driver.open(heard.events);
    expect(heard.troubles[0]?.detail).toContain("ENOSPC");
    expect(heard.samples.map(({ quality }) => quality)).toEqual(["lost", "lost", "lost"]);
    full = false;
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
    device(port, await certificateLogin(dataDir));
    await untilGood(heard);
  });

  it.each([
    ["a key that others can read", "broker.key", "chmod 600"],
    ["an authority without its key and without a broker's pair", "ca.key", "not signed by ca.pem"],
  ])("refuses to start with %s", async (_what, file, says) => {
    const { dataDir, driver, heard } = await box({ clients: "certificate" });
    const folder = join(dataDir, "field-pki");
    await ensureFieldPki(folder, { hosts: [], now: Date.now() });
    if (file === "ca.key") {
      await rm(join(folder, "ca.key"));
      await rm(join(folder, "broker.key"));
    } else await promisify(execFile)("chmod", ["644", join(folder, file)]);
    await driver.open(heard.events);
    expect(heard.troubles[0]?.detail).toContain(says);
    expect(heard.samples.map(({ quality }) => quality)).toEqual(["lost", "lost", "lost"]);
  });
});
