// Every confirmed run of a barrier is a measurement: it goes into the commissioning book beside the datasheet's time.
import type { BookKeeper } from "../commissioning/book.js";
import type { Durable } from "../model/durable.js";
import { barrierOf } from "../model/incident.js";
import type { EdgeConfig } from "../model/site.js";
import type { RecorderEntry } from "./recorder-messages.js";

/** `config` and `durable`: the configuration and the durable state in which the entries are folded already. */
export function noteTravels(
  book: BookKeeper,
  { config, durable }: { readonly config: EdgeConfig; readonly durable: Durable },
  entries: readonly RecorderEntry[],
): void {
  for (const { fact: known } of entries) {
    if (known.type !== "step.met") continue;
    const step = durable.steps[known.data.step];
    if (step === undefined || step.commandedAt === null) continue;
    const { action, commandedAt } = step;
    const barrier = config.barriers.find((each) => each.id === barrierOf(action));
    const ms = known.data.confirmedAt.mono - commandedAt.mono;
    if (barrier === undefined || commandedAt.boot !== known.data.confirmedAt.boot || ms <= 0) continue;
    const fast = action.kind === "close" && action.mode === "emergency";
    const datasheetMs = fast ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
    book.noteTravel(fast ? `${barrier.id}/emergency` : barrier.id, {
      ms,
      datasheetMs,
      at: new Date(known.data.confirmedAt.wall).toISOString(),
    });
  }
}
