// What a ledger row is about, in English and by ids, for receivers that know nothing of our records.

import type { InventoryOf } from "../../alarm/names.js";
import { titleOf } from "../../alarm/title.js";
import type { AlarmView } from "../../console/views.js";
import type { LedgerRow } from "../../ledger/ledger.js";
import type { Describe } from "./events.js";

interface Known {
  readonly alarmOf: (row: LedgerRow) => AlarmView | undefined;
  readonly inventoryOf: InventoryOf;
}

export function describer({ alarmOf, inventoryOf }: Known): Describe {
  return (row) => {
    const { record, site, edge } = row;
    const alarm = alarmOf(row);
    const title = alarm?.title ?? titleOf(record, { inventory: inventoryOf(site, edge), edge, task: undefined });
    const { area, zone, barrier, target, duty, device } = record.data;
    const thing = alarm?.zone ?? alarm?.barrier ?? zone ?? barrier ?? target ?? duty ?? device;
    const place = alarm?.area ?? area;
    return { text: title.en, area: textOrNull(place), thing: textOrNull(thing) };
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
