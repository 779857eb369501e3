// What the box remembers after a start: the durable state, folded from the journal's facts beside the journal itself.
import { fold, initialDurable } from "../incident/durable.js";
import type { Memory } from "../journal/journal.js";
import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Recorder } from "./recorder.js";

/** Far below the 250 KiB that the uplink takes as one record. */
const partBytesMax = 96 * 1024;

export interface DurableMemory extends Memory {
  durable(): Durable;
}

/** `initial` is what a box knows that has no record yet. */
export function createMemory(initial: Durable): DurableMemory {
  let durable = initial;
  return {
    remember({ type, data }) {
      durable = fold(durable, { type, data } as unknown as Pick<Fact, "type" | "data">);
    },
    kept: (now) =>
      partsOf(durable).map((each, part, { length: parts }) => {
        // The subject names the part, so that the hub keeps the last word on each.
        const subject = part === 0 ? "box" : `box/${part}`;
        const { data, ...known } = fact("state.kept", subject, { durable: each, part, parts, at: now });
        return { ...known, data: { ...data }, now, exercise: false };
      }),
    durable: () => durable,
  };
}

/** The durable state in parts that each fit into a record; together they are all of it. */
function partsOf(durable: Durable): readonly Partial<Durable>[] {
  const parts: Record<string, unknown>[] = [{}];
  let bytes = 0;
  for (const [member, value] of Object.entries(durable)) {
    const isMap = typeof value === "object" && value !== null;
    Object.assign(parts[0] ?? {}, { [member]: isMap ? {} : value });
    for (const [key, entry] of isMap ? Object.entries(value) : []) {
      bytes += key.length + JSON.stringify(entry).length;
      if (bytes > partBytesMax) {
        parts.push({});
        bytes = 0;
      }
      const part = parts.at(-1) ?? {};
      part[member] = Object.assign(part[member] ?? {}, { [key]: entry });
    }
  }
  return parts;
}

/** Without a journal the box guards with what it knows at the first start of all: acting never waits for a disk (rule 10). */
export async function restoreDurable(
  config: EdgeConfig,
  recorder: Pick<Recorder, "durable">,
  trouble: (detail: string) => void,
): Promise<Durable> {
  return recorder.durable().catch((error: unknown) => {
    trouble(`the journal's memory was not handed over: ${String(error)}`);
    return initialDurable(config);
  });
}
