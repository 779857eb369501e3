// A hub that logs in at an existing broker by user and password, and what it says when it cannot.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadHub } from "../../config/load.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { freePort } from "../support/free-port.js";
import { type Mosquitto, startMosquitto, withoutMosquitto } from "./mosquitto.js";

const until = { timeout: 15_000, interval: 50 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const secret = (folder: string, text: string, mode = 0o600) => {
  const path = join(folder, "data", "existing-broker.json");
  writeFileSync(path, text);
  chmodSync(path, mode);
};

/** A hub's first start makes its folder; the second one has the existing broker. */
async function startAt(port: number, prepare: (folder: string) => void): Promise<TestHub> {
  const hub = await startTestHub({ existingBroker: { url: `mqtt://127.0.0.1:${port}`, user: "hub" } }, prepare);
  closing.push(() => hub.close());
  return hub;
}

describe.skipIf(withoutMosquitto !== null)(`a login at an existing broker ${withoutMosquitto ?? ""}`, () => {
  it("uses the password of the data folder", async () => {
    const mosquitto: Mosquitto = await startMosquitto({ users: { hub: "a password" } });
    closing.push(() => mosquitto.dispose());
    const hub = await startAt(mosquitto.port, (folder) => secret(folder, '{"password":"a password"}'));
    await vi.waitFor(async () => expect((await hub.call("GET", "/healthz")).status).toBe(200), until);
  });
});

it.each([
  ["is missing", () => undefined],
  ["can be read by others", (folder: string) => secret(folder, '{"password":"a password"}', 0o644)],
  ["holds no password", (folder: string) => secret(folder, "{}")],
  ["is no JSON", (folder: string) => secret(folder, "a password")],
])("a hub whose password file %s does not start, and says why without the secret", async (_what, prepare) => {
  const failure = await startAt(await freePort(), prepare).then(
    () => "started",
    (error: Error) => error.message,
  );
  expect(failure).toMatch(/^outlet.secret-unusable at .*existing-broker.json/);
  expect(failure).not.toContain("a password");
});

it.each([
  ["mqtt://10.0.0.1:1883", "config.safety"],
  ["mqtts://user:secret@broker.example:8883", "config.schema"],
  ["https://broker.example", "config.schema"],
  ["broker.example", "config.schema"],
])("the address %s is refused with %s", (url, code) => {
  const yaml = [
    "name: { zh: 测试, en: Test }",
    "http: { host: 127.0.0.1, port: 8080 }",
    "broker: { host: 127.0.0.1, port: 8883, connectionsMax: 64, packetBytesMax: 1048576 }",
    "zeromq: { host: 127.0.0.1, publishPort: 5556, requestPort: 5557 }",
    "retentionDays: 90",
    "sites: [{ site: office, edges: [gatehouse] }]",
    "controlRooms: []",
    `existingBroker: { url: "${url}" }`,
  ];
  const loaded = loadHub(yaml.join("\n"), "hub.yaml");
  expect(loaded).toMatchObject({ ok: false, troubles: [{ code }] });
});
