// What a ledger row is about, in English and by ids, for receivers that know nothing of our records.
import type { AlarmRecord } from "../../alarm/record.js";
import type { LedgerRow } from "../../ledger/ledger.js";
import type { Describe } from "./events.js";

export interface Known {
  readonly alarmOf: (row: LedgerRow) => AlarmRecord | undefined;
  /** The English title of a row that is no alarm. */
  readonly titleOf: (row: LedgerRow) => string;
}

export function describer({ alarmOf, titleOf }: Known): Describe {
  return (row) => {
    const alarm = alarmOf(row);
    const { area, zone, barrier, target, duty, device, room } = row.record.data;
    const thing = alarm?.zone ?? alarm?.barrier ?? zone ?? barrier ?? target ?? duty ?? device ?? room;
    const text = alarm?.title.en ?? titleOf(row);
    return { text, area: textOrNull(alarm?.area ?? area), thing: textOrNull(thing) };
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
