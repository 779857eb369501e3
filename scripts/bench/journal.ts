// What a durable record costs: a box's whole journal, with its memory, checkpoints, tombstones and notes of alarms, against a bare
// write and fdatasync of each record's bytes, in turns so that both meet the same disk. What the same bytes reach in the journal's own
// groups is told beside it: where a sync takes next to nothing, it is the processor that the groups wait for.
// node scripts/build.mjs && node .build/scripts/bench/journal.js [folder]; exit code 0 only when the promise is kept everywhere.
import { readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { loadSite } from "../../config/load.js";
import { createMemory } from "../../edge/agent/memory.js";
import { initialDurable } from "../../edge/incident/durable.js";
import type { Journal, JournalDraft } from "../../edge/journal/journal.js";
import { openJournal } from "../../edge/journal/open.js";
import { createClock } from "../../edge/machine/clock.js";
import { openDisk } from "../../edge/machine/disk.js";
import type { Disk } from "../../edge/machine/ports.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import { type Lane, lanes } from "../../edge/model/record.js";
import { makeSigningKey, signerOf } from "../../edge/record/sign.js";

/** Of the floor's rate at least this share, of its bytes at most this. */
const rateMin = 0.8;
const bytesMax = 1.2;
const rounds = 11;
/** Of each round's records so many are written and synced one by one for the floor. */
const floorAppends = 200;
/** So small that segments begin, are signed, retired and told of while it is measured. */
const quotaBytes = 16 * 1024 * 1024;
const reserveBytes = 1024 * 1024;

/** Records before the first round. */
const warmUp = 1_000;

/** One record after the other by so many writers at once, or all handed over in one go. */
interface Load {
  readonly name: string;
  readonly writers: number | "burst";
  readonly records: number;
}
const loads: readonly Load[] = [
  { name: "one writer", writers: 1, records: 200 },
  { name: "16 writers", writers: 16, records: 2_000 },
  { name: "128 writers", writers: 128, records: 4_000 },
  { name: "a burst", writers: "burst", records: 4_000 },
];

const clock = createClock();
const machine = { clock, timer: createTimer(), random: createRandom() };
const signer = signerOf(makeSigningKey(machine.random));

interface Run {
  readonly ms: number;
  /** Of this process, all its threads. */
  readonly cpuMs: number;
  /** Handed to the medium by this process, with whole pages. */
  readonly written: number;
}

const writtenSoFar = () => Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);

async function measured(work: () => Promise<void>): Promise<Run> {
  const written = writtenSoFar();
  const cpu = process.cpuUsage();
  const startedAt = clock.mono();
  await work();
  const ms = clock.mono() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000, written: writtenSoFar() - written };
}

/** A record as a zone writes it. */
function draft(lane: Lane, at: number): JournalDraft {
  const alarm = { key: `box-1/fence-3/${at}`, priority: 1 };
  const data = { alarm, zone: "fence-3", area: "perimeter", cause: "fibre-cut", incident: "box-1", sounds: true };
  return { type: "zone.breached", lane, subject: "fence-3", data, now: clock.now(), exercise: false };
}

/** `disk` that notes the length of every write of records. */
function noted(disk: Disk, groups: number[]): Disk {
  return {
    ...disk,
    async open(name, mode) {
      const file = await disk.open(name, mode);
      if (!name.includes(".seg") || name.endsWith(".alarms")) return file;
      return {
        ...file,
        write(offset, bytes) {
          groups.push(bytes.length);
          return file.write(offset, bytes);
        },
      };
    },
  };
}

async function openBench(folder: string, groups: number[]): Promise<Journal> {
  const data = await mkdtemp(join(folder, "journal-"));
  const loaded = loadSite(
    readFileSync(join(import.meta.dirname, "../../../config/office.yaml"), "utf8"),
    "office.yaml",
  );
  const [config] = loaded.ok ? loaded.site.edges : [];
  if (config === undefined) throw new Error("the example has no box");
  const journal = { site: "bench", edge: "box", run: "1", retentionDays: 90, isAlone: true };
  return openJournal({
    disk: async () => noted(await openDisk(data), groups),
    machine,
    options: { ...journal, quotaBytes, reserveBytes },
    memory: createMemory(initialDurable(config)),
    signer,
    onTrouble: (trouble) => console.error(trouble),
  });
}

