// The box's recorder against the real hub over mutual TLS, over a line that can be cut.
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAuthority } from "../../config/certificates.js";
import type { Recorder } from "../../edge/agent/recorder.js";
import type { RecorderEntry } from "../../edge/agent/recorder-messages.js";
import { createClock } from "../../edge/machine/clock.js";
import type { Lane } from "../../edge/model/record.js";
import { createMqttLink } from "../../edge/uplink/mqtt-link.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { startBoxRecorder } from "../support/box-recorder.js";
import { testFolder } from "../support/folder.js";
import { type Plug, startPlug } from "../support/plug.js";

const until = { timeout: 15_000, interval: 20 };
const clock = createClock();
let hub: TestHub;
let line: Plug;
let recorder: Recorder;
const troubles: string[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  line = await startPlug(hub.hub.ports.broker);
  const dataDir = testFolder();
  const folders = { dataDir, keysDir: join(dataDir, "keys"), pki: join(hub.folder, "pki") };
  recorder = await startBoxRecorder(folders, line.port);
  recorder.onTrouble((code, detail) => troubles.push(`${code} ${detail}`));
}, 30_000);

afterAll(async () => {
  await recorder.close();
  await line.close();
  await hub.close();
});

function entry(lane: Lane, detail: string): RecorderEntry {
  const data = { limit: "test", detail };
  return { fact: { type: "limit.reached", lane, subject: "test", data }, now: clock.now(), exercise: false };
}

async function append(lane: Lane, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, at) => entry(lane, `${at}`));
  await Promise.all(entries.map((one) => recorder.append([one])));
}

async function delivered(): Promise<void> {
  const expected = { hubConnected: true, backlog: { alarm: 0, state: 0, telemetry: 0 } };
  await vi.waitFor(async () => expect(await recorder.status()).toMatchObject(expected), until);
}

test("every durable record reaches the hub's ledger", async () => {
  await append("state", 500);
  await append("alarm", 20);
  await delivered();
});

test("with the hub gone the box goes on recording, and catches up when it is back", async () => {
  line.set("cut");
  const restarted = hub.restart();
  await append("alarm", 50);
  await append("telemetry", 50);
  await restarted;
  line.set("open");
  await delivered();
  expect(troubles.filter((trouble) => !trouble.startsWith("uplink.unreachable"))).toEqual([]);
});

test("a command of the hub is executed at the box and its result comes back", async () => {
  recorder.onCommand(async ({ id, act }) => ({ id, ok: act.kind === "lock-down", code: "" }));
  const token = await hub.hub.issueToken("wang", "operator", 1);
  const body = { site: "compound", edge: "gatehouse", act: { kind: "lock-down", group: "main" }, reason: "drill" };
  const sent = await hub.call("POST", "/api/v1/commands", { token, body });
  expect(sent.status).toBe(201);
  await vi.waitFor(async () => {
    expect((await hub.call("GET", `/api/v1/commands/${sent.body.id}`, { token })).body.state).toBe("done");
  }, until);
});

test("S-14: a command runs once; said again, of another connection or late it is refused with a code, whoever says it", async () => {
  const executed: string[] = [];
  recorder.onCommand(async ({ id }) => {
    executed.push(id);
    return { id, ok: true, code: "" };
  });
  const root = "portcullis/v1/compound/gatehouse";
  // Somebody who has the hub's own key and hears what it says.
  const thief = await mqtt.connectAsync(`mqtts://127.0.0.1:${hub.hub.ports.broker}`, {
    ...hub.tls("intake"),
    clientId: "hub-intake",
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  thief.on("error", () => undefined);
  const status = new Promise<string>((resolve) => thief.once("message", (_topic, said) => resolve(said.toString())));
  await thief.subscribeAsync(`${root}/status`);
  const { session }: { session: string } = JSON.parse(await status);
  const order = { id: "once", issuers: ["wang"], reason: "", act: { kind: "silence" }, session, ttlMs: 5_000 };
  for (const said of [
    order,
    order,
    { ...order, id: "old", session: "0".repeat(32) },
    { ...order, id: "late", ttlMs: 0.001 },
    { ...order, id: "nobody's", issuers: [] },
    { ...order, id: "endless", ttlMs: 1e9 },
  ])
    thief.publish(`${root}/command`, JSON.stringify(said));
  const refused = () => troubles.filter((trouble) => !trouble.startsWith("uplink.unreachable"));
  await vi.waitFor(() => expect(refused().length).toBe(5), until);
  await thief.endAsync(true);
  expect(executed).toEqual(["once"]);
  expect(
    refused()
      .map((trouble) => trouble.split(" ")[0])
      .toSorted(),
  ).toEqual([
    "command.expired",
    "command.expired",
    "command.replayed",
    "uplink.message-invalid",
    "uplink.message-invalid",
  ]);
  expect(refused().join()).toContain("late: came too late");
});

test("a hub whose certificate another authority signed is refused", async () => {
  const { certificate } = await createAuthority("somebody else", Date.now());
  const link = createMqttLink({
    url: `mqtts://127.0.0.1:${hub.hub.ports.broker}`,
    clientId: "compound.annex",
    subscribe: ["portcullis/v1/compound/annex/ack"],
    will: { topic: "portcullis/v1/compound/annex/status", payload: "{}" },
    tls: { ...hub.tls("compound.annex"), ca: certificate },
  });
  const reason = await new Promise<string>((down, up) => link.connect({ up, down, message: () => undefined }));
  expect(reason).toMatch(/certificate/);
  await link.close();
});
