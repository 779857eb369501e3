// A whole box on loopback for the contract of its HTTP and its settings: one beam and one boom gate on the broker in the box,
// both played by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { type Agent, startAgent } from "../../edge/agent/agent.js";
import { chooseSettings, type Settings } from "../../edge/agent/settings.js";
import { claimFolder } from "../../edge/machine/claim.js";
import { testFolder } from "../support/folder.js";
import { freePorts } from "../support/free-port.js";
import { until } from "../support/until.js";

export interface SmallSite {
  readonly revision: number;
  readonly http: number;
  readonly broker: number;
  /** A second beam, on a driver of its own. */
  readonly secondBroker?: number;
  readonly filterMs?: number;
}

const beamPoints = (device: string) => `
          - { id: ${device}-blocked, direction: in, device: ${device}, topic: f/${device}, payload: json, path: beam, "on": blocked, "off": clear, latencyMs: 50 }
          - { id: ${device}-cover, direction: in, device: ${device}, topic: f/${device}, payload: json, path: cover, "on": open, "off": shut, latencyMs: 50 }`;
const driver = (id: string, port: number, device: string) => `
      - id: ${id}
        kind: mqtt
        broker: { host: 127.0.0.1, port: ${port}, connectionsMax: 8, packetBytesMax: 65536 }
        devices:
          - { id: ${device}, aliveTopic: f/${device}/alive, silentAfterMs: 6000 }
        points: ${beamPoints(device)}`;
const zone = (id: string, device: string, filterMs: number) => `
      - { id: ${id}, name: { zh: ${id}光束, en: Beam ${id} }, area: fence, kind: infrared-beam, point: ${device}-blocked, tamper: ${device}-cover, filterMs: ${filterMs} }`;
const flag = (id: string) => `
          - { id: ${id}, direction: in, device: gate, topic: f/gate, payload: json, path: ${id}, latencyMs: 50 }`;
const outputs = ["gate-close", "gate-open", "siren"];
const output = (id: string) => `
          - { id: ${id}, direction: out, device: gate, topic: f/gate/${id}, payload: plain, "on": "on", "off": "off", confirmTopic: f/gate/${id}-is, confirmWithinMs: 500 }`;

export function smallSite({ revision, http, broker, secondBroker, filterMs = 40 }: SmallSite): string {
  return `site: small
name: { zh: 小站点, en: Small site }
revision: ${revision}
edges:
  - id: box
    name: { zh: 主机, en: Box }
    http: { host: 127.0.0.1, port: ${http} }
    journal: { retentionDays: 90, quotaMiB: 64, reserveMiB: 8 }
    settleMs: 1000
    drivers:
      - id: field
        kind: mqtt
        broker: { host: 127.0.0.1, port: ${broker}, connectionsMax: 8, packetBytesMax: 65536 }
        devices:
          - { id: beam, aliveTopic: f/beam/alive, silentAfterMs: 6000 }
          - { id: gate, aliveTopic: f/gate/alive, silentAfterMs: 6000 }
        points: ${beamPoints("beam")}${["closed", "open", "loop"].map(flag).join("")}${outputs.map(output).join("")}
${secondBroker === undefined ? "" : driver("field-2", secondBroker, "beam-2")}
    areas:
      - { id: fence, name: { zh: 围墙, en: Fence }, kind: perimeter, armedAtStart: true }
      - { id: entrance, name: { zh: 出入口, en: Entrance }, kind: entrance, armedAtStart: true }
    zones: ${zone("fence-1", "beam", filterMs)}${secondBroker === undefined ? "" : zone("fence-2", "beam-2", 40)}
    barriers:
      - id: boom
        name: { zh: 道闸, en: Boom gate }
        area: entrance
        kind: boom-gate
        entrance: main
        drive: { kind: relays, close: gate-close, open: gate-open }
        closed: closed
        open: open
        interlocks: [loop]
        travelMs: 3000
        warnMs: 1000
        clearMs: 1000
        onFire: hold
        afterStandDown: open
    groups:
      - { id: lane, name: { zh: 车道, en: Lane }, barriers: [boom], staggerMs: 0 }
    annunciators:
      - { id: siren, name: { zh: 警号, en: Siren }, kind: siren-strobe, points: [siren], soundMsMax: 90000 }
    responses:
      - id: perimeter-alarm
        name: { zh: 周界报警, en: Perimeter alarm }
        on: [{ area: fence }]
        steps:
          - { id: siren, kind: announce, annunciator: siren, withinMs: 5000 }
`;
}

