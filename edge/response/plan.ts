// Which responses a detection, an order, a posture or a risk sets off, and which steps they need, for whom and by when.

import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { Cause, Detection, Step, StepAction } from "../model/incident.js";
import {
  type PostureLevel,
  postureLevels,
  type ResponseConfig,
  type RiskColour,
  type StepConfig,
  type TriggerConfig,
} from "../model/plan.js";
import type { EdgeConfig } from "../model/site.js";
import { later, type Stamp, timeLeft } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";
import { decide, earlierSteps } from "./decide.js";

/** What sets responses off. Times count from `occurredAt`. */
export interface Cue {
  readonly incident: string;
  readonly firstActivityAt: Stamp;
  readonly occurredAt: Stamp;
  readonly detectedAt: Stamp;
  readonly announceOnly: boolean;
  /** The same cause as before came into sight again: only what was not decided then is decided now. */
  readonly isKnown: boolean;
  /** Swinger limit or silent hold-up: nothing sounds, nor does a fallback. */
  readonly quiet: boolean;
}

interface PlanView {
  readonly durable: Durable;
  readonly now: Stamp;
}

/** Everyday matters, not intrusions: they set off only what names them. */
const namedOnly: readonly Cause[] = ["door-held-open", "tailgating", "lane-blocked", "passed-outward"];

export function responsesToZone(
  config: EdgeConfig,
  zone: ZoneConfig,
  { cause }: Pick<Detection, "cause">,
): readonly ResponseConfig[] {
  return triggered(config, (trigger) => {
    if ("zones" in trigger) return trigger.zones.includes(zone.id);
    if ("cause" in trigger) return trigger.cause === cause;
    if (namedOnly.includes(cause)) return false;
    return "zoneKind" in trigger ? trigger.zoneKind === zone.kind : "area" in trigger && trigger.area === zone.area;
  });
}

/** Responses that name one cause. */
export function responsesToCause(config: EdgeConfig, cause: Cause): readonly ResponseConfig[] {
  return triggered(config, (trigger) => "cause" in trigger && trigger.cause === cause);
}

/** Responses to an operator's lock-down of a group: those that close it. */
export function responsesToLockDown(config: EdgeConfig, group: string): readonly ResponseConfig[] {
  return triggered(config, (trigger) => "command" in trigger).filter((response) =>
    response.steps.some((step) => step.kind === "close" && step.group === group),
  );
}

/** Each level adds to the one before ("在…基础上"): all that are reached or passed on the way up, mildest first. */
export function responsesToPosture(
  config: EdgeConfig,
  from: PostureLevel,
  to: PostureLevel,
): readonly ResponseConfig[] {
  const raised = postureLevels.slice(postureLevels.indexOf(from) + 1, postureLevels.indexOf(to) + 1);
  return raised.flatMap((level) => triggered(config, (trigger) => "posture" in trigger && trigger.posture === level));
}

/** A risk colour sets off its own responses only; none sets off nothing. */
export function responsesToRisk(config: EdgeConfig, colour: RiskColour): readonly ResponseConfig[] {
  return triggered(config, (trigger) => "risk" in trigger && trigger.risk === colour);
}

function triggered(config: EdgeConfig, test: (trigger: TriggerConfig) => boolean): readonly ResponseConfig[] {
  return config.responses.filter((response) => response.on.some(test));
}

/** Facts that decide every step of a response that is not under way already and that waits for no other step's miss. */
export function planResponse(config: EdgeConfig, response: ResponseConfig, cue: Cue, view: PlanView): readonly Fact[] {
  const wasDecided = (step: StepConfig) =>
    actionsOf(config, step).every((action) => earlierSteps({ response, step, action, cue }, view.durable).length > 0);
  return response.steps
    .filter((step) => (step.kind === "announce" ? !cue.quiet : !cue.announceOnly))
    .filter((step) => !isBackup(response, step.id) && !(cue.isKnown && wasDecided(step)))
    .flatMap((step) =>
      planStep({ response, step, cue, deadlineAt: later(cue.occurredAt, step.withinMs) }, config, view),
    );
}

/**
 * The step of the same response that is taken because this one was missed, with its time from now; nothing when it is under way or
 * was taken for this miss already: a close has several barriers and one backup.
 */
export function planBackup(missed: Step, config: EdgeConfig, view: PlanView): readonly Fact[] {
  const { fallback } = missed;
  const response = config.responses.find(({ id }) => id === missed.response);
  const step = response?.steps.find(({ id }) => fallback !== null && "step" in fallback && id === fallback.step);
  if (response === undefined || step === undefined || !isBackup(response, step.id)) return [];
  if (step.kind === "announce" && missed.quiet === true) return [];
  const cue: Cue = { ...missed, announceOnly: false, isKnown: false, quiet: missed.quiet === true };
  const wasTaken = actionsOf(config, step).some((action) =>
    earlierSteps({ response, step, action, cue }, view.durable).some((known) => isSince(known, missed)),
  );
  if (wasTaken) return [];
  return planStep({ response, step, cue, deadlineAt: later(view.now, step.withinMs) }, config, view);
}

function isSince(step: Step, other: Step): boolean {
  const { leftMs, by } = timeLeft(step.decidedAt, other.decidedAt);
  return by !== "overdue" && leftMs >= 0;
}

/** It waits for another step's miss. Steps that name each other in a circle wait for nobody, or they would chase each other. */
export function isBackup(response: ResponseConfig, id: string): boolean {
  const after = (step: string) => {
    const fallback = response.steps.find((known) => known.id === step)?.fallback;
    return fallback !== undefined && "step" in fallback ? fallback.step : null;
  };
  const chain: string[] = [];
  for (let next = after(id); next !== null && !chain.includes(next); next = after(next)) chain.push(next);
  return !chain.includes(id) && response.steps.some((step) => after(step.id) === id);
}

function planStep(
  plan: {
    readonly response: ResponseConfig;
    readonly step: StepConfig;
    readonly cue: Cue;
    readonly deadlineAt: Stamp;
  },
  config: EdgeConfig,
  view: PlanView,
): readonly Fact[] {
  const { step, cue } = plan;
  return [
    ...lockDownFacts(config, step, cue, view),
    ...releaseFacts(config, step, view),
    ...actionsOf(config, step).flatMap((action) => decide({ ...plan, action }, view)),
  ];
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
    case "notify":
      return [{ kind: "notify", channel: step.channel }];
    case "report":
      return [{ kind: "report", task: step.task, everyMs: step.everyMs ?? null }];
    case "switch":
      return [{ kind: "switch", point: step.point }];
  }
}

function released(config: EdgeConfig, group: string): readonly string[] {
  const members = barriersOf(config, group);
  return config.barriers
    .filter((barrier) => members.includes(barrier.id) && barrier.onFire === "open")
    .map((barrier) => barrier.id);
}

function lockDownFacts(config: EdgeConfig, step: StepConfig, cue: Cue, view: PlanView): readonly Fact[] {
  if (step.kind !== "close") return [];
  const barriers = barriersOf(config, step.group);
  const held = view.durable.lockDowns[step.group]?.barriers ?? [];
  if (barriers.every((barrier) => held.includes(barrier))) return [];
  return [fact("lockdown.started", step.group, { group: step.group, incident: cue.incident, barriers, at: view.now })];
}

/** Fire stands above a lock-down: what is to open is no longer held, and its open close steps end as inhibited. */
function releaseFacts(config: EdgeConfig, step: StepConfig, view: PlanView): readonly Fact[] {
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
