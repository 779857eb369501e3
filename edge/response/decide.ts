// One step is decided, once: what is open or whose effect still holds is not decided again, but a siren that runs is to sound longer.
import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import { type Step, type StepAction, targetOf } from "../model/incident.js";
import type { FallbackConfig, ResponseConfig, StepConfig } from "../model/plan.js";
import type { Stamp } from "../model/time.js";
import type { Cue } from "./plan.js";

interface Decision {
  readonly response: ResponseConfig;
  readonly step: StepConfig;
  readonly action: StepAction;
  readonly cue: Cue;
}

/** The id without its count: `~2`, `~3` ... are the same step, decided anew. */
export function baseOf(id: string): string {
  return id.split("~")[0] ?? id;
}

/** The id of a step that is decided anew. */
export function nextId(id: string): string {
  return `${baseOf(id)}~${Number(id.split("~")[1] ?? 1) + 1}`;
}

/** The same step once more, counted from `since`. */
export function decidedAnew(step: Step, since: Stamp, deadlineAt: Stamp, now: Stamp): Fact {
  const id = nextId(step.id);
  const again: Step = {
    ...step,
    id,
    firstActivityAt: since,
    occurredAt: since,
    detectedAt: since,
    decidedAt: now,
    commandedAt: null,
    confirmedAt: null,
    deadlineAt,
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
  };
  return fact("step.decided", id, { step: again });
}

/** The same step of the same incident as it was decided before. */
export function earlierSteps({ response, step, action, cue }: Decision, durable: Durable): readonly Step[] {
  const base = `${cue.incident}/${response.id}/${step.id}/${targetOf(action)}`;
  return Object.values(durable.steps).filter((known) => baseOf(known.id) === base);
}

/** Facts that decide a step, to be met by `deadlineAt`. */
export function decide(
  decision: Decision & { readonly deadlineAt: Stamp },
  view: { readonly durable: Durable; readonly now: Stamp },
): readonly Fact[] {
  const { response, step, action, cue, deadlineAt } = decision;
  const earlier = earlierSteps(decision, view.durable);
  const sounds = action.kind === "announce" ? soundFacts(action.annunciator, cue.incident, view) : [];
  if (earlier.some((known) => isUnderWay(known, view.durable))) return cue.isKnown ? [] : sounds;
  const last = earlier.at(-1);
  const id = last === undefined ? `${cue.incident}/${response.id}/${step.id}/${targetOf(action)}` : nextId(last.id);
  const decided: Step = {
    id,
    incident: cue.incident,
    response: response.id,
    step: step.id,
    action,
    fallback: fallbackOf(step, cue.quiet),
    firstActivityAt: cue.firstActivityAt,
    occurredAt: cue.occurredAt,
    detectedAt: cue.detectedAt,
    decidedAt: view.now,
    commandedAt: null,
    confirmedAt: null,
    deadlineAt,
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
    ...(cue.quiet ? { quiet: true } : {}),
  };
  return [fact("step.decided", id, { step: decided }), ...sounds];
}

function fallbackOf({ fallback }: StepConfig, quiet: boolean): FallbackConfig | null {
  return fallback === undefined || (quiet && "announce" in fallback) ? null : fallback;
}

/**
 * Sounds, or sounds on for its whole time when it runs already. It stays with the incident that it sounds for; a real one takes
 * over from an exercise.
 */
export function soundFacts(
  annunciator: string,
  incident: string,
  { durable, now }: { readonly durable: Durable; readonly now: Stamp },
): readonly Fact[] {
  const running = durable.annunciators[annunciator]?.incident;
  const isExercise = (id: string) => durable.incidents[id]?.exercise === true;
  const stays = running !== undefined && (!isExercise(running) || isExercise(incident));
  return [fact("annunciator.sounded", annunciator, { annunciator, incident: stays ? running : incident, at: now })];
}

/** Word and reports that were given belong to what was known then: a new cue asks for them anew. */
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
    case "notify":
      return false;
    case "report":
      return action.everyMs !== null || step.confirmedAt === null;
    case "switch":
      return step.outcome !== "inhibited";
  }
}
