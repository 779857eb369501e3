// Measures the ledger at scale: `node .build/scripts/bench/ledger.js --records 10000000`. Fills a scratch ledger with a realistic
// mix and measures each query of the port against a read by primary key, and how long a hub reads at its start.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import SqliteDatabase from "better-sqlite3";
import { pino } from "pino";
import type { JournalRecord, Lane } from "../../edge/model/record.js";
import type { Ledger, NewRow } from "../../hub/ledger/ledger.js";
import { columnsOf } from "../../hub/ledger/rows.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { readLedger } from "../../hub/reading.js";
import { wholeNumber } from "../whole-number.js";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "1000000" },
    /** Scratch space; ten million records take some 15 GB. */
    folder: { type: "string", default: tmpdir() },
  },
});
const records = wholeNumber("records", values.records);
const boxes = 1000;
const boxesPerSite = 50;
const zonesPerBox = 8;
const days = 90;
const rowsPerTransaction = 100_000;
const telemetryShare = 0.95;
const rounds = 200;
const epoch = "epoch-1";
const end = Date.parse("2026-06-01T00:00:00.000Z");

/** The same numbers in each run. */
let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed % below;
}

const shown = [
  { upTo: 50, type: "zone.changed", lane: "state" },
  { upTo: 65, type: "area.armed", lane: "state" },
  { upTo: 80, type: "zone.restored", lane: "state" },
  { upTo: 90, type: "incident.opened", lane: "alarm" },
  { upTo: 100, type: "zone.breached", lane: "alarm" },
] as const;
const sequences = new Map<string, number>();
let incidents = 0;

function dataOf(type: string, zone: string, at: number): JournalRecord["data"] {
  const stamp = { boot: "boot-1", mono: at, wall: at, clock: "synchronised" };
  const incident = `incident-${incidents}`;
  if (type === "health.sampled")
    return { rssBytes: 91_000_000, heapBytes: 41_000_000, loopDelayMsMax: 3.1, stepMsMax: 0.9 };
  if (type === "zone.changed") return { zone, area: "fence", state: random(2) === 0 ? "normal" : "active" };
  if (type === "area.armed") return { area: "fence", by: "wang", at: stamp };
  if (type === "zone.restored") return { zone, area: "fence", alarms: [`${incident}/${zone}/breach`] };
  if (type === "incident.opened") {
    const opened = { id: `incident-${++incidents}`, kind: "intrusion", place: "fence", openedAt: stamp, zones: [zone] };
    return { incident: { ...opened, acknowledgedBy: null, exercise: false } };
  }
  return {
    alarm: { key: `${incident}/${zone}/breach`, priority: 2 },
    zone,
    area: "fence",
    cause: "fibre-cut",
    incident,
  };
}

function kindOf(): { readonly type: string; readonly lane: Lane } {
  if (random(1000) < telemetryShare * 1000) return { type: "health.sampled", lane: "telemetry" };
  const drawn = random(100);
  return shown.find(({ upTo }) => drawn < upTo) ?? shown[0];
}

/** Record `index` of all; its chain is not computed, because nothing that is measured looks at it. */
function rowOf(index: number): NewRow {
  const box = random(boxes);
  const site = `site-${Math.floor(box / boxesPerSite)}`;
  const edge = `box-${box % boxesPerSite}`;
  const { type, lane } = kindOf();
  const zone = `zone-${random(zonesPerBox)}`;
  const at = Math.floor(end - days * 86_400_000 * (1 - index / records));
  const time = new Date(at).toISOString();
  const key = `${box}/${lane}`;
  const sequence = (sequences.get(key) ?? 0) + 1;
  sequences.set(key, sequence);
  const hash = index.toString(16).padStart(64, "0");
  const record: JournalRecord = {
    specversion: "1.0",
    id: `${edge}/${epoch}/${lane}/${sequence}`,
    source: `/portcullis/${site}/${edge}`,
    type,
    subject: type.startsWith("zone") ? zone : edge,
    time,
    epoch,
    lane,
    sequence,
    order: index + 1,
    mono: String(at),
    boot: "boot-1",
    clocktrust: "synchronised",
    exercise: false,
    prevhash: hash,
    salt: hash.slice(32),
    datahash: hash,
    data: dataOf(type, zone, at),
  };
  return { site, edge, storedAt: time, hash, record };
}

