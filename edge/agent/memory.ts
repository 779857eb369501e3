// What the box remembers after a start: the durable state, folded from the journal's facts.
import { fold, initialDurable } from "../incident/durable.js";
import type { Durable } from "../model/durable.js";
import type { Fact } from "../model/fact.js";
import type { JournalRecord } from "../model/record.js";
import type { EdgeConfig } from "../model/site.js";
import type { Recorder } from "./recorder.js";

/**
 * Telemetry changes nothing that must survive, so it is not folded. A journal that cannot be read to its end is told, and
 * the box guards with what it remembers: acting never waits for a disk (rule 10).
 */
export async function restoreDurable(
  config: EdgeConfig,
  recorder: Pick<Recorder, "replay">,
  trouble: (detail: string) => void,
): Promise<Durable> {
  let durable = initialDurable(config);
  const remember = (record: JournalRecord) => {
    if (record.lane !== "telemetry") durable = fold(durable, record as unknown as Pick<Fact, "type" | "data">);
  };
  await recorder
    .replay(1, remember)
    .catch((error: unknown) => trouble(`the journal was not read to its end: ${String(error)}`));
  return durable;
}
