// A hub under the load of many boxes: boxes that connect one after the other, storms of alarms, control rooms that freeze,
// processes that are killed; and what came of each alarm.
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import SqliteDatabase from "better-sqlite3";
import { ensureHubPki } from "../../../config/hub-pki.js";
import { loadSite, readConfigFile } from "../../../config/load.js";
import { inventoryOf } from "../../../edge/agent/inventory.js";
import { builtFile } from "../../../edge/machine/built.js";
import type { Inventory } from "../../../edge/model/inventory.js";
import { endProcess } from "../../../test/support/processes.js";
import { until } from "../../../test/support/until.js";
import type { BoxName, Sent } from "./box.js";
import type { BoxesReport, ToBoxes } from "./boxes.js";
import { type BenchHub, type Memory, startBenchHub } from "./hub.js";
import * as outlets from "./outlets.js";
import * as protocols from "./protocols.js";

const boxesPerSite = 50;
const healthyRoom = "room-healthy";

export interface FleetOptions {
  readonly boxes: number;
  /** Processes that the boxes share. */
  readonly programs: number;
  readonly connectsPerSecond: number;
  readonly frozen: number;
  /** Nothing happens for so long before memory is looked at, and after control rooms were frozen. */
  readonly settleMs: number;
  /** Keeps the certificates for the next run; absent: a folder that goes with the fleet. */
  readonly pki?: string;
  readonly tell: (line: string) => void;
}

export interface StormResult {
  readonly sent: readonly Sent[];
  readonly outlets: readonly { readonly name: string; readonly seen: outlets.Seen }[];
}

export interface Fleet {
  /** Without any box, and with all of them. */
  readonly memory: { readonly empty: Memory; readonly full: Memory };
  /** Computing of the hub and its brokers since they began, ms. */
  computedMs(): number;
  connected(): Promise<number>;
  /**
   * One alarm per key, spread over the boxes and over `withinMs`; `amid` happens in the middle. Resolves when every alarm
   * is acknowledged and at every healthy outlet, rejects after `patienceMs`.
   */
  storm(keys: readonly string[], options: StormOptions): Promise<StormResult>;
  freeze(): Promise<void>;
  killBroker(): void;
  killHub(): Promise<void>;
  /** How often the ledger holds each alarm. */
  counts(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export interface StormOptions {
  readonly withinMs: number;
  readonly amid?: () => Promise<void> | void;
  readonly patienceMs: number;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { tell } = options;
  const folder = mkdtempSync(join(tmpdir(), "portcullis-fleet-"));
  const closers: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open(options, folder, closers)), close };
  } catch (error) {
    tell(`failed, see ${folder}/hub.log`);
    closers.shift();
    await close();
    throw error;
  }
}

async function open(
  options: FleetOptions,
  folder: string,
  closers: (() => Promise<void>)[],
): Promise<Omit<Fleet, "close">> {
  const { tell } = options;
  const names = Array.from({ length: options.boxes }, (_, index): BoxName => {
    const site = Math.floor(index / boxesPerSite) + 1;
    return { site: `site-${site}`, edge: `box-${(index % boxesPerSite) + 1}` };
  });
  const { frozenRooms } = shares(options.frozen);
  const pki = options.pki ?? join(folder, "pki");
  mkdirSync(pki, { recursive: true, mode: 0o700 });
  tell(`certificates of ${names.length} boxes in ${pki}`);
  await ensureHubPki(pki, { edges: names, rooms: [healthyRoom, ...frozenRooms], hosts: [], now: Date.now() });
  const webhook = await outlets.openWebhook();
  closers.push(webhook.close);
  const rooms = [healthyRoom, ...frozenRooms];
  const station = await protocols.openStation(() => hub.ledger);
  const mute = await protocols.openMuteStation();
  closers.push(station.close, mute.close);
  const stations = [
    { name: "station", port: station.port },
    ...(options.frozen > 0 ? [{ name: "mute", port: mute.port }] : []),
  ];
  const hub = await startBenchHub({ folder, pki, boxes: names, rooms, webhook: webhook.url, stations });
  closers.push(hub.close);
  const tls = (room: string) => roomTls(pki, room);
  const healthy = [webhook, station, ...(await openListeners(hub, tls(healthyRoom)))];
  closers.push(async () => void (await Promise.all(healthy.map((outlet) => outlet.close()))));
  await pause(options.settleMs);
  const empty = hub.memory();
  const programs = startPrograms(options, names, { url: hub.broker, pki, inventory: readInventory() });
  closers.push(programs.close);
  await programs.allConnected();
  tell(`${names.length} boxes are connected`);
  await pause(options.settleMs);
  return {
    memory: { empty, full: hub.memory() },
    computedMs: hub.computedMs,
    connected: programs.connected,
    storm: (keys, how) => storm({ programs, healthy }, keys, how),
    async freeze() {
      if (options.frozen > 0) mute.freeze();
      closers.push(...(await freezeAll(hub, options.frozen, tls)).map((frozen) => frozen.close));
      await pause(options.settleMs);
    },
    killBroker: hub.killBroker,
    killHub: hub.killAndRestart,
    counts: () => countAlarms(hub.ledger),
  };
}

function openListeners(hub: BenchHub, tls: ReturnType<typeof roomTls>): Promise<readonly outlets.Outlet[]> {
  return Promise.all([
    outlets.openRoom(hub, healthyRoom, tls),
    outlets.openStream(hub),
    outlets.openFeed(hub),
    protocols.openConditions(hub),
  ]);
}

