// What must be done again and again: when it is due, and what follows when it is not done.
import { type Fact, fact } from "../model/fact.js";
import type { DutyConfig } from "../model/plan.js";
import type { Clockwork, Ward } from "../model/state.js";
import { type MonoMs, type Stamp, stampAt } from "../model/time.js";
import { type WorkOrderCause, workOrder } from "../model/work-order.js";
import { comesAt } from "./due.js";
import { selfTestFacts } from "./self-test.js";

/** Their omission leaves a device untried or unkept, which somebody must see to. */
const causes: Partial<Record<DutyConfig["kind"], WorkOrderCause>> = {
  calibration: "calibration-due",
  maintenance: "maintenance-due",
  "walk-test": "walk-test-due",
};
const settleEveryMs = 1000;

export function dutyDoneFact({ id }: DutyConfig, by: string, note: string, { now }: Pick<Ward, "now">): Fact {
  return fact("duty.done", id, { duty: id, by, note, at: now, alarms: [alarmKey(id)] });
}

/** What the work order of a duty names. */
export function dutyDevice({ id, device }: DutyConfig): string {
  return device ?? `duty:${id}`;
}

const alarmKey = (duty: string) => `duty:${duty}/missed`;

/** By this boot's clock; Infinity before the box has been started for the first time. A raised posture counts from its beginning. */
export function dutyDueAt({ id, everyMs, everyRaisedMs }: DutyConfig, { durable, now }: Ward): MonoMs {
  const since = durable.duties[id] ?? durable.watchedSince;
  if (since === null) return Number.POSITIVE_INFINITY;
  const due = comesAt(since, everyMs, now);
  const { level, since: raisedAt } = durable.posture;
  if (level === "normal" || raisedAt === null || everyRaisedMs === undefined) return due;
  const raised = (from: Stamp) => comesAt(from, everyRaisedMs, now);
  return Math.min(due, Math.max(raised(since), raised(raisedAt)));
}

/** When something must be done about a duty: a self-test runs when it is due, the others are missed after their grace. */
function actAt(duty: DutyConfig, ward: Ward): MonoMs {
  if (duty.kind === "self-test") return dutyDueAt(duty, ward);
  if (ward.durable.dutiesMissed[duty.id] === true) return Number.POSITIVE_INFINITY;
  return dutyDueAt(duty, ward) + duty.graceMs;
}

function act(duty: DutyConfig, ward: Ward): readonly Fact[] {
  if (duty.kind === "self-test")
    return [...selfTestFacts("schedule", ward, "all"), dutyDoneFact(duty, "schedule", "", ward)];
  const { config, durable, now } = ward;
  const missed = fact("duty.missed", duty.id, {
    alarm: { key: alarmKey(duty.id), priority: duty.kind === "inspection" ? 3 : 4 },
    duty: duty.id,
    dueAt: stampAt(now, dutyDueAt(duty, ward)),
  });
  const cause = causes[duty.kind];
  if (cause === undefined) return [missed];
  return [missed, ...workOrder(dutyDevice(duty), cause, { edge: config.id, durable, now })];
}

/** One at a time, for a work order takes the next number. Until all has been read back a self-test would find nothing but that. */
export const dutyClock: Clockwork = {
  facts(ward) {
    if (!ward.settled) return [];
    const next = ward.config.duties?.find((duty) => actAt(duty, ward) <= ward.now.mono);
    return next === undefined ? [] : act(next, ward);
  },
  dueAt(ward) {
    const due = Math.min(Number.POSITIVE_INFINITY, ...(ward.config.duties ?? []).map((duty) => actAt(duty, ward)));
    return ward.settled ? due : Math.max(due, ward.now.mono + settleEveryMs);
  },
};
