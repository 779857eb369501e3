// A guided test of what is more than one contact: watches its points and what the zone's own judge makes of them, and holds that
// against the rule. Samples and looks are noted as they come; what follows from them is decided when time is told. Pure.
import type { Verdict } from "../../model/state.js";
import type { MonoMs } from "../../model/time.js";
import type { SeenValue } from "../questions/points.js";
import {
  breachIn,
  enter,
  type FailReason,
  fail,
  type GuidedInput,
  type GuidedRun,
  hear,
  isOver,
  isTried,
  judgedBy,
  type RuleLook,
  type RuleWatch,
  type SeenClass,
  sound,
  stageMs,
  wrongForMs,
} from "./guided-run.js";
import type { ZoneRule } from "./guided-test.js";

/** Word of what two points did together comes with the second of two looks at the latest. */
const graceMs = 500;

export function stepRule(run: GuidedRun, rule: ZoneRule, input: GuidedInput, now: MonoMs): GuidedRun {
  if (isOver(run)) return run;
  switch (input.kind) {
    case "sample":
      return rule.points.includes(input.point) ? noteSample(run, rule, input) : run;
    case "look":
      return noteLook(judgedBy(run, input.look), rule, input.look, now);
    case "sounded":
      return hear(run, input.annunciator, input.at);
    case "stop":
      return enter(run, "stopped", now);
    case "heard":
      return run;
    case "time":
      return progress(run, rule, now);
  }
}

/** Of a level only that it is heard: whether it is quiet the zone's looks say. */
function classOfPoint(value: SeenValue, quality: string): SeenClass {
  if (quality !== "good") return quality as SeenClass;
  if (typeof value === "boolean") return value ? "active" : "rest";
  return typeof value === "object" && value !== null ? "rest" : "unreadable";
}

function noteSample(
  run: GuidedRun,
  rule: ZoneRule,
  { point, value, quality, at, heardAt }: Extract<GuidedInput, { kind: "sample" }>,
): GuidedRun {
  const as = classOfPoint(value, quality);
  const known = run.watch.points[point];
  const points = { ...run.watch.points, [point]: { as, since: known?.as === as ? known.since : at, heardAt } };
  const isNews = run.stage !== "rest" && as === "active" && !run.watch.acted.includes(point);
  const acted = isNews ? [...run.watch.acted, point] : run.watch.acted;
  return { ...run, seen: worstOf(points, rule), watch: { ...run.watch, points, acted } };
}

/** What is shown of several points: the first that is neither at rest nor active, else one that is active. */
function worstOf(points: RuleWatch["points"], rule: ZoneRule): GuidedRun["seen"] {
  const shown = rule.points.flatMap((point) => points[point] ?? []);
  return (
    shown.find(({ as }) => as !== "rest" && as !== "active") ??
    shown.find(({ as }) => as === "active") ??
    shown[0] ??
    null
  );
}

function noteLook(run: GuidedRun, rule: ZoneRule, look: RuleLook, now: MonoMs): GuidedRun {
  const isCounting = look.verdict === "too-few-events";
  const watch = { ...run.watch, last: look, counting: isCounting ? look : run.watch.counting };
  const seen = { ...run, watch };
  if (run.stage === "rest" || look.at < run.since - graceMs) return seen;
  const told = { ...seen, watch: { ...watch, telling: tellingOf(watch, look), share: shareOf(watch, rule, look) } };
  const wrong = wrongIn(told, rule, { look, before: run.watch.counting });
  if (wrong !== null) return fail(told, wrong, now);
  if (!isExpected(told, rule, look)) return told;
  return {
    ...told,
    triggeredAt: look.at,
    ms: lagOf(told, look),
    watch: { ...told.watch, found: told.watch.found + 1 },
  };
}

const silent: readonly Verdict[] = ["nothing-seen", "below-threshold"];
const weak: readonly Verdict[] = ["filter-not-passed", "dead-time", "learning", "quality-not-good", "older-than-last"];

/** What rings after an event says less than the event, and an event less than a breach. */
function tellingOf({ telling }: RuleWatch, look: RuleLook): RuleLook | null {
  if (silent.includes(look.verdict)) return telling;
  if (telling !== null && breachIn(telling) !== null && breachIn(look) === null) return telling;
  return telling !== null && weak.includes(look.verdict) && !weak.includes(telling.verdict) ? telling : look;
}

/** Of a fence that is to be quiet. */
function shareOf({ share }: RuleWatch, { expects }: ZoneRule, { verdict, seen, limit }: RuleLook): number | null {
  if (expects.kind !== "quiet") return null;
  const isLevel = verdict === "below-threshold" && typeof seen === "number" && limit !== null && limit > 0;
  return isLevel ? Math.max(share ?? 0, seen / limit) : share;
}

/** From the moment that counts to the box, ms. */
function lagOf({ watch }: GuidedRun, { at }: RuleLook): number {
  const heardAt = Math.max(...Object.values(watch.points).map((point) => point.heardAt));
  return Number.isFinite(heardAt) ? Math.max(0, Math.round(heardAt - at)) : 0;
}

function isExpected(run: GuidedRun, { expects }: ZoneRule, look: RuleLook): boolean {
  switch (expects.kind) {
    case "breach":
      return isTried(run, look);
    case "look":
      return look.verdict === expects.verdict && (expects.seen === undefined || expects.seen === look.seen);
    case "one-event":
      return look.verdict === "too-few-events";
    case "alone":
    case "quiet":
      return false;
  }
}

