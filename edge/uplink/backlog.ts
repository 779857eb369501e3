// What waits for the hub, by lane: how much of it, and since when.
import type { Clock } from "../machine/ports.js";
import { type JournalRecord, type Lane, type LaneHead, lanes } from "../model/record.js";
import { ageOf } from "../record/age.js";
import { laneKey } from "../record/verify.js";
import type { RecordSource } from "./sender.js";

export type PerLane = Record<Lane, number>;

/** The oldest record of a lane is read again at most this often: while a backlog drains it is another each time. */
const readAgainMs = 10_000;

/** Durable records that the hub has not acknowledged. */
export function depths(source: Pick<RecordSource, "heads" | "acknowledged">): PerLane {
  const depth = { alarm: 0, state: 0, telemetry: 0 };
  for (const { head, after } of waiting(source)) depth[head.lane] += head.sequence - after;
  return depth;
}

/** Each lane of each epoch of which something waits, oldest epoch first; `after`: what the hub has. */
function waiting(source: Pick<RecordSource, "heads" | "acknowledged">): readonly { head: LaneHead; after: number }[] {
  const sequences = new Map(source.acknowledged().map((head) => [laneKey(head), head.sequence]));
  return source
    .heads()
    .map((head) => ({ head, after: sequences.get(laneKey(head)) ?? 0 }))
    .filter(({ head, after }) => head.sequence > after);
}

interface Oldest {
  readonly key: string;
  readonly readAt: number;
  readonly record: JournalRecord | undefined;
}

/** Tells the age of the oldest record that waits in each lane, ms; 0 where none does. */
export function createAges(source: Omit<RecordSource, "acknowledge" | "epoch">, clock: Clock): () => Promise<PerLane> {
  const oldest = new Map<Lane, Oldest>();

  async function ageIn(lane: Lane): Promise<number> {
    const first = waiting(source).find(({ head }) => head.lane === lane);
    if (first === undefined) return 0;
    const now = clock.now();
    const sequence = first.after + 1;
    const key = `${laneKey(first.head)}/${sequence}`;
    let known = oldest.get(lane);
    if (known === undefined || (known.key !== key && now.mono - known.readAt >= readAgainMs)) {
      // The sender tells of one that cannot be read; its age is no reason to tell nothing of the journal.
      const [record] = await source.read({ epoch: first.head.epoch, lane, sequence }, 1).catch(() => []);
      known = { key, readAt: now.mono, record };
      oldest.set(lane, known);
    }
    return known.record === undefined ? 0 : ageOf(known.record, now);
  }

  return async () => {
    const ages = { alarm: 0, state: 0, telemetry: 0 };
    for (const lane of lanes) ages[lane] = await ageIn(lane);
    return ages;
  };
}
