// Rules about records: acknowledged is never lost, the chain verifies at each start, the ledger holds each record once and
// in order, and everything committed reaches the hub once nothing hinders it.

import { verifyJournal } from "../../edge/journal/inspect.js";
import type { Journal } from "../../edge/journal/journal.js";
import type { Trouble } from "../../edge/model/error.js";
import type { JournalRecord, LaneHead } from "../../edge/model/record.js";
import { headerHash } from "../../edge/record/hash.js";
import { idOf } from "../../edge/record/make.js";
import { laneKey } from "../../edge/record/verify.js";
import type { LedgerRow } from "../../hub/ledger/ledger.js";
import { wayKinds } from "./draws.js";
import { endOf, type Scene, wasAtWork } from "./scene.js";

/** After the last thing that hinders has healed. */
const reachMs = 180_000;
const waitingMax = 5_000;

interface Committed {
  readonly at: number;
  readonly hash: string;
}

export interface RecordRules {
  stated(count: number): void;
  durable(records: readonly JournalRecord[]): void;
  /** `records`: all that the journal holds. */
  opened(journal: Journal, records: readonly JournalRecord[]): Promise<void>;
  died(): void;
  trouble(trouble: Trouble): void;
  stored(rows: readonly LedgerRow[]): void;
  restored(rows: number): void;
  hubTrouble(detail: string): void;
  /** Once a minute. */
  look(): void;
  /** At the end everything must be there. */
  finish(): void;
  counts(): { readonly committed: number; readonly stored: number };
}

export function createRecordRules(scene: Scene): RecordRules {
  const { world, site, violate } = scene;
  /** By id: what the journal has said to be on the medium. */
  const committed = new Map<string, Committed>();
  const heads = new Map<string, LaneHead>();
  const ledger: { readonly key: string; readonly sequence: number; readonly id: string; readonly hash: string }[] = [];
  let inLedger = new Map<string, string>();
  let ledgerHeads = new Map<string, number>();
  let volatileIds: string[] = [];
  let waiting = 0;
  /** The box has given up records that the hub had, for lack of space; a hub that is restored misses them. */
  let hasRetired = false;

  for (const from of calmsOf(scene)) world.at(from + reachMs, () => demandAll(from));

  function demandAll(until: number): void {
    for (const [id, { at, hash }] of committed) {
      if (at <= until && inLedger.get(id) !== hash) {
        violate("committed-reaches-hub", `${id}, committed at ${Math.round(at)}, has not reached the hub`);
        return;
      }
    }
  }

  function isGapAllowed(): boolean {
    return hasRetired && wasAtWork(scene.happenings, ["hub-restored"], [0, world.now()]);
  }

  /** A stretch `epoch/lane from..to` that nobody has any more. */
  function forget(stretch: string): void {
    const [, key = "", from, to] = /^(\S+) (\d+)\.\.(\d+)$/.exec(stretch) ?? [];
    for (let sequence = Number(from); sequence <= Number(to); sequence += 1)
      committed.delete(`${scene.config.id}/${key}/${sequence}`);
    ledgerHeads.set(key, Number(to));
  }

  function note(record: JournalRecord): void {
    if (record.type === "limit.reached" && String(record.data["detail"]).startsWith("retired")) hasRetired = true;
  }

  /** On the medium after a start, though nobody was told. */
  function found(record: JournalRecord): void {
    if (committed.has(record.id)) return;
    note(record);
    committed.set(record.id, { at: world.now(), hash: headerHash(record) });
  }

  function take(row: LedgerRow): void {
    const { record, hash } = row;
    if (row.site === "") {
      const { code, detail } = record.data;
      if (code === "intake.gap" && isGapAllowed()) forget(String(detail));
      else if (record.type !== "edge.silent" && record.type !== "edge.restored")
        violate("hub-raises-nothing", `${record.type} ${JSON.stringify(record.data)}`);
      return;
    }
    const key = laneKey(record);
    const before = ledgerHeads.get(key) ?? 0;
    if (record.sequence !== before + 1) violate("ledger-in-order", `${record.id} was stored after ${before}`);
    ledgerHeads.set(key, record.sequence);
    ledger.push({ key, sequence: record.sequence, id: record.id, hash });
    inLedger.set(record.id, hash);
  }

  return {
    stated(count) {
      waiting += count;
      if (waiting > waitingMax) violate("within-limits", `${waiting} facts wait for the disk`);
    },
    durable(records) {
      waiting = Math.max(0, waiting - records.length);
      for (const record of records) {
        const hash = headerHash(record);
        committed.set(record.id, { at: world.now(), hash });
        if (record.durable === false) volatileIds.push(record.id);
        else {
          heads.set(laneKey(record), { epoch: record.epoch, lane: record.lane, sequence: record.sequence, hash });
          note(record);
        }
      }
    },
    async opened(journal, records) {
      const verified = await verifyJournal("", site.disk.mount());
      // A disk that takes nothing keeps its torn tail until it does.
      const mayBeTorn = wasAtWork(scene.happenings, ["disk-refuses", "disk-sync-fails"], [world.now(), world.now()]);
      const [fault] = verified.faults.filter(({ code }) => !(mayBeTorn && code === "journal.torn-tail"));
      if (fault !== undefined) violate("chain-verifies", `${fault.code} ${fault.place}: ${fault.detail}`);
      const present = new Map(journal.heads().map((head) => [laneKey(head), head]));
      for (const [key, { epoch, lane, sequence, hash }] of heads) {
        const [record] = await journal.read({ epoch, lane, sequence }, 1);
        // The journal's own records follow a fact, so that it may have been retired before them.
        const id = idOf(scene.config.id, { epoch, lane, sequence });
        const isThere = record?.sequence === sequence ? headerHash(record) : inLedger.get(id);
        if ((present.get(key)?.sequence ?? 0) < sequence || isThere !== hash)
          violate("acknowledged-is-kept", `${key}/${sequence} was acknowledged and is not there after the start`);
      }
      records.forEach(found);
    },
    died() {
      waiting = 0;
      for (const id of volatileIds) committed.delete(id);
      volatileIds = [];
    },
    trouble({ code, place, detail }) {
      if (code === "journal.chain-broken" || code === "journal.corrupt")
        violate("journal-sound", `${code} ${place}: ${detail}`);
      if (code === "uplink.message-invalid" && !isGapAllowed()) violate("uplink-sound", `${place}: ${detail}`);
    },
    stored: (rows) => rows.forEach(take),
    restored() {
      const kept = site.hub.boxRows();
      ledger.length = kept;
      ledgerHeads = new Map(ledger.map(({ key, sequence }) => [key, sequence]));
      inLedger = new Map(ledger.map(({ id, hash }) => [id, hash]));
    },
    hubTrouble: (detail) => violate("hub-works", detail),
    look() {
      const status = site.box()?.journal.status();
      if (status !== undefined && !status.volatile && status.usedBytes > site.options.quotaBytes)
        violate("within-limits", `the journal takes ${status.usedBytes} bytes`);
    },
    finish: () => demandAll(world.now() - reachMs),
    counts: () => ({ committed: committed.size, stored: ledger.length }),
  };
}

/** Moments from which nothing hinders records for long enough. */
function calmsOf({ happenings }: Scene): readonly number[] {
  const hindering = happenings.filter(({ kind }) => wayKinds.includes(kind));
  const ends = hindering.map(endOf);
  return ends.filter((end) => hindering.every((other) => other.at > end + reachMs || endOf(other) <= end));
}