/** Events that counted before the person was asked to knock are none of his. */
function eventsIn({ verdict, seen, at }: RuleLook, before: RuleLook | null, windowMs: MonoMs): number {
  if (verdict !== "too-few-events" || typeof seen !== "number") return 0;
  const isCounting = before !== null && at - before.at <= windowMs;
  return seen - (isCounting && typeof before.seen === "number" ? before.seen : 0);
}

/** Looks at a level that exceeded something. */
const loud: readonly Verdict[] = ["too-few-events", "dead-time", "filter-not-passed"];

/** What an expectation rules out, whatever comes after it. */
function wrongIn(
  run: GuidedRun,
  { expects }: ZoneRule,
  { look, before }: { readonly look: RuleLook; readonly before: RuleLook | null },
): FailReason | null {
  const isBreach = breachIn(look) !== null;
  if (expects.kind === "breach") {
    if (look.verdict === "lane-not-barred") return look.verdict;
    // On a fence the one comes with the other: who climbs strikes it as well, and the climb may follow.
    const isFence = run.test.kind.startsWith("fibre-");
    return isBreach && !isFence && !isTried(run, look) ? "other-cause" : null;
  }
  if (expects.kind === "quiet") return isBreach || loud.includes(look.verdict) ? "not-quiet" : null;
  if (isBreach) return "counted";
  if (expects.kind !== "one-event") return null;
  return isTwice(look, { before, windowMs: expects.windowMs, found: run.watch.found }) ? "counted-twice" : null;
}

function isTwice(
  look: RuleLook,
  { before, windowMs, found }: { readonly before: RuleLook | null; readonly windowMs: MonoMs; readonly found: number },
): boolean {
  return (found > 0 && look.verdict === "too-few-events") || eventsIn(look, before, windowMs) > 1;
}

function progress(run: GuidedRun, rule: ZoneRule, now: MonoMs): GuidedRun {
  switch (run.stage) {
    case "rest":
      return rest(run, rule, now);
    case "listen":
      return listen(run, rule, now);
    case "act":
      return act(run, rule, now);
    case "sound":
      return sound(run, now);
    case "undo":
      return undo(run, rule, now);
    default:
      return run;
  }
}

function areAtRest({ watch }: GuidedRun, { points }: ZoneRule): boolean {
  return points.every((point) => watch.points[point]?.as === "rest");
}

function isWrong({ seen }: GuidedRun, now: MonoMs): boolean {
  return seen !== null && seen.as !== "rest" && seen.as !== "active" && now - seen.since >= wrongForMs;
}

/** A fibre that still learns its baseline judges nothing. */
function rest(run: GuidedRun, rule: ZoneRule, now: MonoMs): GuidedRun {
  const isLearning = run.watch.last?.verdict === "learning";
  if (areAtRest(run, rule) && !isLearning) {
    return enter(run, rule.expects.kind === "quiet" ? "listen" : "act", now);
  }
  const isHopeless = isWrong(run, now) && now - run.since >= wrongForMs;
  return isHopeless || now - run.since >= stageMs.rest ? fail(run, "not-at-rest", now) : run;
}

/** Without one look there was nothing that could have been quiet. */
function listen(run: GuidedRun, { expects }: ZoneRule, now: MonoMs): GuidedRun {
  if (isWrong(run, now)) return fail(run, "wrong-signal", now);
  if (expects.kind !== "quiet" || now - run.since < expects.forMs) return run;
  return run.watch.share === null ? fail(run, "nothing-seen", now) : enter(run, "passed", now);
}

function act(run: GuidedRun, { expects }: ZoneRule, now: MonoMs): GuidedRun {
  const { watch, test } = run;
  if (isWrong(run, now)) return fail(run, "wrong-signal", now);
  if (expects.kind === "alone" && watch.acted.length > 0) {
    if (watch.acted.some((point) => point !== expects.point)) return fail(run, "other-too", now);
    return enter(run, "undo", now);
  }
  if (watch.found > 0) {
    return enter(run, expects.kind === "breach" && test.annunciators.length > 0 ? "sound" : "undo", now);
  }
  // Of the first of two the zone may say so by what the other did long ago.
  if (watch.telling?.verdict === "wrong-order" && watch.acted.length > 1) return fail(run, "wrong-order", now);
  return now - run.since < stageMs.act ? run : fail(run, reasonOf(run), now);
}

/** Why nothing came of what was done. */
function reasonOf({ watch, test }: GuidedRun): FailReason {
  if (watch.telling !== null && breachIn(watch.telling) !== null) return "other-cause";
  switch (watch.telling?.verdict) {
    case "too-few-events":
      return "too-few";
    case "filter-not-passed":
    case "dead-time":
      return "too-short";
    case "granted":
      return "was-granted";
    default:
      return test.kind.startsWith("fibre-") ? "below-threshold" : "nothing-seen";
  }
}

function undo(run: GuidedRun, rule: ZoneRule, now: MonoMs): GuidedRun {
  const { expects } = rule;
  if (expects.kind === "alone" && run.watch.acted.some((point) => point !== expects.point))
    return fail(run, "other-too", now);
  const settleMs = expects.kind === "one-event" ? expects.settleMs : graceMs;
  if (areAtRest(run, rule) && now - run.since >= settleMs) return enter(run, "passed", now);
  return now - run.since >= stageMs.undo ? fail(run, "did-not-return", now) : run;
}
