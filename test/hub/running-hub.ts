// A whole hub on free ports with certificates of its own, for tests that go through its sockets.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { curveKeyPair } from "zeromq";
import type { HubConfig } from "../../config/hub.js";
import { ensureHubPki } from "../../config/hub-pki.js";
import { type RunningHub, startHub } from "../../hub/start.js";
import type { BoxTls } from "./box.js";

const site = "compound";
const edge = "gatehouse";

const config: HubConfig = {
  name: { zh: "测试", en: "Test" },
  http: { host: "127.0.0.1", port: 0 },
  broker: { host: "127.0.0.1", port: 0, connectionsMax: 64, packetBytesMax: 1_048_576 },
  zeromq: { host: "127.0.0.1", publishPort: 0, requestPort: 0 },
  retentionDays: 90,
  sites: [{ site, edges: [edge, "annex"] }],
  controlRooms: [],
};

export interface TestHub {
  readonly hub: RunningHub;
  readonly folder: string;
  readonly curve: { readonly publicKey: string; readonly secretKey: string };
  /** Key pair of the one control room that is let in. */
  readonly listener: { readonly publicKey: string; readonly secretKey: string };
  tls(name: string): BoxTls;
  call(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<{ status: number; body: Answer; headers: Headers }>;
  /** Closes the hub and starts it again on the same folder and ports. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** Whatever the API answers; a field that an answer lacks is undefined and fails the test's expectation. */
export interface Answer {
  readonly items: readonly Item[];
  readonly steps: readonly Item[];
  readonly timeline: readonly Item[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly id: string;
  readonly state: string;
  readonly code: string;
  readonly message: string;
  readonly place: string;
  readonly token: string;
  readonly acknowledgedBy: string;
}

interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const log = pino({ level: process.env["PORTCULLIS_TEST_LOG"] ?? "silent" });

/** `changes` of the configuration; `prepare` sees the folder before the hub does, with its data folder `data`. */
export async function startTestHub(
  changes: Partial<HubConfig> = {},
  prepare: (folder: string) => void = () => undefined,
): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-hub-"));
  mkdirSync(join(folder, "data"));
  prepare(folder);
  const edges = [edge, "annex", "stranger"].map((name) => ({ site, edge: name }));
  const rooms = changes.outlets?.mqtt?.rooms ?? [];
  await ensureHubPki(join(folder, "pki"), { edges, rooms: rooms.map(({ name }) => name), hosts: [], now: Date.now() });
  const curve = curveKeyPair();
  const listener = curveKeyPair();
  const start = (ports?: RunningHub["ports"]) =>
    startHub({
      config: {
        ...config,
        ...changes,
        http: { ...config.http, ...changes.http, port: ports?.http ?? 0 },
        broker: { ...config.broker, port: ports?.broker ?? 0 },
      },
      dataDir: join(folder, "data"),
      pkiDir: join(folder, "pki"),
      curve: { ...curve, allowed: [listener.publicKey] },
      log,
    });
  let hub = await start();
  const pem = (file: string) => readFileSync(join(folder, "pki", file), "utf8");
  return {
    get hub() {
      return hub;
    },
    folder,
    curve,
    listener,
    tls: (name) => {
      const isRoom = rooms.some((room) => room.name === name);
      const stem = name.includes(".") ? join("edges", name) : isRoom ? join("rooms", name) : name;
      return { ca: pem("ca.pem"), cert: pem(`${stem}.pem`), key: pem(`${stem}.key`) };
    },
    async call(method, path, { token, body, headers = {} } = {}) {
      const response = await fetch(`http://127.0.0.1:${hub.ports.http}${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return {
        status: response.status,
        body: isJson ? JSON.parse(text) : ({ message: text } as Answer),
        headers: response.headers,
      };
    },
    async restart() {
      const { ports } = hub;
      await hub.close();
      hub = await start(ports);
    },
    async close() {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