/** Without syncs, in large transactions: it is scratch. */
function fill(path: string): void {
  const file = new SqliteDatabase(path);
  file.pragma("synchronous = OFF");
  file.pragma("cache_size = -500000");
  const names = Object.keys(columnsOf(rowOf(0)));
  sequences.clear();
  const insert = file.prepare(
    `INSERT INTO records (${names.join(", ")}) VALUES (${names.map((name) => `@${name}`).join(", ")})`,
  );
  for (let from = 0; from < records; from += rowsPerTransaction) {
    file.transaction(() => {
      for (let index = from; index < Math.min(from + rowsPerTransaction, records); index += 1)
        insert.run(columnsOf(rowOf(index)));
    })();
  }
  const head = file.prepare(
    "INSERT INTO heads (site, edge, epoch, lane, sequence, hash) SELECT site, edge, epoch, lane, max(sequence), hash FROM records GROUP BY site, edge, epoch, lane",
  );
  head.run();
  file.close();
}

async function measure(name: string, floor: number | null, read: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    await read();
    took.push(performance.now() - from);
  }
  took.sort((one, other) => one - other);
  const at = (share: number) => took[Math.ceil(share * rounds) - 1] ?? 0;
  const show = (ms: number) => ms.toFixed(2).padStart(8);
  const ratio = floor === null ? "" : `  ${(at(0.5) / floor).toFixed(0)} x floor`;
  console.log(`${name.padEnd(44)} ${show(at(0.5))} ${show(at(0.99))}${ratio}`);
  return at(0.5);
}

const iso = (dayOfAll: number) => new Date(end - (days - dayOfAll) * 86_400_000).toISOString();
const limit = 100;

async function measureAll(ledger: Ledger): Promise<void> {
  console.log(`${"ms".padEnd(44)}   median      99 %`);
  const floor = await measure("100 rows by primary key (the floor)", null, () =>
    ledger.rowsAt(Array.from({ length: limit }, () => 1 + random(records))),
  );
  const site = () => `site-${random(boxes / boxesPerSite)}`;
  const edge = () => `box-${random(boxesPerSite)}`;
  const zone = () => `zone-${random(zonesPerBox)}`;
  const day = () => random(days - 1);
  const since = () => {
    const from = day();
    return { from: iso(from), to: iso(from + 1) };
  };
  const cases: readonly (readonly [string, () => Parameters<Ledger["history"]>[0]])[] = [
    ["history, newest", () => ({ limit })],
    ["history, of a day", () => ({ ...since(), limit })],
    ["history, page in the middle", () => ({ before: { time: iso(day()), row: 1 + random(records) }, limit })],
    ["history, by site", () => ({ site: site(), limit })],
    ["history, by site and day", () => ({ site: site(), ...since(), limit })],
    ["history, by box", () => ({ site: site(), edge: edge(), limit })],
    ["history, by zone everywhere", () => ({ zone: zone(), limit })],
    ["history, by zone of a site", () => ({ zone: zone(), site: site(), limit })],
    ["history, by zone of a box", () => ({ zone: zone(), site: site(), edge: edge(), limit })],
    ["history, by type", () => ({ type: "zone.breached", limit })],
    ["history, by type of a day", () => ({ type: "zone.breached", ...since(), limit })],
    ["history, by type of a site", () => ({ type: "zone.breached", site: site(), limit })],
    ["history, by incident", () => ({ incident: `incident-${1 + random(incidents)}`, limit })],
  ];
  for (const [name, query] of cases) await measure(name, floor, () => ledger.history(query()));
  await measure("records, by incident", floor, () =>
    ledger.records({ after: 0, limit, incident: `incident-${1 + random(incidents)}` }),
  );
  await measure("records, by type", floor, () =>
    ledger.records({ after: random(records), limit, type: "zone.breached" }),
  );
  await measure("heads, all of 1,000 boxes", floor, () => ledger.heads());
  const keep = { words: [], incidents: [], alarms: [], rows: [] };
  await measure("retention, nothing is old", floor, () =>
    ledger.retirable({ storedBefore: iso(0), limit: 1000, after: 0, keep }),
  );
}

const folder = mkdtempSync(join(values.folder, "portcullis-ledger-bench-"));
try {
  const path = join(folder, "ledger.sqlite");
  await openLedger(path).close();
  const from = performance.now();
  fill(path);
  const seconds = (performance.now() - from) / 1000;
  const megabytes = statSync(path).size / 1024 / 1024;
  console.log(
    `${records} records, ${megabytes.toFixed(0)} MB, filled in ${seconds.toFixed(0)} s; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  const ledger = openLedger(path);
  await measureAll(ledger);
  const start = performance.now();
  const cpu = process.cpuUsage();
  const reading = await readLedger(ledger, pino({ level: "silent" }));
  const { user, system } = process.cpuUsage(cpu);
  const took = `${((performance.now() - start) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of computing`;
  console.log(
    `a hub's start reads ${Math.round(records * (1 - telemetryShare))} rows: ${took}; ${[...reading.alarms.open()].length} open alarms`,
  );
  await ledger.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
