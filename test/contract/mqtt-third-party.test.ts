// mosquitto_pub and mosquitto_sub as field devices at the broker in the box: what they may, and what becomes of rubbish.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureDevice } from "../../config/field-pki.js";
import { fieldCredentials } from "../../edge/field/mqtt/credentials.js";
import { createMqttDriver } from "../../edge/field/mqtt/driver.js";
import type { Driver } from "../../edge/model/driver.js";
import type { MqttDriverConfig } from "../../edge/model/wiring.js";
import { freePort } from "../support/free-port.js";
import { type Heard, listen } from "./driver-suite.js";
import { mosquittoPub, mosquittoSub, withoutClients } from "./mosquitto.js";
import { dataFolder, driverOf } from "./mqtt-rigs.js";
import { realMachine } from "./real-machine.js";

vi.setConfig({ testTimeout: 60_000 });

const waiting = { timeout: 20_000, interval: 10 };
const packetBytesMax = 2_048;
const children: ChildProcess[] = [];
const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let port: number;
let dataDir: string;
let passwords: ReadonlyMap<string, string>;
let driver: Driver;
let heard: Heard;

function config(): MqttDriverConfig {
  const state = { direction: "in", device: "sensor", topic: "f/sensor", payload: "json" } as const;
  return {
    id: "field",
    kind: "mqtt",
    broker: { host: "127.0.0.1", port, connectionsMax: 8, packetBytesMax },
    devices: ["sensor", "lamp"].map((id) => ({ id, aliveTopic: `f/${id}/alive`, silentAfterMs: 30_000 })),
    points: [
      { id: "beam", ...state, path: "state.beam", on: "blocked", off: "clear", sourceTimePath: "at" },
      { id: "door", direction: "in", device: "sensor", topic: "f/door", payload: "plain", on: "OPEN", off: "CLOSED" },
      { id: "heat", direction: "in", device: "sensor", topic: "f/heat", payload: "number" },
      { id: "word", direction: "in", device: "sensor", topic: "f/word", payload: "text" },
      { id: "level", direction: "in", device: "sensor", topic: "f/level", payload: "level" },
      {
        id: "light",
        direction: "out",
        device: "lamp",
        topic: "f/light",
        payload: "plain",
        confirmTopic: "f/light-is",
        confirmWithinMs: 300,
      },
    ],
  };
}

beforeAll(async () => {
  port = await freePort();
  const folder = await dataFolder();
  dataDir = folder.dataDir;
  driver = createMqttDriver(config(), { ...realMachine, dataDir });
  cleanups.push(folder.remove, () => driver.close());
  heard = listen();
  await driver.open(heard.events);
  passwords = await fieldCredentials(dataDir, ["sensor", "lamp"], realMachine.random);
});

const login = (id: string) => ["-h", "127.0.0.1", "-p", `${port}`, "-i", id, "-u", id, "-P", passwords.get(id) ?? ""];

/** One message and out; whatever mosquitto_pub thinks of it. */
async function publish(topic: string, args: readonly string[], as = login("sensor")): Promise<void> {
  await promisify(execFile)(mosquittoPub, [...as, "-t", topic, ...args], { timeout: 10_000 }).catch(() => undefined);
}

/** A device that stays connected and says a line at a time. */
function speaker(topic: string): (line: string) => void {
  const child = spawn(mosquittoPub, [...login("sensor"), "-t", topic, "-l"], { stdio: ["pipe", "ignore", "ignore"] });
  children.push(child);
  return (line) => void child.stdin.write(`${line}\n`);
}

