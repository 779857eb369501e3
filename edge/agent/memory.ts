// What the box remembers after a start: the durable state, folded from the journal's facts.
import { fold, initialDurable } from "../incident/durable.js";
import type { Fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Durable } from "../model/state.js";
import type { Recorder } from "./recorder.js";

/** Telemetry changes nothing that must survive, so it is not folded. */
export async function restoreDurable(config: EdgeConfig, recorder: Recorder): Promise<Durable> {
  let durable = initialDurable(config);
  await recorder.replay(1, (record) => {
    if (record.lane !== "telemetry")
      durable = fold(durable, { type: record.type, data: record.data } as unknown as Pick<Fact, "type" | "data">);
  });
  return durable;
}
