// Every confirmed run of a barrier is a measurement: it goes into the commissioning book beside the datasheet's time. So does what
// a technician tried.
import type { BookKeeper } from "../commissioning/book.js";
import { runRow } from "../commissioning/drives.js";
import type { Durable } from "../model/durable.js";
import type { FactMap } from "../model/fact.js";
import { barrierOf } from "../model/incident.js";
import type { EdgeConfig } from "../model/site.js";
import type { CheckDesk } from "./checks.js";
import type { RecorderEntry } from "./recorder-messages.js";

interface Places {
  readonly book: BookKeeper;
  readonly checks: Pick<CheckDesk, "noteHalt">;
}

interface Known {
  readonly config: EdgeConfig;
  readonly durable: Durable;
}

/** `known`: the configuration and the durable state in which the entries are folded already. */
export function noteTravels({ book, checks }: Places, known: Known, entries: readonly RecorderEntry[]): void {
  for (const { fact } of entries) {
    if (fact.type === "step.met") noteStep(book, known, fact.data);
    if (fact.type !== "barrier.tried") continue;
    const { barrier, result } = fact.data;
    book.noteRun(barrier, runRow(result));
    checks.noteHalt(barrier, result.halt);
  }
}

function noteStep(book: BookKeeper, { config, durable }: Known, { step: id, confirmedAt }: FactMap["step.met"]): void {
  const step = durable.steps[id];
  if (step === undefined || step.commandedAt === null) return;
  const { action, commandedAt } = step;
  const barrier = config.barriers.find((each) => each.id === barrierOf(action));
  const ms = confirmedAt.mono - commandedAt.mono;
  if (barrier === undefined || commandedAt.boot !== confirmedAt.boot || ms <= 0) return;
  const fast = action.kind === "close" && action.mode === "emergency";
  const datasheetMs = fast ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
  book.noteTravel(fast ? `${barrier.id}/emergency` : barrier.id, {
    ms,
    datasheetMs,
    at: new Date(confirmedAt.wall).toISOString(),
  });
}