function roomTls(pki: string, room: string) {
  const read = (file: string) => readFileSync(join(pki, file), "utf8");
  return { ca: read("ca.pem"), cert: read(`rooms/${room}.pem`), key: read(`rooms/${room}.key`) };
}

/** Of each ten frozen control rooms one is on ZeroMQ, four read the event stream, the rest are on MQTT; one more each on OPC UA and DC-09. */
function shares(frozen: number) {
  const feeds = Math.min(1, frozen);
  const streams = Math.floor((frozen - feeds) * 0.45);
  return {
    feeds,
    streams,
    frozenRooms: Array.from({ length: frozen - feeds - streams }, (_, index) => `room-${index}`),
  };
}

function freezeAll(hub: BenchHub, frozen: number, tls: (room: string) => ReturnType<typeof roomTls>) {
  const { feeds, streams, frozenRooms } = shares(frozen);
  return Promise.all([
    ...Array.from({ length: feeds }, () => outlets.freezeFeed(hub)),
    ...(frozen > 0 ? [protocols.freezeConditions(hub)] : []),
    ...Array.from({ length: streams }, () => outlets.freezeStream(hub)),
    ...frozenRooms.map((room) => outlets.freezeRoom(hub, room, tls(room))),
  ]);
}

/** What the example office says of itself. */
function readInventory(): Inventory {
  const file = fileURLToPath(new URL("../config/office.yaml", builtFile("scripts")));
  const text = readConfigFile(file);
  const site = text.ok ? loadSite(text.text, file) : text;
  const [edge] = site.ok ? site.site.edges : [];
  if (edge === undefined) throw new Error(`${file} cannot be read`);
  return inventoryOf(edge);
}

type Programs = ReturnType<typeof startPrograms>;

function startPrograms(
  { programs: count, connectsPerSecond, boxes, tell }: FleetOptions,
  names: readonly BoxName[],
  reach: { readonly url: string; readonly pki: string; readonly inventory: Inventory },
) {
  const programs = Array.from({ length: count }, (_, index) => {
    const child = fork(fileURLToPath(builtFile("scripts/bench/fleet/boxes.ts")), { execArgv: [] });
    const own = names.filter((_name, at) => at % count === index);
    ask(child, { kind: "connect", boxes: own, ...reach, everyMs: (1000 * count) / connectsPerSecond });
    return child;
  });
  const reports = () => Promise.all(programs.map(reportOf));
  const connected = async () => (await reports()).reduce((sum, report) => sum + report.connected, 0);
  return {
    connected,
    async allConnected() {
      const patienceMs = (boxes / connectsPerSecond) * 1000 + 120_000;
      tell(`connecting ${connectsPerSecond} boxes per second`);
      await until("all boxes are connected", async () => (await connected()) === boxes, patienceMs);
    },
    storm(keys: readonly string[], withinMs: number): void {
      for (const [index, child] of programs.entries())
        ask(child, { kind: "storm", keys: keys.filter((_key, at) => at % count === index), withinMs });
    },
    sent: async () => (await reports()).flatMap((report) => report.sent),
    close: async () => void (await Promise.all(programs.map((child) => endProcess(child, "SIGTERM")))),
  };
}

function ask(child: ChildProcess, message: ToBoxes): void {
  child.send(message);
}

function reportOf(child: ChildProcess): Promise<BoxesReport> {
  return new Promise((resolve) => {
    child.once("message", (message: BoxesReport) => resolve(message));
    ask(child, { kind: "report" });
  });
}

async function storm(
  { programs, healthy }: { readonly programs: Programs; readonly healthy: readonly outlets.Outlet[] },
  keys: readonly string[],
  { withinMs, amid, patienceMs }: StormOptions,
): Promise<StormResult> {
  programs.storm(keys, withinMs);
  if (amid !== undefined) {
    await pause(withinMs / 2);
    await amid();
  }
  const stored = async () => {
    const sent = await programs.sent();
    const left = keys.length - sent.filter(({ storedAt }) => storedAt !== null).length;
    if (left > 0) throw new Error(`${left} of ${keys.length} are not acknowledged`);
    return sent;
  };
  const sent = await until("every alarm is acknowledged", stored, patienceMs);
  const seenBy = ({ seen }: outlets.Outlet) => keys.filter((key) => seen.has(key)).length;
  const complete = async () => {
    for (const outlet of healthy) outlet.match?.(sent);
    const missing = healthy.filter((outlet) => seenBy(outlet) < keys.length);
    if (amid !== undefined) for (const outlet of missing) await outlet.catchUp();
    if (missing.length === 0) return true;
    throw new Error(missing.map((outlet) => `${outlet.name} saw ${seenBy(outlet)} of ${keys.length}`).join(", "));
  };
  await until("every alarm is at every healthy outlet", complete, patienceMs);
  return { sent, outlets: healthy };
}

function countAlarms(ledger: string): ReadonlyMap<string, number> {
  const file = new SqliteDatabase(ledger, { readonly: true });
  try {
    const counted = file.prepare(
      "SELECT json_extract(json, '$.data.alarm.key') AS key, count(*) AS count FROM records WHERE is_alarm = 1 GROUP BY key",
    );
    return new Map((counted.all() as { key: string; count: number }[]).map(({ key, count }) => [key, count]));
  } finally {
    file.close();
  }
}
