// Signatures under the commissioning report and the trial run's count, for the table in durable.ts.
import type { Durable } from "../model/durable.js";
import type { Fact, FactMap } from "../model/fact.js";
import type { IncidentKind } from "../model/incident.js";
import { timeLeft } from "../model/time.js";
import type { Trial } from "../model/trial.js";
import { isFault } from "../model/work-order.js";

export function noteSignature(durable: Durable, signed: FactMap["report.signed"]): Durable {
  const order = 1 + Math.max(0, ...Object.values(durable.signatures).map((known) => known.order));
  return { ...durable, signatures: { ...durable.signatures, [signed.by]: { ...signed, order } } };
}

export function startTrial(durable: Durable, { report, by, at, until }: FactMap["trial.started"]): Durable {
  const lost = Object.values(durable.lost).map((since) => Math.max(0, -timeLeft(since, at).leftMs));
  const downMsBefore = [...Object.values(durable.downMs), ...lost].reduce((sum, ms) => sum + ms, 0);
  const counts = { alarms: 0, falseAlarms: 0, faults: 0, missed: 0 };
  return { ...durable, trial: { report, by, startedAt: at, until, ...counts, downMsBefore, ended: null } };
}

/** Orders of people, and what nothing on site may show. */
const uncounted: readonly IncidentKind[] = ["hold-up", "lock-down", "posture", "risk"];

/** `before`: the durable state in which the fact was not folded yet. */
export function countInTrial(durable: Durable, fact: Pick<Fact, "type" | "data">, before: Durable): Durable {
  const { trial } = durable;
  const counted = trial === null ? null : countedBy(fact as Fact, trial, before);
  return trial === null || counted === null ? durable : { ...durable, trial: { ...trial, ...counted } };
}

function countedBy({ type, data }: Fact, trial: Trial, before: Durable): Partial<Trial> | null {
  switch (type) {
    case "incident.opened":
      return data.incident.exercise || uncounted.includes(data.incident.kind) ? null : { alarms: trial.alarms + 1 };
    case "incident.closed":
      return data.falseAlarm === true && isCounted(data.incident, trial, before)
        ? { falseAlarms: trial.falseAlarms + 1 }
        : null;
    case "workorder.opened":
      return isFault(data.cause) ? { faults: trial.faults + 1 } : null;
    case "step.missed": {
      const incident = before.incidents[data.incident];
      const isSilent = incident === undefined || incident.exercise || incident.kind === "hold-up";
      return isSilent ? null : { missed: trial.missed + 1 };
    }
    default:
      return null;
  }
}

/** It was counted as an alarm of this trial run. */
function isCounted(id: string, { startedAt }: Trial, { incidents }: Durable): boolean {
  const incident = incidents[id];
  if (incident === undefined || incident.exercise || uncounted.includes(incident.kind)) return false;
  return timeLeft(startedAt, incident.openedAt).leftMs <= 0;
}