describe.skipIf(withoutClients !== null)(withoutClients ?? "mosquitto_pub and mosquitto_sub at the box", () => {
  it.each<readonly [string, string, string, Record<string, unknown>]>([
    [
      "JSON by path with a source time",
      "f/sensor",
      '{"state":{"beam":"blocked"},"at":"2026-03-01T08:00:00Z"}',
      {
        point: "beam",
        value: true,
        sourceTime: "2026-03-01T08:00:00.000Z",
      },
    ],
    [
      "a source time that is none",
      "f/sensor",
      '{"state":{"beam":"clear"},"at":"yesterday"}',
      {
        point: "beam",
        value: false,
      },
    ],
    ["a plain state", "f/door", "OPEN", { point: "door", value: true }],
    ["a number", "f/heat", "-12.5", { point: "heat", value: -12.5 }],
    ["a word", "f/word", "撤防", { point: "word", value: "撤防" }],
    [
      "a block of levels",
      "f/level",
      '{"t0":1,"periodUs":3000,"values":[0.5,1]}',
      {
        point: "level",
        value: { t0: 1, periodUs: 3000, values: [0.5, 1] },
      },
    ],
  ])("are understood: %s", async (_what, topic, payload, sample) => {
    const from = heard.samples.length;
    for (const qos of ["0", "1", "2"]) await publish(topic, ["-q", qos, "-m", payload]);
    await vi.waitFor(() => {
      const good = heard.samples.slice(from).filter(({ quality }) => quality === "good");
      expect(good).toEqual([1, 2, 3].map(() => expect.objectContaining({ ...sample, quality: "good" })));
    }, waiting);
  });

  it.each<readonly [string, string, readonly string[], readonly [string, string]]>([
    ["no JSON", "f/sensor", ["-m", "{ not json"], ["field.payload-invalid", "topic f/sensor: no JSON"]],
    ["nothing", "f/sensor", ["-n"], ["field.payload-invalid", "topic f/sensor: no JSON"]],
    ["JSON without the path", "f/sensor", ["-m", "[]"], ["field.payload-invalid", "state.beam is undefined"]],
    ["another type", "f/sensor", ["-m", '{"state":{"beam":7}}'], ["field.payload-invalid", "7 is neither"]],
    ["another word", "f/door", ["-m", "open"], ["field.payload-invalid", 'topic f/door: "open" is neither OPEN']],
    ["no finite number", "f/heat", ["-m", "1e999"], ["field.payload-invalid", "no finite number"]],
    ["too long a word", "f/word", ["-m", "x".repeat(257)], ["field.payload-invalid", "more than 256 characters"]],
    [
      "levels with a hole",
      "f/level",
      ["-m", '{"t0":1,"periodUs":3000,"values":[1,null]}'],
      ["field.payload-invalid", "values[1]"],
    ],
    ["random bytes", "f/sensor", ["-f", "RANDOM"], ["field.payload-invalid", "topic f/sensor"]],
    [
      "a packet over the limit",
      "f/sensor",
      ["-m", "x".repeat(packetBytesMax)],
      ["field.payload-oversize", "oversize packet from 127.0.0.1"],
    ],
    [
      "another device's topic",
      "f/lamp/alive",
      ["-m", "online"],
      ["field.topic-refused", 'client sensor: publish to "f/lamp/alive"'],
    ],
    ["a retained order", "f/light", ["-r", "-m", "true"], ["field.topic-refused", 'publish to "f/light"']],
    ["MQTT 5", "f/sensor", ["-V", "mqttv5", "-m", "x"], ["field.login-refused", 'protocol 5 from "sensor"']],
    ["a session that is to be kept", "f/sensor", ["-c", "-m", "x"], ["field.login-refused", "persistent session"]],
  ])("get a code and a place for %s, and change no value", async (_what, topic, args, [code, says]) => {
    const random = join(dataDir, "random");
    await writeFile(random, realMachine.random.bytes(500));
    const from = heard.samples.length;
    const told = heard.troubles.length;
    await publish(
      topic,
      args.map((arg) => (arg === "RANDOM" ? random : arg)),
    );
    await vi.waitFor(() => {
      expect(heard.troubles.slice(told)).toContainEqual({ code, detail: expect.stringContaining(says) });
    }, waiting);
    expect(heard.samples.slice(from).filter(({ quality }) => quality !== "lost")).toEqual([]);
  });

  it.each([
    ["a wrong password", ["-i", "sensor", "-u", "sensor", "-P", "guessed"], "wrong credentials"],
    ["another device's name", ["-i", "lamp", "-u", "sensor", "-P", "x"], "not the name in its credentials"],
    ["no name", ["-i", "sensor"], "not the name in its credentials"],
    ["a name that the site does not know", ["-i", "pump", "-u", "pump", "-P", "x"], "wrong credentials"],
  ])("are refused with %s", async (_what, as, says) => {
    const told = heard.troubles.length;
    await publish("f/sensor", ["-m", "{}"], ["-h", "127.0.0.1", "-p", `${port}`, ...as]);
    await vi.waitFor(() => {
      expect(heard.troubles.slice(told)).toContainEqual({
        code: "field.login-refused",
        detail: expect.stringContaining(says),
      });
    }, waiting);
  });

  it("cannot flood the record: a thousand lines of rubbish are a few troubles that count a thousand", async () => {
    const told = heard.troubles.length;
    const say = speaker("f/heat");
    for (let line = 0; line < 1_000; line += 1) say("rubbish");
    const count = () =>
      heard.troubles
        .slice(told)
        .filter(({ detail }) => detail.includes('"rubbish"') || detail.includes("no JSON"))
        .reduce((sum, { detail }) => sum + Number(/\((\d+) times\)/.exec(detail)?.[1] ?? 1), 0);
    await vi.waitFor(() => expect(count()).toBeGreaterThanOrEqual(1_000), waiting);
    expect(heard.troubles.length - told).toBeLessThan(20);
    say("21.5");
    await vi.waitFor(() => expect(heard.samples.at(-1)).toMatchObject({ point: "heat", value: 21.5 }), waiting);
  });

  it("hear their own orders and nobody else's, and an order that nobody confirms has failed", async () => {
    const child = spawn(mosquittoSub, [...login("lamp"), "-t", "f/light", "-t", "f/sensor", "-v"]);
    children.push(child);
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => {
      said += bytes.toString("utf8");
    });
    const told = heard.troubles.length;
    await vi.waitFor(() => {
      expect(
        heard.troubles
          .slice(told)
          .map(({ detail }) => detail)
          .join(),
      ).toContain('client lamp: subscribe to "f/sensor"');
    }, waiting);
    const say = speaker("f/sensor");
    say('{"state":{"beam":"clear"}}');
    await vi.waitFor(() => expect(heard.samples.at(-1)).toMatchObject({ point: "beam", quality: "good" }), waiting);
    driver.write({ id: "w", point: "light", value: true });
    await vi.waitFor(() => expect(heard.results.at(-1)).toMatchObject({ reason: "field.write-unconfirmed" }), waiting);
    await vi.waitFor(() => expect(said).toBe("f/light true\n"), waiting);
  });

  it("log in by certificate over TLS", async () => {
    const folder = await dataFolder();
    const tlsPort = await freePort();
    const tls = { clients: "certificate" } as const;
    const secured = driverOf({ broker: { ...broker(tlsPort), tls } }, folder.dataDir);
    cleanups.push(folder.remove, () => secured.close());
    const told = listen();
    await secured.open(told.events);
    const { ca, certificate, key } = await ensureDevice(join(folder.dataDir, "field-pki"), "beam-1", Date.now());
    const keys = ["--cafile", ca, "--cert", certificate, "--key", key];
    const state = ["-m", '{"beam":"blocked","cover":"shut"}'];
    await publish("field/beam-1/state", state, ["-h", "localhost", "-p", `${tlsPort}`, "-i", "beam-1", ...keys]);
    await vi.waitFor(() => {
      expect(told.samples).toContainEqual(expect.objectContaining({ point: "blocked", value: true, quality: "good" }));
    }, waiting);
    expect(told.troubles).toEqual([]);
  });
});

function broker(at: number) {
  return { host: "127.0.0.1", port: at, connectionsMax: 8, packetBytesMax };
}