/** Every append is to be durable at once: how long state and telemetry wait for others is no cost. */
async function write(journal: Journal, drafts: readonly JournalDraft[], writers: Load["writers"]): Promise<void> {
  if (writers === "burst") {
    await Promise.all(drafts.map((each) => journal.append([each], true)));
    return;
  }
  const left = drafts.values();
  const writer = async () => {
    for (const each of left) await journal.append([each], true);
  };
  await Promise.all(Array.from({ length: writers }, writer));
}

/** So many bytes each, with an fdatasync after each, to the end of one file. */
async function floor(folder: string, groups: readonly number[]): Promise<Run> {
  const file = await open(join(folder, "floor"), "w+");
  const bytes = Buffer.alloc(Math.max(...groups), "x");
  const run = await measured(async () => {
    let offset = 0;
    for (const length of groups) {
      await file.write(bytes, 0, length, offset);
      await file.datasync();
      offset += length;
    }
  });
  await file.close();
  return run;
}

/** The middle of all rounds: what else the machine does falls on single ones. */
function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function measure(folder: string, lane: Lane, load: Load): Promise<void> {
  const groups: number[] = [];
  const journal = await openBench(folder, groups);
  const runs: { readonly own: Run; readonly bare: Run; readonly grouped: Run; readonly groups: number }[] = [];
  // Code that runs for the first time is slower; a box has long been running.
  await write(
    journal,
    Array.from({ length: warmUp }, (_, at) => draft(lane, at)),
    load.writers,
  );
  for (let round = 0; round < rounds; round += 1) {
    groups.length = 0;
    const drafts = Array.from({ length: load.records }, (_, at) => draft(lane, at));
    const own = await measured(() => write(journal, drafts, load.writers));
    const grouped = await floor(folder, groups);
    const each = groups.reduce((sum, bytes) => sum + bytes, 0) / load.records;
    const bare = await floor(folder, Array<number>(floorAppends).fill(Math.round(each)));
    runs.push({ own, bare, grouped, groups: groups.length });
  }
  const { retired, refused } = journal.status();
  await journal.close();
  const { records } = load;
  const share = median(runs.map(({ own, bare }) => records / own.ms / (floorAppends / bare.ms)));
  const ofGroups = median(runs.map(({ own, grouped }) => grouped.ms / own.ms));
  const total = (of: "own" | "grouped") => runs.reduce((sum, run) => sum + run[of].written, 0);
  const ratio = total("own") / total("grouped");
  const rate = (of: "own" | "grouped") => Math.round(median(runs.map((run) => (records * 1000) / run[of].ms)));
  const floorRate = Math.round(median(runs.map(({ bare }) => (floorAppends * 1000) / bare.ms)));
  const cpuUs = (of: "own" | "grouped") => median(runs.map((run) => (run[of].cpuMs * 1000) / records)).toFixed(1);
  const isKept = share >= rateMin && ratio <= bytesMax && refused === 0;
  console.log(
    `${isKept ? "kept  " : "BROKEN"} ${lane}, ${load.name}: ${rate("own")}/s, floor ${floorRate}/s, share ${share.toFixed(2)}; ` +
      `${Math.round(total("own") / records / rounds)} bytes each, ratio ${ratio.toFixed(2)}; ` +
      `${Math.round(records / median(runs.map((run) => run.groups)))} in a group, bare groups ${rate("grouped")}/s, ` +
      `share of them ${ofGroups.toFixed(2)}; cpu ${cpuUs("own")} us each, of bare groups ${cpuUs("grouped")}; ${retired} segments retired`,
  );
  if (!isKept) process.exitCode = 1;
}

const loadNow = () => `load ${loadavg()[0]?.toFixed(1)}`;
const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), "portcullis-bench-"));
console.log(loadNow());
try {
  for (const lane of lanes) for (const load of loads) await measure(folder, lane, load);
} finally {
  await rm(folder, { recursive: true });
}
console.log(loadNow());
