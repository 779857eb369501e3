// Brings back into the memory what was recorded before a start.
import type { JournalRecord } from "../model/record.js";
import type { Memory, OnTrouble } from "./journal.js";
import { trouble } from "./recover.js";

interface Into {
  readonly memory: Memory;
  readonly onTrouble: OnTrouble;
}

/** A record whose checksum and shape are right may still not be what its type says: it costs itself only. */
export async function recallInto({ memory, onTrouble }: Into, records: AsyncIterable<JournalRecord>): Promise<void> {
  for await (const record of records) {
    try {
      memory.remember(record);
    } catch (error) {
      onTrouble(trouble("journal.misshapen", record.id, `${record.type} is not remembered: ${String(error)}`));
    }
  }
}
