// Which steps a detection or a command needs, for whom and by when.

import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import { type Cause, type Step, type StepAction, targetOf } from "../model/incident.js";
import type { ResponseConfig, StepConfig, TriggerConfig } from "../model/plan.js";
import type { EdgeConfig } from "../model/site.js";
import { later, type Stamp } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";

/** What sets responses off. Times count from `occurredAt`. */
export interface Cue {
  readonly incident: string;
  readonly firstActivityAt: Stamp;
  readonly occurredAt: Stamp;
  readonly detectedAt: Stamp;
  readonly announceOnly: boolean;
  /** The same cause as before came into sight again: only what was not decided then is decided now. */
  readonly isKnown: boolean;
}

export function responsesToZone(config: EdgeConfig, zone: ZoneConfig): readonly ResponseConfig[] {
  return config.responses.filter((response) => response.on.some((trigger) => zoneTriggers(trigger, zone)));
}

/** Responses to an operator's lock-down of a group: those that close it. */
export function responsesToLockDown(config: EdgeConfig, group: string): readonly ResponseConfig[] {
  const closes = (response: ResponseConfig) =>
    response.steps.some((step) => step.kind === "close" && step.group === group);
  return config.responses.filter((response) => response.on.some((trigger) => "command" in trigger) && closes(response));
}

function zoneTriggers(trigger: TriggerConfig, zone: ZoneConfig): boolean {
  if ("zones" in trigger) return trigger.zones.includes(zone.id);
  if ("zoneKind" in trigger) return trigger.zoneKind === zone.kind;
  return "area" in trigger && trigger.area === zone.area;
}

/** Facts that decide every step of a response that is not under way already. */
export function planResponse(
  config: EdgeConfig,
  response: ResponseConfig,
  cue: Cue,
  view: { durable: Durable; now: Stamp },
): readonly Fact[] {
  const wasDecided = (step: StepConfig) =>
    actionsOf(config, step).every((action) => earlierSteps({ response, step, action, cue }, view.durable).length > 0);
  const wanted = response.steps.filter(
    (step) => (!cue.announceOnly || step.kind === "announce") && !(cue.isKnown && wasDecided(step)),
  );
  return wanted.flatMap((step) => [
    ...lockDownFacts(config, step, cue, view),
    ...releaseFacts(config, step, view),
    ...actionsOf(config, step).flatMap((action) => decide({ response, step, action, cue }, view)),
  ]);
}

export function barriersOf(config: EdgeConfig, group: string): readonly string[] {
  return config.groups.find((known) => known.id === group)?.barriers ?? [];
}

function actionsOf(config: EdgeConfig, step: StepConfig): readonly StepAction[] {
  switch (step.kind) {
    case "announce":
      return [{ kind: "announce", annunciator: step.annunciator }];
    case "close":
      return barriersOf(config, step.group).map((barrier) => ({
        kind: "close",
        barrier,
        group: step.group,
        mode: step.mode,
      }));
    case "release":
      return released(config, step.group).map((barrier) => ({ kind: "release", barrier }));
  }
}

function released(config: EdgeConfig, group: string): readonly string[] {
  const members = barriersOf(config, group);
  return config.barriers
    .filter((barrier) => members.includes(barrier.id) && barrier.onFire === "open")
    .map((barrier) => barrier.id);
}

function lockDownFacts(
  config: EdgeConfig,
  step: StepConfig,
  cue: Cue,
  view: { durable: Durable; now: Stamp },
): readonly Fact[] {
  if (step.kind !== "close") return [];
  const barriers = barriersOf(config, step.group);
  const held = view.durable.lockDowns[step.group]?.barriers ?? [];
  if (barriers.every((barrier) => held.includes(barrier))) return [];
  return [fact("lockdown.started", step.group, { group: step.group, incident: cue.incident, barriers, at: view.now })];
}

