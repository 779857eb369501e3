// What the hub knows of a box by its records, for a spare one that goes on in its place: the newest whole state that came up,
// what followed it, and the texts that only the box had. The hub folds nothing of it; the box does, as after any start.
import type { JournalRecord, Lane, LaneHead } from "../edge/model/record.js";
import type { BoxMemory, KeptState, KeptText, RecordedFact } from "../edge/model/replacement.js";
import type { Book, EdgeHead, Ledger } from "./ledger/ledger.js";

export interface MemoryPorts {
  readonly ledger: Pick<Ledger, "newestOf" | "laneRows">;
  readonly book: Pick<Book, "headsOf">;
}

interface BoxName {
  readonly site: string;
  readonly edge: string;
}

/** By their last words a spare box is set up; each part is a subject of its own. */
export const keptTypes = ["config.kept", "book.kept", "inventory.kept", "state.kept"] as const;

/** Records of a type that are looked at for the newest whole set of parts. */
const partsLookedAt = 256;
const pageRows = 500;
/** Records after the whole state; a journal begins a segment of 2 MiB with it, so there are some ten thousand at most. */
export const followingMax = 50_000;
/** Of a box, newest first: each start without a disk makes one. */
const epochsLookedAt = 16;
const foldedLanes: readonly Lane[] = ["alarm", "state"];
/** Large, and nothing of what they say is durable state. */
const passedOver: readonly string[] = [...keptTypes, "config.applied", "journal.checkpointed"];

export async function boxMemory(box: BoxName, ports: MemoryPorts): Promise<BoxMemory> {
  const [config = null, book = null, inventory = null, kept = null] = await Promise.all(
    keptTypes.map(async (type) => newestWhole(await recordsOf(ports.ledger, box, type))),
  );
  const heads = ports.book.headsOf(box.site, box.edge);
  const [first] = config ?? [];
  const last = kept?.at(-1);
  const newest = await newestRecords(box, heads, ports.ledger);
  const following = last === undefined ? [] : await followers(box, last, heads, ports.ledger);
  return {
    site: box.site,
    edge: box.edge,
    config:
      config === null || first === undefined
        ? null
        : {
            revision: Number(first.data["revision"]),
            hash: String(first.data["hash"]),
            text: textOf(config),
          },
    book: book === null ? null : textOf(book),
    inventory: inventory === null ? null : textOf(inventory),
    kept: (kept ?? []).map(({ data }) => data as unknown as KeptState),
    facts: following,
    missing: last === undefined ? 0 : missingOf(last.epoch, heads, newest),
    heads: heads.map(({ epoch, lane, sequence, hash }): LaneHead => ({ epoch, lane, sequence, hash })),
    lastAt: newest.reduce<string | null>((at, { time }) => (at === null || time > at ? time : at), null),
  };
}

async function recordsOf(ledger: MemoryPorts["ledger"], box: BoxName, type: string) {
  const rows = await ledger.newestOf({ ...box, type, limit: partsLookedAt });
  return rows.map(({ record }) => record);
}

/** Of records that come newest first: the first set of parts that is there from its first to its last, in order. */
export function newestWhole(records: readonly JournalRecord[]): readonly JournalRecord[] | null {
  let run: readonly JournalRecord[] = [];
  for (const record of records) {
    run = [record, ...run];
    if (partOf(record) !== 0) continue;
    if (isWhole(run)) return run;
    run = [];
  }
  return null;
}

function isWhole(run: readonly JournalRecord[]): boolean {
  const [first] = run;
  const { parts = run.length } = (first?.data ?? {}) as Partial<KeptText>;
  return run.length === parts && run.every((record, at) => partOf(record) === at && record.epoch === first?.epoch);
}

function partOf({ data }: JournalRecord): number {
  return Number(data["part"]);
}

function textOf(records: readonly JournalRecord[]): string {
  return records.map(({ data }) => String(data["text"])).join("");
}

/** The last record of each lane that reached the ledger. */
async function newestRecords(box: BoxName, heads: readonly EdgeHead[], ledger: MemoryPorts["ledger"]) {
  const found = await Promise.all(
    heads.map(({ epoch, lane, sequence }) => ledger.laneRows({ ...box, epoch, lane, before: sequence + 1, limit: 1 })),
  );
  return found.flatMap((rows) => rows.map(({ record }) => record));
}

/** `order` counts all records of an epoch, and each lane is without gaps: what lies between never came. */
function missingOf(epoch: string, heads: readonly EdgeHead[], newest: readonly JournalRecord[]): number {
  const come = heads.filter((head) => head.epoch === epoch).reduce((sum, { sequence }) => sum + sequence, 0);
  const reached = newest.filter((record) => record.epoch === epoch).map(({ order }) => order);
  return Math.max(0, Math.max(0, ...reached) - come);
}

/**
 * What the box recorded after `last`: in its epoch by number; in a volatile one, for which no disk could be written, by the
 * clock that both share. Each process begins a segment with the whole state, so all of it is of one run.
 */
async function followers(
  box: BoxName,
  last: JournalRecord,
  heads: readonly EdgeHead[],
  ledger: MemoryPorts["ledger"],
): Promise<readonly RecordedFact[]> {
  const others = [...new Set(heads.map(({ epoch }) => epoch))].filter((epoch) => epoch !== last.epoch);
  const read = async (epoch: string, isAfter: (record: JournalRecord) => boolean) => {
    const own = heads.filter((head) => head.epoch === epoch && foldedLanes.includes(head.lane));
    const found = await Promise.all(own.map((head) => laneAfter(box, head, isAfter, ledger)));
    return found.flat().sort((one, other) => one.order - other.order);
  };
  const same = await read(last.epoch, ({ order }) => order > last.order);
  const isVolatile = (record: JournalRecord) =>
    record.durable === false && record.boot === last.boot && monoOf(record) > monoOf(last);
  const beside = await Promise.all(others.slice(-epochsLookedAt).map((epoch) => read(epoch, isVolatile)));
  return merged(same, beside.flat())
    .filter(({ type }) => !passedOver.includes(type))
    .map(({ type, data }) => ({ type, data }));
}

async function laneAfter(
  box: BoxName,
  { epoch, lane, sequence }: EdgeHead,
  isAfter: (record: JournalRecord) => boolean,
  ledger: MemoryPorts["ledger"],
): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  for (let before = sequence + 1; found.length < followingMax; ) {
    const rows = await ledger.laneRows({ ...box, epoch, lane, before, limit: pageRows });
    const after = rows.map(({ record }) => record).filter(isAfter);
    found.push(...after);
    before = rows.at(-1)?.record.sequence ?? 0;
    if (after.length < pageRows) break;
  }
  return found;
}

/** Two runs, each in its own order, woven by the clock of the boot that both are of. */
function merged(one: readonly JournalRecord[], other: readonly JournalRecord[]): readonly JournalRecord[] {
  if (other.length === 0) return one;
  const woven: JournalRecord[] = [];
  let next = 0;
  for (const record of one) {
    for (let beside = other[next]; beside !== undefined && monoOf(beside) < monoOf(record); beside = other[next]) {
      woven.push(beside);
      next += 1;
    }
    woven.push(record);
  }
  return [...woven, ...other.slice(next)];
}

function monoOf({ mono }: JournalRecord): bigint {
  return BigInt(mono);
}
