// What the box remembers after a start: the durable state, folded from the journal's facts beside the journal itself.
import { fold, initialDurable } from "../incident/durable.js";
import type { Memory } from "../journal/journal.js";
import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Recorder } from "./recorder.js";

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
    kept(now) {
      const known = fact("state.kept", "box", { durable, at: now });
      return [{ ...known, data: { ...known.data }, now, exercise: false }];
    },
    durable: () => durable,
  };
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
