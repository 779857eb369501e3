// Steps towards their outcome: met by confirmed effect, missed at the deadline with a fallback, completed later all the same.

import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import { barrierOf, type Reason, type Step, targetOf } from "../model/incident.js";
import type { EdgeConfig } from "../model/site.js";
import { type Stamp, stampAt, timeLeft } from "../model/time.js";
import type { BarrierNow, Outputs } from "./outputs.js";

export interface StepScene {
  readonly config: EdgeConfig;
  readonly durable: Durable;
  readonly outputs: Outputs;
  readonly barriers: Readonly<Record<string, BarrierNow>>;
  readonly now: Stamp;
}

/** What has become of one step by now; nothing when it goes on as it is. */
export function judgeStep(step: Step, scene: StepScene): readonly Fact[] {
  if (
    step.outcome === "met" ||
    step.outcome === "inhibited" ||
    (step.outcome === "missed" && step.confirmedAt !== null)
  )
    return [];
  const confirmedAt = confirmedBy(step, scene);
  if (step.outcome === "missed") return confirmedAt === null || isGivenUp(step) ? [] : completed(step, confirmedAt);
  if (confirmedAt !== null && confirmedAt.mono <= step.deadlineAt.mono)
    return [fact("step.met", step.id, { step: step.id, incident: step.incident, confirmedAt })];
  if (scene.now.mono < step.deadlineAt.mono) return [];
  return [...missed(step, scene), ...(confirmedAt === null ? [] : completed(step, confirmedAt))];
}

function confirmedBy(step: Step, scene: StepScene): Stamp | null {
  const doneAt = effectAt(step, scene);
  if (doneAt === null) return null;
  const decidedAt = step.decidedAt.boot === scene.now.boot ? step.decidedAt.mono : doneAt;
  return stampAt(scene.now, Math.max(doneAt, decidedAt));
}

/** Past its deadline a close goes on only while its lock-down stands (rule 5). */
export function isGivenUp({ outcome, reason }: Step): boolean {
  return outcome === "missed" && reason === "stood-down";
}

/** After a start: what is left of each open step, by rule 5. */
export function resumeStep(step: Step, now: Stamp): readonly Fact[] {
  if (step.outcome !== "open") return [];
  const { leftMs, by } = timeLeftOf(step, now);
  const left = Math.max(0, leftMs);
  const deadlineAt = { ...now, mono: now.mono + left, wall: now.wall + left };
  return [
    fact("step.resumed", step.id, {
      step: step.id,
      incident: step.incident,
      at: now,
      by,
      leftMs: Math.round(leftMs),
      deadlineAt,
    }),
  ];
}

/** More left than there was before: the wall clock went back, so it cannot be believed. */
function timeLeftOf(step: Step, now: Stamp): ReturnType<typeof timeLeft> {
  const left = timeLeft(step.deadlineAt, now);
  const leftBeforeMs = step.deadlineAt.wall - (step.resumed?.at ?? step.occurredAt).wall;
  return left.by === "wall" && left.leftMs > leftBeforeMs ? { leftMs: 0, by: "overdue" } : left;
}

/** When the effect that the step wants was confirmed by the hardware; null while it is not. */
function effectAt(step: Step, scene: StepScene): number | null {
  const { action } = step;
  if (action.kind === "announce") {
    const points = scene.config.annunciators.find((known) => known.id === action.annunciator)?.points ?? [];
    const confirmed = points.map((point) =>
      scene.outputs[point]?.wanted === true ? scene.outputs[point].confirmedAt : null,
    );
    return confirmed.length === 0 || confirmed.includes(null) ? null : Math.max(...confirmed.map((at) => at ?? 0));
  }
  const sight = scene.barriers[action.barrier]?.sight;
  return sight?.position === (action.kind === "close" ? "closed" : "open") ? sight.positionAt : null;
}

function completed(step: Step, confirmedAt: Stamp): readonly Fact[] {
  const latenessMs = Math.max(0, Math.round(-timeLeft(step.deadlineAt, confirmedAt).leftMs));
  const alarms = [alarmKey(step, "missed"), alarmKey(step, "inhibited")];
  return [fact("step.completed", step.id, { step: step.id, incident: step.incident, confirmedAt, latenessMs, alarms })];
}

function missed(step: Step, scene: StepScene): readonly Fact[] {
  const record = fact("step.missed", step.id, {
    alarm: { key: alarmKey(step, "missed"), priority: 1 },
    step: step.id,
    incident: step.incident,
    target: targetOf(step.action),
    reason: reasonOf(step, scene),
    deadlineAt: step.deadlineAt,
    latenessMs: Math.max(0, Math.round(scene.now.mono - step.deadlineAt.mono)),
  });
  return [record, ...fallback(step, scene)];
}

function fallback(step: Step, scene: StepScene): readonly Fact[] {
  if (step.fallback === null) return [];
  const taken = fact("step.fallback-taken", step.id, {
    step: step.id,
    incident: step.incident,
    announce: step.fallback,
    at: scene.now,
  });
  if (scene.durable.annunciators[step.fallback] !== undefined) return [taken];
  return [
    taken,
    fact("annunciator.sounded", step.fallback, { annunciator: step.fallback, incident: step.incident, at: scene.now }),
  ];
}

function reasonOf(step: Step, scene: StepScene): Reason {
  if (step.action.kind === "announce") return "output-not-confirmed";
  if (step.reason === "fire") return step.reason;
  const now = scene.barriers[step.action.barrier];
  const overdue = step.resumed !== null && step.resumed.leftMs <= 0;
  return (
    now?.work.reason ??
    now?.sight.hold ??
    (now?.sight.isFaulty ? "drive-fault" : null) ??
    (overdue ? "overdue-after-restart" : "too-slow")
  );
}

/** An obstacle is reported when it is seen, not when time is up; once per step and reason. */
export function inhibitedFacts(step: Step, reason: Reason | null, now: Stamp): readonly Fact[] {
  if (reason === null || step.action.kind === "announce" || step.confirmedAt !== null || step.reason === reason)
    return [];
  if (step.outcome !== "open" && step.outcome !== "missed") return [];
  const data = {
    alarm: { key: alarmKey(step, "inhibited"), priority: 2 as const },
    step: step.id,
    incident: step.incident,
    target: step.action.barrier,
    reason,
    at: now,
  };
  return [fact("step.inhibited", step.id, data)];
}

function alarmKey(step: Step, what: "missed" | "inhibited"): string {
  return `${step.id}/${what}`;
}

/** What became of a notification. */
export function notifiedFacts(
  step: Step,
  told: { readonly ok: boolean; readonly at: number },
  now: Stamp,
): readonly Fact[] {
  if (step.outcome !== "open" || !told.ok) return [];
  return [fact("step.met", step.id, { step: step.id, incident: step.incident, confirmedAt: stampAt(now, told.at) })];
}
