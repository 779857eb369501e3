// Audits records in order, from a disk or from an export: chains, signed checkpoints, and what a hub states. Needs public keys
// only. Names the place of every fault.
import type { ErrorCode, Trouble } from "../model/error.js";
import { isWhole, type KeptRecord, type LaneHead } from "../model/record.js";
import { createBeginningCheck } from "./beginnings.js";
import { checkpointIn, checkpointType, signedText } from "./checkpoint.js";
import { headerHash } from "./hash.js";
import { isText, misfitIn } from "./shape.js";
import type { KeyRing } from "./sign.js";
import { type ChainCheck, createChainCheck, laneKey } from "./verify.js";

export interface AuditOptions {
  /** Without them signatures are not looked at. */
  readonly keys?: KeyRing | undefined;
  /** What the hub has: the last record of each lane, so that a cut tail shows. */
  readonly hubHeads?: readonly LaneHead[] | undefined;
  /** With `keys`: more records behind the last checkpoint than this are a fault. */
  readonly unsignedRecordsMax: number;
}

export interface Findings {
  readonly faults: readonly Trouble[];
  /** The last record of each lane of each epoch. */
  readonly heads: readonly LaneHead[];
  readonly records: number;
  /** Of these only the header is there: sealed, or left out of evidence. */
  readonly closed: number;
  readonly checkpoints: number;
  /** Records behind the last checkpoint whose signature is good. */
  readonly unsigned: number;
  /** Until where the lanes are signed. */
  readonly signed: readonly LaneHead[];
}

export interface Audit {
  /**
   * Where lanes stand before the next record, as somebody states it; `place` is for the fault when it is not so. What was
   * before and is not there must have a tombstone, unless `isToldGone`.
   */
  begin(heads: readonly LaneHead[], place: string, isToldGone?: boolean): void;
  /** What is to be a record; `where` says where it lies. */
  check(value: unknown, where: string): void;
  /** A fault that somebody else has found. */
  fault(fault: Trouble): void;
  finish(): Findings;
}

type Report = (code: ErrorCode, place: string, detail: string) => void;

export function createAudit({ keys, hubHeads = [], unsignedRecordsMax }: AuditOptions): Audit {
  const faults: Trouble[] = [];
  const report: Report = (code, place, detail) => void faults.push({ code, place, detail });
  const chain = createChainCheck();
  const checkpoints = createCheckpointCheck(chain, keys, report);
  const hub = createHubCheck(hubHeads, report);
  const explained = new Set<string>();
  const beginnings = createBeginningCheck();
  const counts = { records: 0, closed: 0 };
  return {
    begin(heads, place, isToldGone = false) {
      for (const head of heads) {
        const now = chain.head(head);
        if (now === undefined && !isToldGone) beginnings.missing(head, place);
        if (now === undefined) chain.start(head);
        else if (now.hash !== head.hash) {
          const detail = `it states ${head.lane} ${head.sequence}, found was ${now.lane} ${now.sequence}`;
          report("journal.chain-broken", place, detail);
        }
      }
    },
    check(value, where) {
      const misfit = misfitIn(value);
      if (misfit !== null) {
        report(misfit.code, where, misfit.detail);
        return;
      }
      const record = value as KeptRecord;
      const place = `${where}, ${record.lane} ${record.sequence}`;
      checkpoints.check(record, place);
      if (chain.head(record) === undefined)
        chain.start({ ...record, sequence: record.sequence - 1, hash: record.prevhash });
      const fault = chain.check(record);
      if (fault !== null) report(fault.code, place, fault.detail);
      hub.check(record, place);
      for (const epoch of epochsIn(record)) explained.add(epoch);
      beginnings.check(record);
      counts.records += 1;
      if (!isWhole(record)) counts.closed += 1;
    },
    fault: (fault) => void faults.push(fault),
    finish() {
      const heads = chain.heads();
      const found = checkpoints.found();
      hub.finish(heads, explained);
      faults.push(...beginnings.faults());
      if (keys !== undefined && found.unsigned > unsignedRecordsMax) {
        const detail = `${found.unsigned} records follow the last checkpoint, at most ${unsignedRecordsMax} may`;
        report("journal.unsigned", heads.map((head) => `${head.lane} ${head.sequence}`).join(", "), detail);
      }
      return { faults, heads, ...counts, ...found };
    },
  };
}

/** Sees the records in order, each before the chain takes it up. */
function createCheckpointCheck(chain: ChainCheck, keys: KeyRing | undefined, report: Report) {
  const signed = new Map<string, LaneHead>();
  const counts = { checkpoints: 0, unsigned: 0 };

  /** A lane stands where the box has signed that it stands; else what came since the last signature is not its own. */
  function compare(head: LaneHead, place: string): void {
    const now = chain.head(head);
    const before = signed.get(laneKey(head))?.sequence ?? 0;
    signed.set(laneKey(head), head);
    if (now === undefined) chain.start(head);
    else if (now.hash !== head.hash) {
      const where = `${head.epoch} ${head.lane} ${before + 1}..${head.sequence}`;
      const stands = now.sequence === head.sequence ? "another record" : `${now.lane} ${now.sequence}`;
      report(
        "journal.signature-wrong",
        place,
        `${where}: signed was ${head.lane} ${head.sequence}, found is ${stands}`,
      );
    }
  }

  return {
    check(record: KeptRecord, place: string): void {
      counts.unsigned += 1;
      if (keys === undefined || !isWhole(record) || record.type !== checkpointType) return;
      const found = checkpointIn(record);
      if (found === null) {
        report("journal.signature-wrong", place, "it has not the shape of a checkpoint");
        return;
      }
      const verdict = keys.verify(found.key, signedText(found, record), found.signature);
      if (verdict === "good") {
        for (const head of found.heads) compare(head, place);
        counts.checkpoints += 1;
        counts.unsigned = 0;
        return;
      }
      const unknown = `signed with key ${found.key}, which is not given`;
      report("journal.signature-wrong", place, verdict === "wrong" ? "the signature is not the key's" : unknown);
    },
    found: () => ({ ...counts, signed: [...signed.values()] }),
  };
}

/** Epochs that a tombstone names: retired, in memory only, or of the box whose place this one has taken. */
function epochsIn(record: KeptRecord): readonly string[] {
  if (isWhole(record) && record.type === "box.replaced") return [record.data["epochs"]].flat().filter(isText);
  const detail = isWhole(record) && record.type === "limit.reached" ? record.data["detail"] : null;
  return typeof detail === "string" ? (detail.match(/\b[0-9a-f]{16}\b/g) ?? []) : [];
}

function createHubCheck(stated: readonly LaneHead[], report: Report) {
  const heads = new Map(stated.map((head) => [laneKey(head), head]));
  return {
    check(record: KeptRecord, place: string): void {
      const head = heads.get(laneKey(record));
      if (head?.sequence !== record.sequence || head.hash === headerHash(record)) return;
      report(
        "journal.hub-differs",
        place,
        `${record.lane} ${record.sequence}: the hub has another record, ${head.hash}`,
      );
    },
    finish(found: ReturnType<ChainCheck["heads"]>, explained: ReadonlySet<string>): void {
      const ours = new Map(found.map((head) => [laneKey(head), head.sequence]));
      for (const [key, { epoch, lane, sequence }] of heads) {
        const last = ours.get(key) ?? 0;
        if (sequence <= last || (last === 0 && explained.has(epoch))) continue;
        const detail = `the hub has ${lane} ${last + 1}..${sequence}, this journal ends at ${lane} ${last}`;
        report("journal.tail-cut", `${epoch} ${lane} ${last + 1}`, detail);
      }
    },
  };
}
