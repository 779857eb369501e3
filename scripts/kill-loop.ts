// Kills a journal under load with -9 at random moments, again and again on one folder: what it has promised is there, once, and
// the chain is valid. node .build/scripts/kill-loop.js [--count 1000]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { publicName } from "../edge/agent/journal-keys.js";
import { readJournal, verifyJournal } from "../edge/journal/inspect.js";
import { builtFile } from "../edge/machine/built.js";
import { keyRingOf } from "../edge/record/sign.js";
import { wholeNumber } from "./whole-number.js";

const writer = fileURLToPath(builtFile("scripts/kill-loop-writer.ts"));
/** A life ends at most so long after it began to write, or within its start. */
const lifeMsMax = 250;
const startShare = 0.15;
const lookEvery = 100;

export interface Killed {
  readonly promised: number;
  readonly records: number;
  /** What is not as it must be; empty when all is. */
  readonly faults: readonly string[];
}

/** Lives and dies `count` times; `tell` hears of the way. */
export async function killLoop(count: number, tell: (line: string) => void): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-kill-"));
  const promised = new Set<string>();
  const faults: string[] = [];
  for (let life = 1; life <= count && faults.length === 0; life += 1) {
    faults.push(...(await liveAndDie(folder, life, promised)));
    if (life % lookEvery !== 0 && life !== count) continue;
    const found = await judge(folder, promised);
    faults.push(...found.faults);
    tell(`${life}/${count} kills, ${promised.size} promised, ${found.records} records, ${faults.length} faults`);
    if (life === count && faults.length === 0) await rm(folder, { recursive: true });
    if (life === count || faults.length > 0) return { promised: promised.size, records: found.records, faults };
  }
  return { promised: promised.size, records: 0, faults };
}

/** Takes the texts that it says into `promised`; what it knew at its start must be at least what was promised. */
async function liveAndDie(folder: string, life: number, promised: Set<string>): Promise<readonly string[]> {
  const before = promised.size;
  const faults: string[] = [];
  const args = [writer, join(folder, "journal"), join(folder, "keys"), `${life}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  const startedAt = performance.now();
  let timer = Math.random() < startShare ? setTimeout(kill, Math.random() * startMs) : null;
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (!line.includes("journal.torn-tail")) faults.push(`life ${life}: ${line}`);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("ready ")) promised.add(line);
    else {
      startMs = performance.now() - startedAt;
      if (Number(line.slice(6)) < before) faults.push(`life ${life}: remembers ${line.slice(6)} of ${before}`);
      timer ??= setTimeout(kill, Math.random() * lifeMsMax);
    }
  });
  const [, signal] = await once(child, "close");
  if (timer !== null) clearTimeout(timer);
  if (signal !== "SIGKILL") faults.push(`life ${life} ended by itself`);
  return faults;
}

/** How long the last start took. */
let startMs = 300;

async function judge(folder: string, promised: ReadonlySet<string>) {
  const journal = join(folder, "journal");
  const kept = new Set<unknown>();
  const faults: string[] = [];
  for await (const { type, id, data } of readJournal(journal)) {
    if (type !== "load.given") continue;
    if (kept.has(data["text"])) faults.push(`${String(data["text"])} is there twice, the second time as ${id}`);
    kept.add(data["text"]);
  }
  for (const text of promised) if (!kept.has(text)) faults.push(`${text} was promised and is lost`);
  const keys = keyRingOf(await readFile(join(folder, "keys", publicName), "utf8"));
  const found = await verifyJournal(journal, undefined, { keys });
  // The last life has left its tail as it was.
  for (const { code, place, detail } of found.faults)
    if (code !== "journal.torn-tail") faults.push(`${code} ${place} ${detail}`);
  return { faults, records: found.records };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { count: { type: "string", default: "1000" } } });
  const { faults } = await killLoop(wholeNumber("count", values.count), (line) => console.log(line));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