/** Fire stands above a lock-down: what is to open is no longer held, and its open close steps end as inhibited. */
function releaseFacts(config: EdgeConfig, step: StepConfig, view: { durable: Durable; now: Stamp }): readonly Fact[] {
  if (step.kind !== "release") return [];
  const freed = released(config, step.group);
  const ended = Object.values(view.durable.lockDowns)
    .map((held) => ({ group: held.group, barriers: held.barriers.filter((barrier) => freed.includes(barrier)) }))
    .filter((held) => held.barriers.length > 0)
    .map((held) => fact("lockdown.ended", held.group, { ...held, by: ["fire"], reason: "fire" }));
  return [...ended, ...cancelCloses(view.durable, freed, "fire")];
}

/** Ends every open close step of these barriers; of one group when it is named, for another may still hold them. */
export function cancelCloses(
  durable: Durable,
  barriers: readonly string[],
  reason: "fire" | "stood-down",
  group?: string,
): readonly Fact[] {
  const isOver = (action: StepAction) =>
    action.kind === "close" && barriers.includes(action.barrier) && (group === undefined || action.group === group);
  return Object.values(durable.steps)
    .filter((step) => isOver(step.action) && step.outcome === "open")
    .map((step) => fact("step.cancelled", step.id, { step: step.id, incident: step.incident, reason }));
}

interface Decision {
  readonly response: ResponseConfig;
  readonly step: StepConfig;
  readonly action: StepAction;
  readonly cue: Cue;
}

function baseOf({ response, step, action, cue }: Decision): string {
  return `${cue.incident}/${response.id}/${step.id}/${targetOf(action)}`;
}

function earlierSteps(decision: Decision, durable: Durable): readonly Step[] {
  const base = baseOf(decision);
  return Object.values(durable.steps).filter((known) => known.id.split("~")[0] === base);
}

function decide(decision: Decision, view: { durable: Durable; now: Stamp }): readonly Fact[] {
  const { response, step, action, cue } = decision;
  const earlier = earlierSteps(decision, view.durable);
  if (earlier.some((known) => isUnderWay(known, view.durable))) return [];
  const last = Math.max(0, ...earlier.map((known) => Number(known.id.split("~")[1] ?? 1)));
  const id = last === 0 ? baseOf(decision) : `${baseOf(decision)}~${last + 1}`;
  const decided: Step = {
    id,
    incident: cue.incident,
    response: response.id,
    step: step.id,
    action,
    fallback: step.fallback?.announce ?? null,
    firstActivityAt: cue.firstActivityAt,
    occurredAt: cue.occurredAt,
    detectedAt: cue.detectedAt,
    decidedAt: view.now,
    commandedAt: null,
    confirmedAt: null,
    deadlineAt: later(cue.occurredAt, step.withinMs),
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
  };
  return [fact("step.decided", id, { step: decided }), ...soundFacts(action, cue.incident, view)];
}

function soundFacts(action: StepAction, incident: string, view: { durable: Durable; now: Stamp }): readonly Fact[] {
  if (action.kind !== "announce" || view.durable.annunciators[action.annunciator] !== undefined) return [];
  return [fact("annunciator.sounded", action.annunciator, { annunciator: action.annunciator, incident, at: view.now })];
}

/** A step that is open, or whose effect still holds, need not be decided again. */
function isUnderWay(step: Step, durable: Durable): boolean {
  if (step.outcome === "open") return true;
  const { action } = step;
  switch (action.kind) {
    case "announce":
      return durable.annunciators[action.annunciator] !== undefined;
    case "close":
      return durable.lockDowns[action.group]?.barriers.includes(action.barrier) === true;
    case "release":
      return step.outcome === "met";
  }
}

/** Responses that name one cause. */
export function responsesToCause(config: EdgeConfig, cause: Cause): readonly ResponseConfig[] {
  return config.responses.filter((response) => response.on.some((trigger) => "cause" in trigger && trigger.cause === cause));
}
