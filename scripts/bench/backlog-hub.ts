// The hub as a process of its own for the measurement of a backlog, a look into its ledger, and what that ledger can store.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import SqliteDatabase from "better-sqlite3";
import { ensureDemoPki } from "../../config/demo-pki.js";
import { readJournal } from "../../edge/journal/inspect.js";
import { builtFile } from "../../edge/machine/built.js";
import { type JournalRecord, type Lane, lanes } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { benchBox } from "./backlog-journal.js";

export interface BenchHub {
  readonly url: string;
  readonly pki: string;
  start(): Promise<ChildProcess>;
  /** Sequence that each lane has reached in the ledger, whatever the epoch; read from outside. */
  reached(): Readonly<Record<Lane, number>>;
}

export async function prepareHub(folder: string): Promise<BenchHub> {
  const { site, edge } = benchBox;
  const [broker, http, publish, request] = await freePorts(4);
  const [pki, dataDir, config] = [join(folder, "pki"), join(folder, "hub"), join(folder, "hub.yaml")];
  await ensureDemoPki(pki, { edges: [benchBox], hosts: [], now: Date.now() });
  mkdirSync(dataDir, { recursive: true });
  cpSync(pki, join(dataDir, "pki"), { recursive: true });
  writeFileSync(
    config,
    `name: { zh: 测量, en: Bench }
http: { host: 127.0.0.1, port: ${http} }
broker: { host: 127.0.0.1, port: ${broker}, connectionsMax: 16, packetBytesMax: 1048576 }
zeromq: { host: 127.0.0.1, publishPort: ${publish}, requestPort: ${request} }
retentionDays: 90
sites: [{ site: ${site}, edges: [${edge}] }]
controlRooms: []
`,
  );
  let file: SqliteDatabase.Database | null = null;
  return {
    url: `mqtts://127.0.0.1:${broker}`,
    pki,
    async start() {
      const log = openSync(join(folder, "hub.log"), "a");
      const entry = fileURLToPath(builtFile("scripts/portcullis.ts"));
      const args = [entry, "hub", "--config", config, "--data", dataDir];
      const child = spawn(process.execPath, args, { stdio: ["ignore", log, log] });
      closeSync(log);
      while (!(await fetch(`http://127.0.0.1:${http}/healthz`).catch(() => null))?.ok) await pause(20);
      return child;
    },
    reached() {
      file ??= new SqliteDatabase(join(dataDir, "ledger.sqlite"), { readonly: true });
      const rows = file
        .prepare("SELECT lane, max(sequence) AS sequence FROM heads WHERE site = ? GROUP BY lane")
        .all(site);
      const found = new Map((rows as { lane: Lane; sequence: number }[]).map(({ lane, sequence }) => [lane, sequence]));
      return Object.fromEntries(lanes.map((lane) => [lane, found.get(lane) ?? 0])) as Record<Lane, number>;
    },
  };
}

/** Records per second that the hub's ledger takes of this journal, in transactions of `size`. */
export async function measureLedger(folder: string, journal: string, { count, size }: { count: number; size: number }) {
  const records: JournalRecord[] = [];
  for await (const record of readJournal(journal)) {
    records.push(record);
    if (records.length === count) break;
  }
  const storedAt = new Date().toISOString();
  const rows = records.map((record) => ({ ...benchBox, storedAt, hash: headerHash(record), record }));
  const ledger = openLedger(join(folder, "bare.sqlite"));
  const from = performance.now();
  for (let at = 0; at < rows.length; at += size)
    await ledger.store({ rows: rows.slice(at, at + size), heads: [], aside: [] });
  const seconds = (performance.now() - from) / 1000;
  await ledger.close();
  return rows.length / seconds;
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
