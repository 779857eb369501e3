// Verifies the chain of each lane and names the place of a fault. Used by the box, the hub and the command line.
import type { Trouble } from "../model/error.js";
import { isWhole, type JournalRecord, type KeptRecord, type LaneHead } from "../model/record.js";
import { dataHash, headerHash, noHash } from "./hash.js";

export interface ChainCheck {
  /** Null when the record, of which there may be the header only, follows its lane's head. After a fault the chain is taken up again at that record. */
  check(record: KeptRecord): Trouble | null;
  /** Where the lane stands; undefined when nothing is known of it. */
  head(of: Pick<LaneHead, "epoch" | "lane">): LaneHead | undefined;
  /** The lane is taken up behind this record. */
  start(head: LaneHead): void;
  /** The head of every lane seen. */
  heads(): readonly LaneHead[];
}

/** `start`: heads that are known already; a lane that is not among them starts at sequence 1. */
export function createChainCheck(start: readonly LaneHead[] = []): ChainCheck {
  const heads = new Map(start.map((head) => [laneKey(head), head]));
  return {
    check(record) {
      const { epoch, lane, sequence } = record;
      const head = heads.get(laneKey(record)) ?? { epoch, lane, sequence: 0, hash: noHash };
      heads.set(laneKey(record), { epoch, lane, sequence, hash: headerHash(record) });
      const detail = faultOf(record, head);
      return detail === null ? null : { code: "journal.chain-broken", place: record.id, detail };
    },
    head: (of) => heads.get(laneKey(of)),
    start: ({ epoch, lane, sequence, hash }) =>
      void heads.set(laneKey({ epoch, lane }), { epoch, lane, sequence, hash }),
    heads: () => [...heads.values()],
  };
}

/** The first fault of the chain, or null. Records of several lanes and epochs may be mixed, each lane in order. */
export function verifyChain(records: Iterable<JournalRecord>, start: readonly LaneHead[] = []): Trouble | null {
  const chain = createChainCheck(start);
  for (const record of records) {
    const trouble = chain.check(record);
    if (trouble !== null) return trouble;
  }
  return null;
}

/** Key of a lane of an epoch, for maps. */
export function laneKey(of: Pick<LaneHead, "epoch" | "lane">): string {
  return `${of.epoch}/${of.lane}`;
}

function faultOf(record: KeptRecord, head: LaneHead): string | null {
  if (record.sequence !== head.sequence + 1) return `sequence ${record.sequence} follows ${head.sequence}`;
  if (record.prevhash !== head.hash) return `prevhash ${record.prevhash} is not the head ${head.hash}`;
  if (isWhole(record) && record.datahash !== dataHash(record.salt, record.data))
    return `data does not match datahash ${record.datahash}`;
  return null;
}
