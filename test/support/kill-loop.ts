// Kills hub and box of a running demo with -9 at random moments under load, again and again, and judges at the end what the
// journal and the ledger hold against everything that was ever acknowledged.
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { readJournal, verifyJournal } from "../../edge/journal/inspect.js";
import { type JournalRecord, type LaneHead, lanes } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { createChainCheck } from "../../edge/record/verify.js";
import { type Demo, type ProcessName, startDemo } from "./demo.js";
import { seeded } from "./seeded.js";
import { until } from "./until.js";

export interface KillLoop {
  readonly count: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
  /** True ends it early, with its verdict. */
  readonly isOver?: () => boolean;
}

export interface KillVerdict {
  readonly kills: Readonly<Record<ProcessName, number>>;
  readonly records: number;
  /** Heads of lanes that the box or the hub said were durable, at different moments. */
  readonly promises: number;
  readonly faults: readonly string[];
}

/** The longest that a process lives before it is killed; most are let come up first, the others die while they start. */
const lifeMsMax = 2_000;
const comeUpShare = 0.7;
/** So often both are let live until everything has arrived. */
const restEvery = 10;
const restWithinMs = 90_000;
/** So many records of a lane may be on their way to the hub when everything has arrived: the box writes on. */
export const onTheWayMax = 4;
const loadEveryMs = 250;
const answerWithinMs = 300;
const happenings = [
  "fence-cut",
  "beam-break",
  "door-open",
  "door-close",
  "loop-cut",
  "loop-mend",
  "vehicle-on-loop",
  "vehicle-leaves",
];

/** What was told to be on a disk: `durable` by the box's journal, `stored` by the hub. */
interface Promises {
  readonly durable: Map<string, LaneHead>;
  readonly stored: Map<string, LaneHead>;
}

interface Told {
  readonly heads: readonly LaneHead[];
  readonly acknowledged: readonly LaneHead[];
  readonly backlog: Readonly<Record<string, number>>;
  readonly hubConnected: boolean;
}

export async function killLoop({ count, seed, tell, isOver = () => false }: KillLoop): Promise<KillVerdict> {
  const random = seeded(seed);
  const demo = await startDemo();
  const promises: Promises = { durable: new Map(), stored: new Map() };
  const kills = { hub: 0, edge: 0, simulators: 0 };
  // From numbers of its own, so that the seed alone says who is killed.
  const endLoad = startLoad(demo, seeded(seed + 1));
  try {
    for (let kill = 1; kill <= count && !isOver(); kill += 1) {
      const names: readonly ProcessName[] = random() < 0.1 ? ["hub", "edge"] : [random() < 0.5 ? "hub" : "edge"];
      if (random() < comeUpShare) await until("the box has its hub", () => isLinked(demo), restWithinMs);
      await pause(random() * lifeMsMax);
      await note(demo, promises);
      await Promise.all(names.map((name) => demo.kill(name)));
      for (const name of names) kills[name] += 1;
      await Promise.all(names.map((name) => demo.restart(name)));
      if (kill % restEvery === 0) {
        await arrived(demo);
        tell(`${kill} kills, ${promises.durable.size} promises`);
      }
    }
    endLoad();
    await arrived(demo);
    await note(demo, promises);
    const { records, faults } = await judge(demo, promises);
    return { kills, records, promises: promises.durable.size + promises.stored.size, faults };
  } finally {
    endLoad();
    await demo.close();
  }
}

/** Something happens at the site all the time. */
function startLoad(demo: Demo, random: () => number): () => void {
  const timer = setInterval(() => {
    const name = happenings[Math.floor(random() * happenings.length)];
    const body = JSON.stringify({ name });
    fetch(`${demo.access.simulators.control}/trigger`, { method: "POST", body }).catch(() => undefined);
  }, loadEveryMs);
  return () => clearInterval(timer);
}

async function told(demo: Demo): Promise<Told | null> {
  const signal = AbortSignal.timeout(answerWithinMs);
  const answer = await fetch(`${demo.access.edge.url}/api/v1/status`, { signal }).catch(() => null);
  const { journal = null } = answer?.ok ? ((await answer.json()) as { journal?: Told | null }) : {};
  return journal;
}

async function isLinked(demo: Demo): Promise<boolean> {
  return (await told(demo))?.hubConnected === true;
}

async function note(demo: Demo, { durable, stored }: Promises): Promise<void> {
  const { heads = [], acknowledged = [] } = (await told(demo)) ?? {};
  for (const head of heads) if (head.sequence > 0) durable.set(keyOf(head), head);
  for (const head of acknowledged) if (head.sequence > 0) stored.set(keyOf(head), head);
}

