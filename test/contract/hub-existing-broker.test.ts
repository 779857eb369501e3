// A hub that meets its boxes at an existing Mosquitto: over TLS, with the ACL file that the command line prints.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { issueClient } from "../../config/certificates.js";
import type { Recorder } from "../../edge/agent/recorder.js";
import { createClock } from "../../edge/machine/clock.js";
import type { Lane } from "../../edge/model/record.js";
import { mosquittoAcl } from "../../hub/broker/mosquitto-acl.js";
import { createJournal } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { startBoxRecorder } from "../support/box-recorder.js";
import { freePort } from "../support/free-port.js";
import { type Mosquitto, startMosquitto, withoutMosquitto } from "./mosquitto.js";

const until = { timeout: 20_000, interval: 50 };
const clock = createClock();
const boxes = ["compound.gatehouse", "compound.annex"];
const rogue = "user stranger\ntopic readwrite #\n";

describe.skipIf(withoutMosquitto !== null)(`a hub at an existing broker ${withoutMosquitto ?? ""}`, () => {
  let hub: TestHub;
  let token: string;
  let mosquitto: Mosquitto;
  let box: string;
  let recorder: Recorder;

  beforeAll(async () => {
    const port = await freePort();
    hub = await startTestHub({ existingBroker: { url: `mqtts://127.0.0.1:${port}` } });
    token = await hub.hub.issueToken("li", "administrator", 1);
    expect((await hub.call("GET", "/healthz")).body).toMatchObject({
      ready: false,
      reasons: ["existing-broker-away"],
      broker: "existing",
    });
    const stranger = await issueClient(pair("ca"), { name: "stranger", now: Date.now() });
    writeFileSync(join(hub.folder, "pki", "stranger.pem"), stranger.certificate);
    writeFileSync(join(hub.folder, "pki", "stranger.key"), stranger.key);
    mosquitto = await startMosquitto({ users: {}, tls: hub.tls("hub"), acl: mosquittoAcl(boxes) + rogue, port });
    box = mkdtempSync(join(tmpdir(), "portcullis-box-"));
    mkdirSync(join(box, "edges"));
    cpSync(join(hub.folder, "pki", "ca.pem"), join(box, "ca.pem"));
    // In its last third, so that it is renewed over this broker.
    const old = await issueClient(pair("ca"), { name: "compound.gatehouse", now: Date.now() - 700 * 86_400_000 });
    writeFileSync(join(box, "edges", "box.pem"), old.certificate);
    writeFileSync(join(box, "edges", "box.key"), old.key);
    const folders = { dataDir: join(box, "journal"), keysDir: join(box, "keys"), pki: box, certificate: "box" };
    recorder = await startBoxRecorder(folders, port);
  }, 60_000);
  afterAll(async () => {
    await recorder?.close();
    await hub?.close();
    await mosquitto?.dispose();
    if (box !== undefined) rmSync(box, { recursive: true });
  });

  const pair = (stem: string) => {
    const read = (ending: string) => readFileSync(join(hub.folder, "pki", `${stem}.${ending}`), "utf8");
    return { certificate: read("pem"), key: read("key") };
  };

  async function append(lane: Lane, count: number): Promise<void> {
    const entries = Array.from({ length: count }, (_, at) => {
      const data = { limit: "test", detail: `${at}` };
      return {
        fact: { type: "limit.reached", lane, subject: "test", data } as const,
        now: clock.now(),
        exercise: false,
      };
    });
    await Promise.all(entries.map((entry) => recorder.append([entry])));
  }

  /** Everything that the box has recorded stands in the ledger, once. */
  async function delivered(): Promise<void> {
    const expected = { hubConnected: true, backlog: { alarm: 0, state: 0, telemetry: 0 } };
    await vi.waitFor(async () => expect(await recorder.status()).toMatchObject(expected), until);
    const { heads } = await recorder.status();
    const { body } = await hub.call("GET", "/api/v1/records?limit=5000", { token });
    const ids = body.items
      .filter((item) => item["edge"] === "gatehouse")
      .map((item) => (item["record"] as { id: string }).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(heads.reduce((sum, { sequence }) => sum + sequence, 0));
  }

  it("starts without it, says so, and is ready when it is there; no broker of its own runs", async () => {
    await vi.waitFor(async () => {
      expect(await hub.call("GET", "/healthz")).toMatchObject({ status: 200, body: { broker: "existing" } });
    }, until);
    expect([hub.hub.ports.broker, hub.hub.brokerPid()]).toEqual([0, undefined]);
  });

  it("stores what a box sends, and renews its certificate", async () => {
    await append("alarm", 5);
    await append("state", 50);
    await delivered();
    await vi.waitFor(() => expect(existsSync(join(box, "edges", "box.next.key"))).toBe(false), until);
    const { body } = await hub.call("GET", "/api/v1/certificates", { token });
    expect(body.items).toMatchObject([{ name: "compound.gatehouse", via: "renewal", revoked: null }]);
    await delivered();
  });

  it("carries a command down and its result up", async () => {
    recorder.onCommand(async ({ id, act }) => ({ id, ok: act.kind === "lock-down", code: "" }));
    const body = { site: "compound", edge: "gatehouse", act: { kind: "lock-down", group: "main" }, reason: "test" };
    const sent = await hub.call("POST", "/api/v1/commands", { token, body });
    await vi.waitFor(async () => {
      expect((await hub.call("GET", `/api/v1/commands/${sent.body.id}`, { token })).body.state).toBe("done");
    }, until);
  });

  it("loses nothing when the broker is killed and started again, nor when the hub is", async () => {
    await append("alarm", 10);
    await mosquitto.kill();
    await append("alarm", 20);
    await append("state", 100);
    await vi.waitFor(async () => expect((await hub.call("GET", "/healthz")).status).toBe(503), until);
    await mosquitto.start();
    await delivered();
    const restarted = hub.restart();
    await append("alarm", 20);
    await restarted;
    await delivered();
  }, 60_000);

  it("believes no topic more than the record in it, hears no box that it does not list, and nothing that was retained", async () => {
    const { certificate: cert, key } = pair("stranger");
    const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${mosquitto.port}`, {
      ca: hub.tls("hub").ca,
      cert,
      key,
      clientId: "stranger",
      protocolVersion: 4,
    });
    const say = (edge: string, lane: string, record: unknown, retain = false) =>
      client.publishAsync(`portcullis/v1/compound/${edge}/${lane}`, JSON.stringify({ records: [record] }), {
        qos: 1,
        retain,
      });
    const forged = createJournal("compound", "gatehouse").add("zone.breached", {});
    const unlisted = createJournal("compound", "stranger").add("zone.breached", {});
    const retained = createJournal("compound", "annex").add("zone.breached", {});
    await say("annex", "alarm", forged);
    await say("stranger", "alarm", unlisted);
    await say("annex", "alarm", retained, true);
    await say("annex", "alarm", retained, true);
    await hub.restart();
    await vi.waitFor(async () => {
      const { message } = (await hub.call("GET", "/metrics")).body;
      expect(message).toMatch(/refused_total\{code="field.topic-refused"\} 1/);
    }, until);
    await client.publishAsync("portcullis/v1/compound/annex/alarm", "", { qos: 1, retain: true });
    const { body } = await hub.call("GET", "/api/v1/records?limit=5000", { token });
    const text = JSON.stringify(body.items.filter((item) => item["edge"] !== "gatehouse"));
    expect(text).not.toContain('"id":"stranger/');
    expect(
      body.items.some(
        (item) => item["edge"] === "annex" && (item["record"] as { id: string }).id.startsWith("gatehouse"),
      ),
    ).toBe(false);
    expect(text).toContain(
      "/source is /portcullis/compound/gatehouse, the topic belongs to /portcullis/compound/annex",
    );
    await client.endAsync(true);
  }, 60_000);

  it("does not hear a box any more whose certificates are revoked, although the broker lets it speak", async () => {
    await delivered();
    await hub.call("POST", "/api/v1/edges/compound/gatehouse/revoke", { token, body: { reason: "stolen" } });
    await append("state", 3);
    await vi.waitFor(async () => {
      expect((await hub.call("GET", "/metrics")).body.message).toMatch(
        /refused_total\{code="field.login-refused"\} [1-9]/,
      );
    }, until);
    expect((await recorder.status()).backlog.state).toBe(3);
  });
});
