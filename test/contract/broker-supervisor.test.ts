// The supervisor of the broker's process: it comes back from every end, also where the machine has no room for a process.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureHubPki } from "../../config/hub-pki.js";
import { everybody } from "../../hub/broker/admission.js";
import {
  type BrokerSettings,
  type BrokerSupervisor,
  forkBroker,
  superviseBroker,
} from "../../hub/broker/supervisor.js";

const waiting = { timeout: 20_000, interval: 10 };

describe("the broker's supervisor", () => {
  let folder: string;
  let settings: BrokerSettings;
  let died: string[];
  let broker: BrokerSupervisor | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "portcullis-broker-"));
    await ensureHubPki(folder, { edges: [], hosts: [], now: Date.now() });
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    const tls = { ca: read("ca.pem"), cert: read("hub.pem"), key: read("hub.key"), requestCert: true };
    const listening = { host: "127.0.0.1", port: 0, connectionsMax: 4, packetBytesMax: 4096 };
    settings = { ...listening, tls, audience: "boxes", names: [], admission: everybody };
    died = [];
  });
  afterEach(async () => {
    await broker?.close();
    broker = undefined;
    rmSync(folder, { recursive: true });
  });

  /** Each start takes the next way, and the last one for good. */
  async function supervise(...ways: readonly (() => ChildProcess)[]): Promise<BrokerSupervisor> {
    const left = [...ways];
    const launch = () => (left.length > 1 ? left.shift() : left[0])?.() ?? forkBroker();
    broker = await superviseBroker(settings, { event: () => undefined, died: (how) => died.push(how) }, launch);
    return broker;
  }
  const missing = () => spawn("/no/such/program");
  const noRoom = (): ChildProcess => {
    throw new Error("spawn ENOMEM");
  };
  const short = () => spawn(process.execPath, ["--eval", "process.exit(3)"]);

  it("starts it again after an end, after one that came at once, and where none could be started, and tells each once", async () => {
    const { pid, isUp, port } = await supervise(forkBroker, missing, noRoom, short, forkBroker);
    const first = pid();
    process.kill(first ?? 0, "SIGKILL");
    await vi.waitFor(() => expect(isUp()).toBe(false), waiting);
    await vi.waitFor(() => expect(isUp()).toBe(true), waiting);
    expect(pid()).not.toBe(first);
    expect(died.map((how) => how.replace(/; next.*/, ""))).toEqual([
      "the broker's process ended with SIGKILL",
      "the broker's process could not be started: spawn /no/such/program ENOENT",
      "the broker's process could not be started: Error: spawn ENOMEM",
      "the broker's process ended with 3",
    ]);
    expect(port).toBeGreaterThan(0);
  });

  it.each([
    ["is not there", missing],
    ["finds no room", noRoom],
    ["ends at once", short],
  ])("rejects when the first one %s", async (_name, way) => {
    await expect(supervise(way)).rejects.toThrow("before it listened");
  });
});