function arrived(demo: Demo): Promise<unknown> {
  const isThere = async () => {
    const status = await told(demo);
    return status?.hubConnected === true && lanes.every((lane) => (status.backlog[lane] ?? 0) <= onTheWayMax);
  };
  return until("everything has arrived", isThere, restWithinMs);
}

const keyOf = ({ epoch, lane, sequence }: Omit<LaneHead, "hash">) => `${epoch}/${lane}/${sequence}`;

function partsOf(key: string): { chain: string; lane: string; sequence: number } {
  const [epoch, lane = "", sequence] = key.split("/");
  return { chain: `${epoch}/${lane}`, lane, sequence: Number(sequence) };
}

// --- the verdict -------------------------------------------------------------------------------------------------------

async function judge(demo: Demo, promises: Promises): Promise<Pick<KillVerdict, "records" | "faults">> {
  const folder = join(demo.access.edge.data, "journal");
  // The box writes on: what it has added after the ledger was read is not missed there.
  const kept = new Map<string, string>();
  for await (const record of readJournal(folder)) kept.set(keyOf(record), headerHash(record));
  await arrived(demo);
  const ledger = readLedger(join(demo.folder, "hub", "ledger.sqlite"));
  const { faults } = await verifyJournal(folder);
  const unkept = [...promises.durable].filter(([key, { hash }]) => kept.get(key) !== hash && !isLater(key, kept));
  const unstored = [...promises.stored].filter(([key, { hash }]) => ledger.hashes.get(key) !== hash);
  return {
    records: ledger.hashes.size,
    faults: [
      ...faults
        .filter(({ code }) => code !== "journal.torn-tail")
        .map(({ place, detail }) => `journal: ${place} ${detail}`),
      ...unkept.map(([key]) => `durable and not in the journal: ${key}`),
      ...unstored.map(([key]) => `acknowledged and not in the ledger: ${key}`),
      ...lostOnTheWay(kept, ledger.hashes).map((key) => `in the journal and not in the ledger: ${key}`),
      ...ledger.faults,
    ],
  };
}

/** What the hub lacks of `kept` and no longer can be sent: anything but the newest of a lane. Both are hashes by key. */
export function lostOnTheWay(
  kept: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, string>,
): readonly string[] {
  const heads = new Map<string, number>();
  for (const key of stored.keys()) {
    const { chain, sequence } = partsOf(key);
    heads.set(chain, Math.max(heads.get(chain) ?? 0, sequence));
  }
  const onTheWay = new Map<string, number>();
  return [...kept.keys()].filter((key) => {
    if (stored.get(key) === kept.get(key)) return false;
    const { chain, lane, sequence } = partsOf(key);
    if (sequence <= (heads.get(chain) ?? 0)) return true;
    const count = (onTheWay.get(lane) ?? 0) + 1;
    onTheWay.set(lane, count);
    return count > onTheWayMax;
  });
}

/** Written after the journal was read. */
function isLater(key: string, kept: ReadonlyMap<string, string>): boolean {
  const { chain, sequence } = partsOf(key);
  return !kept.has(key) && kept.has(`${chain}/${sequence - 5}`);
}

interface Row {
  readonly site: string;
  readonly hash: string;
  readonly json: string;
}

/** Every record once, in order, and chained. */
function readLedger(path: string): { hashes: ReadonlyMap<string, string>; faults: readonly string[] } {
  const hashes = new Map<string, string>();
  const faults: string[] = [];
  const file = new SqliteDatabase(path, { readonly: true });
  const chain = createChainCheck();
  try {
    for (const row of file.prepare("SELECT site, hash, json FROM records ORDER BY row").iterate() as Iterable<Row>) {
      const record = JSON.parse(row.json) as JournalRecord;
      if (row.site === "") {
        const { code, detail } = record.data;
        if (record.type === "chain.forked" || code !== undefined) faults.push(`hub: ${record.type} ${String(detail)}`);
        continue;
      }
      const fault = chain.check(record);
      if (fault !== null) faults.push(`ledger: ${fault.place} ${fault.detail}`);
      if (hashes.has(keyOf(record))) faults.push(`ledger: ${record.id} twice`);
      if (headerHash(record) !== row.hash) faults.push(`ledger: ${record.id} is not what was hashed`);
      hashes.set(keyOf(record), row.hash);
    }
  } finally {
    file.close();
  }
  return { hashes, faults };
}
