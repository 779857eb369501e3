// What follows from the hub's first word on a connection, in which it states all that it has of this box.
import type { LaneHead } from "../model/record.js";
import { headerHash, noHash } from "../record/hash.js";
import { laneKey } from "../record/verify.js";
import type { RecordSource } from "./sender.js";

/** Of a lane in which the hub took nothing at that number; the chain goes on there without it. */
const unknownHash = "unknown";

/** Of a lane that it does not state the hub has nothing, whatever it had `before`: it was restored, or is another. */
export function completed(stated: readonly LaneHead[], before: readonly LaneHead[]): readonly LaneHead[] {
  const lanes = new Set(stated.map(laneKey));
  const lost = before.filter((head) => head.sequence > 0 && !lanes.has(laneKey(head)));
  return [...stated, ...lost.map((head) => ({ ...head, sequence: 0, hash: noHash }))];
}

/** Those heads that name a record of ours with another hash than ours: then two boxes run on one data folder. */
export async function forkedHeads(
  stated: readonly LaneHead[],
  source: Pick<RecordSource, "heads" | "read">,
): Promise<readonly LaneHead[]> {
  const own = new Map(source.heads().map((head) => [laneKey(head), head]));
  const forked: LaneHead[] = [];
  for (const head of stated) {
    const mine = own.get(laneKey(head));
    if (mine === undefined || head.sequence === 0 || head.sequence > mine.sequence || head.hash === unknownHash)
      continue;
    const hash = head.sequence === mine.sequence ? mine.hash : await hashAt(head, source);
    if (hash !== null && hash !== head.hash) forked.push(head);
  }
  return forked;
}

/** Null when the record is not there any more. */
async function hashAt({ epoch, lane, sequence }: LaneHead, source: Pick<RecordSource, "read">): Promise<string | null> {
  const [record] = await source.read({ epoch, lane, sequence }, 1);
  return record?.sequence === sequence ? headerHash(record) : null;
}
