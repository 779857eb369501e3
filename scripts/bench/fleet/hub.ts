// A real hub in a process of its own with every outlet that the load is told through, how much memory it takes, and its
// violent end.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HubConfig } from "../../../config/hub.js";
import { builtFile } from "../../../edge/machine/built.js";
import { outletTo } from "../../../test/support/dc09-receiver.js";
import { freePorts } from "../../../test/support/free-port.js";
import { childrenOf, endProcess, residentBytes } from "../../../test/support/processes.js";
import type { HubReady } from "../../commands/hub.js";
import { admitControlRoom, type CurvePair, ensureCurvePair } from "../../curve.js";
import type { BoxName } from "./box.js";

const startWithinMs = 120_000;
const host = "127.0.0.1";

export interface HubSetup {
  readonly folder: string;
  /** Certificates, made before. */
  readonly pki: string;
  readonly boxes: readonly BoxName[];
  readonly rooms: readonly string[];
  readonly webhook: string;
  /** Alarm receivers that listen, by name. */
  readonly stations: readonly { readonly name: string; readonly port: number }[];
}

export interface HubReach {
  readonly http: string;
  readonly broker: string;
  readonly roomsPort: number;
  readonly publish: string;
  readonly request: string;
  readonly curve: { readonly server: string; readonly client: CurvePair };
  readonly token: string;
  readonly opcuaPort: number;
  /** The hub's data folder. */
  readonly dataDir: string;
  /** Who may listen over OPC UA. */
  readonly login: { readonly user: string; readonly password: string };
}

export interface Memory {
  readonly hub: number;
  readonly brokers: number;
}

export interface BenchHub extends HubReach {
  readonly ledger: string;
  /** Resident memory in bytes: the hub itself, and all its brokers. */
  memory(): Memory;
  /** Computing of the hub and its brokers since they began, ms. */
  computedMs(): number;
  /** kill -9. The hub's supervisor starts another broker. */
  killBroker(): void;
  /** kill -9, and the same again on the same folder. Resolves when it listens. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

export async function startBenchHub(setup: HubSetup): Promise<BenchHub> {
  const { folder } = setup;
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  symlinkSync(setup.pki, join(data, "pki"));
  const config = await configOf(setup);
  writeFileSync(join(folder, "hub.yaml"), JSON.stringify(config));
  const client = ensureCurvePair(join(folder, "control-room.json"));
  admitControlRoom(join(data, "curve"), "bench", client.publicKey);
  let running = await startChild(folder, data);
  const server = ensureCurvePair(join(data, "curve", "hub.json")).publicKey;
  const { http, broker, zeromq, outlets } = config;
  const login = await firstLogin(`http://${host}:${http.port}`, running.oneTimeCode ?? "");
  return {
    opcuaPort: outlets?.opcua?.port ?? 0,
    dataDir: data,
    login,
    http: `http://${host}:${http.port}`,
    broker: `mqtts://${host}:${broker.port}`,
    roomsPort: outlets?.mqtt?.port ?? 0,
    publish: `tcp://${host}:${zeromq.publishPort}`,
    request: `tcp://${host}:${zeromq.requestPort}`,
    curve: { server, client },
    token: running.token,
    ledger: join(data, "ledger.sqlite"),
    memory() {
      const brokers = childrenOf(running.pid).map(residentBytes);
      return { hub: residentBytes(running.pid), brokers: brokers.reduce((sum, bytes) => sum + bytes, 0) };
    },
    computedMs: () => [running.pid, ...childrenOf(running.pid)].reduce((sum, pid) => sum + computedMs(pid), 0),
    killBroker() {
      // The boxes' broker is started before the control rooms'.
      const [oldest] = childrenOf(running.pid);
      if (oldest !== undefined) process.kill(oldest, "SIGKILL");
    },
    async killAndRestart() {
      await endProcess(running.child, "SIGKILL");
      running = await startChild(folder, data);
    },
    close: () => endProcess(running.child, "SIGTERM"),
  };
}

/** As the first person does: comes in by the code and sets a password. */
async function firstLogin(url: string, code: string): Promise<HubReach["login"]> {
  const password = randomBytes(24).toString("base64url");
  const post = async (path: string, body: object, token?: string) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const { user, token } = (await (await post("sessions", { code })).json()) as { user: string; token: string };
  await post("users/me/password", { password }, token);
  return { user, password };
}

async function configOf({ boxes, rooms, webhook, stations }: HubSetup): Promise<HubConfig> {
  const [http = 0, broker = 0, publishPort = 0, requestPort = 0, roomsPort = 0, opcuaPort = 0] = await freePorts(6);
  const sites = new Map<string, string[]>();
  for (const { site, edge } of boxes) sites.set(site, [...(sites.get(site) ?? []), edge]);
  return {
    name: { zh: "负载", en: "Load" },
    http: { host, port: http },
    broker: { host, port: broker, connectionsMax: boxes.length + 64, packetBytesMax: 1_048_576 },
    zeromq: { host, publishPort, requestPort },
    retentionDays: 90,
    sites: [...sites].map(([site, edges]) => ({ site, edges })),
    outlets: {
      mqtt: { host, port: roomsPort, rooms: rooms.map((name) => ({ name })) },
      webhooks: [{ name: "ward", url: webhook }],
      opcua: { host, port: opcuaPort },
      dc09: stations.map(({ name, port }) => outletTo(port, name, { account: "1234", encrypted: false })),
    },
    controlRooms: [],
  };
}

/** Resolves when the hub of `folder`'s `hub.yaml` listens. Its log goes to `hub.log`. */
export async function startChild(folder: string, data: string) {
  const log = openSync(join(folder, "hub.log"), "a");
  const entry = fileURLToPath(builtFile("scripts/portcullis.ts"));
  const child = spawn(process.execPath, [entry, "hub", "--config", join(folder, "hub.yaml"), "--data", data], {
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const ready = await new Promise<HubReady>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no hub within ${startWithinMs} ms`)), startWithinMs);
    child.once("message", (message: HubReady) => {
      clearTimeout(late);
      resolve(message);
    });
    child.once("exit", (code) => reject(new Error(`the hub ended with ${code}, see ${folder}/hub.log`)));
  });
  return { child, pid: child.pid ?? 0, token: ready.tokens.supervisor, oneTimeCode: ready.oneTimeCode };
}

/** Linux counts in hundredths of a second. */
function computedMs(pid: number): number {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user = 0, system = 0] = fields.split(" ").slice(11, 13).map(Number);
  return (user + system) * 10;
}
