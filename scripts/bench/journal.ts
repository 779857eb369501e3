// What a durable record costs: the journal against a bare write and fdatasync of the same bytes in the same groups, in turns
// so that both meet the same disk. node scripts/build.mjs && node .build/scripts/bench/journal.js [folder]
import { readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalDraft } from "../../edge/journal/journal.js";
import { openLog } from "../../edge/journal/log.js";
import { createClock } from "../../edge/machine/clock.js";
import { openDisk } from "../../edge/machine/disk.js";
import type { Disk } from "../../edge/machine/ports.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import { makeSigningKey, signerOf } from "../../edge/record/sign.js";

/** Issue 5: not less than this share of the floor's rate, not more than this share of its bytes. */
const rateMin = 0.8;
const bytesMax = 1.2;
const rounds = 11;
const clock = createClock();
const random = createRandom();
const machine = { clock, timer: createTimer(), random };
const signer = signerOf(makeSigningKey(random));
const mib = 1024 * 1024;

interface Run {
  readonly ms: number;
  /** Handed to the medium by this process, with whole pages. */
  readonly written: number;
  /** Bytes of each group, as they were written. */
  readonly groups: readonly number[];
}

/** A record as a zone writes it. */
function draft(at: number): JournalDraft {
  const alarm = { key: `box-1/fence-3/${at}`, priority: 1 };
  const data = { alarm, zone: "fence-3", area: "perimeter", cause: "fibre-cut", incident: "box-1", sounds: true };
  return { type: "zone.breached", lane: "alarm", subject: "fence-3", data, now: clock.now(), exercise: false };
}

const writtenSoFar = () => Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);

/** `disk` that notes the length of every write behind which a sync came. */
function noted(disk: Disk, groups: number[]): Disk {
  return {
    ...disk,
    async open(name, mode) {
      const file = await disk.open(name, mode);
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

/** `writers` append one record after the other, until there are `records`. */
async function journal(folder: string, writers: number, records: number): Promise<Run> {
  const groups: number[] = [];
  const options = { site: "bench", edge: "box", run: "1", retentionDays: 90, quotaBytes: 512 * mib, reserveBytes: 0 };
  const memory = { remember: () => undefined, kept: () => [] };
  const onTrouble = (trouble: unknown) => console.error(trouble);
  const disk = noted(await openDisk(await mkdtemp(join(folder, "journal-"))), groups);
  const log = await openLog({ disk, machine, options, memory, signer, durable: true, onTrouble });
  let left = records;
  const before = writtenSoFar();
  const startedAt = clock.mono();
  const write = async () => {
    for (; left > 0; ) {
      left -= 1;
      await log.append([draft(left)]);
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const ms = clock.mono() - startedAt;
  const written = writtenSoFar() - before;
  await log.close();
  return { ms, written, groups };
}

/** The same bytes in the same groups, each with its fdatasync, to the end of one file. */
async function floor(folder: string, groups: readonly number[]): Promise<Run> {
  const file = await open(join(folder, "floor"), "w+");
  const bytes = Buffer.alloc(Math.max(...groups), "x");
  const before = writtenSoFar();
  const startedAt = clock.mono();
  let offset = 0;
  for (const length of groups) {
    await file.write(bytes, 0, length, offset);
    await file.datasync();
    offset += length;
  }
  const run = { ms: clock.mono() - startedAt, written: writtenSoFar() - before, groups };
  await file.close();
  return run;
}

/** The middle of all rounds: what else the disk does falls on single ones. */
function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function measure(folder: string, writers: number, records: number): Promise<void> {
  const runs: { readonly own: Run; readonly bare: Run }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const own = await journal(folder, writers, records);
    runs.push({ own, bare: await floor(folder, own.groups) });
  }
  const share = median(runs.map(({ own, bare }) => bare.ms / own.ms));
  const ratio = median(runs.map(({ own, bare }) => own.written / bare.written));
  const rate = (of: "own" | "bare") => Math.round(median(runs.map((run) => (records * 1000) / run[of].ms)));
  const bytes = (of: "own" | "bare") => Math.round(median(runs.map((run) => run[of].written / records)));
  const text = Math.round(median(runs.map(({ own }) => own.groups.reduce((sum, each) => sum + each, 0) / records)));
  console.log(
    `${String(writers).padStart(3)} writers: ${rate("own")} durable records/s, floor ${rate("bare")}, share ${share.toFixed(2)}; ` +
      `${bytes("own")} bytes written per record, floor ${bytes("bare")}, ratio ${ratio.toFixed(2)}; ${text} bytes of text`,
  );
  if (share < rateMin || ratio > bytesMax) process.exitCode = 1;
}

const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), "portcullis-bench-"));
try {
  await measure(folder, 1, 200);
  await measure(folder, 16, 2_000);
  await measure(folder, 128, 4_000);
} finally {
  await rm(folder, { recursive: true });
}
