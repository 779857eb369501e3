// The hub as a process of its own for the measurement of a backlog, a look into its ledger, and what that ledger can store.
import type { ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { ensureHubPki } from "../../config/hub-pki.js";
import { readJournal } from "../../edge/journal/inspect.js";
import { type JournalRecord, type Lane, lanes } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { freePorts } from "../../test/support/free-port.js";
import { healthy } from "../healthy.js";
import { benchBox } from "./backlog-journal.js";
import { startChild } from "./fleet/hub.js";

const healthyWithinMs = 60_000;

export interface BenchHub {
  readonly url: string;
  readonly pki: string;
  start(): Promise<ChildProcess>;
  /** Sequence that each lane has reached in the ledger, whatever the epoch; read from outside. */
  reached(): Readonly<Record<Lane, number>>;
}

export async function prepareHub(folder: string): Promise<BenchHub> {
  const { site, edge } = benchBox;
  const [broker = 0, http = 0, publish = 0, request = 0] = await freePorts(4);
  const [pki, dataDir] = [join(folder, "pki"), join(folder, "hub")];
  await ensureHubPki(pki, { edges: [benchBox], hosts: [], now: Date.now() });
  mkdirSync(dataDir, { recursive: true });
  cpSync(pki, join(dataDir, "pki"), { recursive: true });
  writeFileSync(
    join(folder, "hub.yaml"),
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
      const { child } = await startChild(folder, dataDir);
      await healthy(`http://127.0.0.1:${http}`, healthyWithinMs);
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
