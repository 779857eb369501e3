// Whether what is missing before the first record that is kept has a tombstone: what nobody says is gone was taken away.
import type { Trouble } from "../model/error.js";
import { isWhole, type KeptRecord, type LaneHead } from "../model/record.js";
import { isCount, isMembers, isText } from "./shape.js";
import { laneKey } from "./verify.js";

export interface BeginningCheck {
  /** Nothing before this head is there. */
  missing(head: LaneHead, place: string): void;
  /** Any record; tombstones are what counts. */
  check(record: KeptRecord): void;
  faults(): readonly Trouble[];
}

const limits: readonly unknown[] = ["journal.retention", "journal.quota"];

export function createBeginningCheck(): BeginningCheck {
  const missing: { readonly head: LaneHead; readonly place: string }[] = [];
  /** Sequences by lane of an epoch, or by epoch. */
  const gone = new Map<string, number>();
  return {
    missing: (head, place) => void (head.sequence > 0 && missing.push({ head, place })),
    check(record) {
      for (const [key, sequence] of goneIn(record)) gone.set(key, Math.max(gone.get(key) ?? 0, sequence));
    },
    faults: () =>
      missing.flatMap(({ head, place }) => {
        const { epoch, lane, sequence } = head;
        const last = gone.get(epoch) ?? gone.get(laneKey(head)) ?? 0;
        const detail = `${lane} ${last + 1}..${sequence} is gone and no tombstone says so`;
        return last < sequence ? [{ code: "journal.beginning-cut" as const, place, detail }] : [];
      }),
  };
}

function goneIn(record: KeptRecord): readonly (readonly [string, number])[] {
  if (!isWhole(record) || record.type !== "limit.reached" || !limits.includes(record.data["limit"])) return [];
  const { detail, epoch, upTo } = record.data;
  if (isText(epoch) && Array.isArray(upTo)) return upTo.flatMap((each) => headIn(each, epoch));
  // Older versions say only what the last segment held, and not where the lanes stood that had nothing in it.
  const [, named] = (isText(detail) ? /^retired ([^:]*):/.exec(detail) : null) ?? [];
  return named === undefined ? [] : [[named, Number.POSITIVE_INFINITY]];
}

function headIn(value: unknown, epoch: string): readonly (readonly [string, number])[] {
  if (!isMembers(value)) return [];
  const { lane, sequence } = value;
  return isText(lane) && isCount(sequence) ? [[`${epoch}/${lane}`, Number(sequence)]] : [];
}
