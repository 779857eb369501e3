// Steps towards their outcome: met by confirmed effect, missed at the deadline with a fallback, completed later all the same.

import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import { type Reason, type Step, targetOf } from "../model/incident.js";
import type { EdgeConfig } from "../model/site.js";
import { type MonoMs, type Stamp, stampAt, timeLeft } from "../model/time.js";
import { deliveredAt } from "./channels.js";
import { baseOf, soundFacts } from "./decide.js";
import type { BarrierNow, Outputs } from "./outputs.js";
import { planBackup } from "./plan.js";

export interface StepScene {
  readonly config: EdgeConfig;
  readonly durable: Durable;
  readonly outputs: Outputs;
  readonly barriers: Readonly<Record<string, BarrierNow>>;
  readonly now: Stamp;
}

/** What has become of one step by now; nothing when it goes on as it is. */
export function judgeStep(step: Step, scene: StepScene): readonly Fact[] {
  if (!isAwaited(step) || isGivenUp(step)) return [];
  const confirmedAt = confirmedBy(step, scene);
  if (step.outcome === "missed") return confirmedAt === null ? [] : [completed(step, confirmedAt)];
  if (confirmedAt !== null && confirmedAt.mono <= step.deadlineAt.mono) return [met(step, confirmedAt)];
  if (scene.now.mono < step.deadlineAt.mono && !isHopeless(step)) return [];
  return [
    missed(step, reasonOf(step, scene), scene.now),
    ...fallback(step, scene),
    ...(confirmedAt === null ? [] : [completed(step, confirmedAt)]),
  ];
}

/** Neither confirmed nor ended otherwise. */
function isAwaited({ outcome, confirmedAt }: Step): boolean {
  return outcome === "open" || (outcome === "missed" && confirmedAt === null);
}

/** The channel has said that it will not deliver: nothing is gained by waiting for the deadline. */
function isHopeless({ action, reason }: Step): boolean {
  return action.kind === "notify" && reason === "not-delivered";
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

/** When the effect that the step wants was confirmed by the hardware; null while it is not. People and the hub tell by themselves. */
function effectAt(step: Step, scene: StepScene): MonoMs | null {
  const { action } = step;
  switch (action.kind) {
    case "announce":
      return onSince(
        scene.config.annunciators.find(({ id }) => id === action.annunciator)?.points ?? [],
        scene.outputs,
      );
    case "switch":
      return onSince([action.point], scene.outputs);
    case "close":
    case "release": {
      const sight = scene.barriers[action.barrier]?.sight;
      return sight?.position === (action.kind === "close" ? "closed" : "open") ? sight.positionAt : null;
    }
    case "notify":
      return deliveredAt(step, scene);
    case "report":
      return null;
  }
}

/** Since when all of these outputs are confirmed on; null while one is not. */
function onSince(points: readonly string[], outputs: Outputs): MonoMs | null {
  const confirmed = points.map((point) => (outputs[point]?.wanted === true ? outputs[point].confirmedAt : null));
  return confirmed.length === 0 || confirmed.includes(null) ? null : Math.max(...confirmed.map((at) => at ?? 0));
}

function met(step: Step, confirmedAt: Stamp): Fact {
  return fact("step.met", step.id, { step: step.id, incident: step.incident, confirmedAt });
}

function completed(step: Step, confirmedAt: Stamp): Fact {
  const latenessMs = Math.max(0, Math.round(-timeLeft(step.deadlineAt, confirmedAt).leftMs));
  const alarms = [alarmKey(step, "missed"), alarmKey(step, "inhibited")];
  return fact("step.completed", step.id, { step: step.id, incident: step.incident, confirmedAt, latenessMs, alarms });
}

function missed(step: Step, reason: Reason, now: Stamp): Fact {
  return fact("step.missed", step.id, {
    alarm: { key: alarmKey(step, "missed"), priority: 1 },
    step: step.id,
    incident: step.incident,
    target: targetOf(step.action),
    reason,
    deadlineAt: step.deadlineAt,
    latenessMs: Math.max(0, Math.round(now.mono - step.deadlineAt.mono)),
  });
}

function fallback(step: Step, scene: StepScene): readonly Fact[] {
  if (step.fallback === null) return [];
  const taken = (announce: string) =>
    fact("step.fallback-taken", step.id, { step: step.id, incident: step.incident, announce, at: scene.now });
  if ("announce" in step.fallback)
    return [taken(step.fallback.announce), ...soundFacts(step.fallback.announce, step.incident, scene)];
  const backup = planBackup(step, scene.config, scene);
  return backup.length === 0 ? [] : [taken(step.fallback.step), ...backup];
}

function reasonOf(step: Step, scene: StepScene): Reason {
  const { action } = step;
  switch (action.kind) {
    case "announce":
    case "switch":
      return "output-not-confirmed";
    case "notify":
      return "not-delivered";
    case "report":
      return "not-reported";
    case "close":
    case "release":
      return step.reason === "fire" ? step.reason : reasonOfMove(step, scene.barriers[action.barrier]);
  }
}

function reasonOfMove(step: Step, now: BarrierNow | undefined): Reason {
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
  if (reason === null || step.reason === reason || !isAwaited(step)) return [];
  const data = {
    alarm: { key: alarmKey(step, "inhibited"), priority: 2 as const },
    step: step.id,
    incident: step.incident,
    target: targetOf(step.action),
    reason,
    at: now,
  };
  return [fact("step.inhibited", step.id, data)];
}

/** A periodic report that is missed again is the same alarm until it is given. */
function alarmKey({ id, action }: Step, what: "missed" | "inhibited"): string {
  const isPeriodic = action.kind === "report" && action.everyMs !== null;
  return `${isPeriodic ? baseOf(id) : id}/${what}`;
}

/** What the hub's channel said of a notification. Not delivered is an obstacle: the step is missed and its fallback taken at once. */
export function notifiedFacts(
  step: Step,
  told: { readonly ok: boolean; readonly at: MonoMs },
  now: Stamp,
): readonly Fact[] {
  if (step.action.kind !== "notify" || !isAwaited(step)) return [];
  return told.ok ? doneAt(step, stampAt(now, told.at), now) : inhibitedFacts(step, "not-delivered", now);
}

/** A person says that it is done; late, the lateness is evidence. Nothing when it was done before. */
export function reportedFacts(step: Step, by: string, now: Stamp): readonly Fact[] {
  if (step.action.kind !== "report" || !isAwaited(step)) return [];
  const reported = fact("operator.reported", step.id, { step: step.id, incident: step.incident, by });
  return [reported, ...doneAt(step, now, now)];
}

function doneAt(step: Step, at: Stamp, now: Stamp): readonly Fact[] {
  if (step.outcome === "missed") return [completed(step, at)];
  if (at.mono <= step.deadlineAt.mono) return [met(step, at)];
  const reason = step.action.kind === "report" ? "not-reported" : "not-delivered";
  return [missed(step, reason, now), completed(step, at)];
}
