// The trial run 试运行: begins when two people have signed the same report, ends 30 days later with its figures.
import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import { type EdgeConfig, pointsOf } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import { later, type MonoMs, type Stamp } from "../model/time.js";
import { type ReportSignature, trialMs } from "../model/trial.js";
import { ageMs, comesAt } from "./due.js";

const signersNeeded = 2;

/** Who signed what was signed last; empty while they are too few. */
function agreed({ signatures }: Pick<Durable, "signatures">): readonly ReportSignature[] {
  const all = Object.values(signatures).sort((a, b) => b.order - a.order);
  const same = all.filter(({ hash }) => hash === all[0]?.hash);
  return same.length < signersNeeded ? [] : same;
}

/** Share 0 to 1 of the trial run for which inputs could be seen; 1 before it has lasted. */
export function trialAvailability(config: EdgeConfig, durable: Durable, now: Stamp): number {
  const { trial, lost, downMs } = durable;
  if (trial === null) return 1;
  if (trial.ended !== null) return trial.ended.availability;
  const inputs = pointsOf(config).filter(({ direction }) => direction === "in");
  const watchedMs = ageMs(trial.startedAt, now) * inputs.length;
  if (watchedMs === 0) return 1;
  const down = [...Object.values(downMs), ...Object.values(lost).map((since) => ageMs(since, now))];
  const lostMs = down.reduce((sum, ms) => sum + ms, 0) - trial.downMsBefore;
  return 1 - Math.min(1, Math.max(0, lostMs / watchedMs));
}

function endsAt({ durable: { trial }, now }: Ward): MonoMs {
  return trial === null || trial.ended !== null ? Number.POSITIVE_INFINITY : comesAt(trial.startedAt, trialMs, now);
}

/** What was changed and signed anew is tried anew. */
export const trialClock: Clockwork = {
  facts(ward): readonly Fact[] {
    const { config, durable, now } = ward;
    const signed = agreed(durable);
    const report = signed[0]?.hash;
    if (report !== undefined && report !== durable.trial?.report) {
      const by = signed.map((each) => each.by).sort();
      return [fact("trial.started", config.id, { report, by, at: now, until: later(now, trialMs) })];
    }
    const { trial } = durable;
    if (trial === null || endsAt(ward) > now.mono) return [];
    const { alarms, falseAlarms, faults, missed } = trial;
    const availability = trialAvailability(config, durable, now);
    const figures = { alarms, falseAlarms, faults, missed, availability };
    return [fact("trial.ended", config.id, { report: trial.report, at: now, ...figures })];
  },
  dueAt: endsAt,
};