export interface SmallBox {
  readonly dataDir: string;
  readonly url: string;
  readonly site: SmallSite;
  readonly agent: Agent;
  get(path: string): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

export interface SmallBoxOptions {
  readonly pkiDir?: string;
  /** What the site file says otherwise. */
  readonly rewrite?: (text: string) => string;
  /** What is not in the file. */
  readonly change?: (settings: Settings) => Settings;
}

export async function startSmallBox({ pkiDir, rewrite, change }: SmallBoxOptions = {}): Promise<SmallBox> {
  const dataDir = testFolder();
  const [http = 0, broker = 0] = await freePorts(2);
  const site: SmallSite = { revision: 1, http, broker };
  const file = join(dataDir, "given.yaml");
  const text = smallSite(site);
  writeFileSync(file, rewrite?.(text) ?? text);
  claimFolder(dataDir);
  const chosen = chooseSettings(dataDir, file, "box");
  const settings = change?.(chosen) ?? chosen;
  const agent = await startAgent({
    settings,
    dataDir,
    pkiDir: pkiDir ?? null,
    version: "test",
    log: pino({ level: "silent" }),
    service: { tell: () => undefined, stopping: () => undefined },
  });
  const url = `http://127.0.0.1:${site.http}`;
  const get = async (path: string) => {
    const answer = await fetch(url + path);
    const text = await answer.text();
    return {
      status: answer.status,
      body: answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text,
    };
  };
  await until("the box's HTTP listens", async () => (await get("/api/v1/status")).status === 200);
  return { dataDir, url, site, agent, get, close: () => agent.close("test") };
}

export interface Player {
  /** Says it now and then each second, as a device does. */
  say(state: Readonly<Record<string, unknown>>): void;
  freeze(): void;
  connected(): boolean;
  /** The last order on a topic of its own. */
  ordered(topic: string): string | undefined;
  close(): Promise<void>;
}

/** A device that logs in with the password that the box has made for it. */
export async function playDevice(dataDir: string, port: number, device: string): Promise<Player> {
  const password = await until("the box has made a password", async () => {
    const file = readFileSync(join(dataDir, "field-credentials.json"), "utf8");
    return (JSON.parse(file) as { devices: Record<string, { password: string }> }).devices[device]?.password;
  });
  const client: MqttClient = await connectAsync({
    host: "127.0.0.1",
    port,
    clientId: device,
    username: device,
    password,
    protocolVersion: 4,
    reconnectPeriod: 100,
  });
  client.on("error", () => undefined);
  const orders = new Map<string, string>();
  client.on("message", (topic, payload) => {
    orders.set(topic, payload.toString());
    client.publish(`${topic}-is`, payload);
  });
  // Its own topics and no others: the broker refuses a wildcard.
  if (device === "gate") await client.subscribeAsync(outputs.map((id) => `f/gate/${id}`));
  let state: object | null = null;
  const tell = () => {
    if (state === null || !client.connected) return;
    client.publish(`f/${device}`, JSON.stringify(state));
    client.publish(`f/${device}/alive`, "online");
  };
  const ticking = setInterval(tell, 500);
  return {
    say(next) {
      state = next;
      tell();
    },
    freeze() {
      state = null;
    },
    connected: () => client.connected,
    ordered: (topic) => orders.get(topic),
    async close() {
      clearInterval(ticking);
      await client.endAsync(true);
    },
  };
}
