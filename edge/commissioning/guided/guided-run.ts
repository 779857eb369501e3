// A guided test on its way: watches live samples and says passed, not yet, or failed with what was seen instead. Pure.
import { classifyLoop, type LoopClass } from "../../detection/loop.js";
import type { Quality } from "../../model/point.js";
import type { Verdict, ZoneTrace } from "../../model/state.js";
import type { MonoMs } from "../../model/time.js";
import type { SeenValue } from "../questions/points.js";
import type { GuidedTest, WatchedSignal } from "./guided-test.js";

/** rest: to be at rest first. act: the person is to trigger it. listen: nobody is to touch it. sound: what it sounds is to be confirmed. heard: was it? undo: to be at rest again. */
export type GuidedStage = "rest" | "act" | "listen" | "sound" | "heard" | "undo" | "passed" | "failed" | "stopped";

export const seenClasses = [
  "rest",
  "active",
  "cut",
  "short",
  "masked",
  "out-of-range",
  "stale",
  "lost",
  "tampered",
  "unreadable",
] as const;
export type SeenClass = (typeof seenClasses)[number];

export const failReasons = [
  "not-at-rest",
  "nothing-seen",
  "too-short",
  "wrong-signal",
  "not-sounded",
  "not-heard",
  "did-not-return",
  "other-too",
  "counted",
  "counted-twice",
  "not-quiet",
  "other-cause",
  "wrong-order",
  "lane-not-barred",
  "too-few",
  "below-threshold",
  "was-granted",
] as const;
export type FailReason = (typeof failReasons)[number];

export interface GuidedRun {
  readonly test: GuidedTest;
  readonly stage: GuidedStage;
  readonly beganAt: MonoMs;
  /** Since when this stage lasts. */
  readonly since: MonoMs;
  /** What the signal shows, and since when; null: nothing was heard. */
  readonly seen: { readonly as: SeenClass; readonly since: MonoMs; readonly heardAt: MonoMs } | null;
  /** When the trigger that counts occurred. */
  readonly triggeredAt: MonoMs | null;
  /** The longest trigger that was too short to count, ms. */
  readonly briefMs: number | null;
  readonly sounded: Readonly<Record<string, MonoMs>>;
  /** Sensor to box, its filter included; with annunciators to the last confirmed one. */
  readonly ms: number | null;
  readonly reason: FailReason | null;
  /** What became of the trigger by the zone's own judgement; null: it saw none since the test began. */
  readonly judged: Verdict | null;
  /** Of a test with a rule. */
  readonly watch: RuleWatch;
}

/** What a test with a rule has seen of its points and of the zone's looks. */
export interface RuleWatch {
  readonly points: Readonly<
    Record<string, { readonly as: SeenClass; readonly since: MonoMs; readonly heardAt: MonoMs }>
  >;
  /** Points that acted since the person was asked to. */
  readonly acted: readonly string[];
  /** The zone's last look, and the last since the person was asked to that was no mere rest. */
  readonly last: RuleLook | null;
  readonly telling: RuleLook | null;
  /** The last one that counted an event. */
  readonly counting: RuleLook | null;
  /** Looks that what is expected was found in. */
  readonly found: number;
  /** Loudest level as a share of what an event must exceed; null: none was heard. */
  readonly share: number | null;
}

export type RuleLook = Omit<ZoneTrace, "zone">;

export const nothingWatched: RuleWatch = {
  points: {},
  acted: [],
  last: null,
  telling: null,
  counting: null,
  found: 0,
  share: null,
};

export type GuidedInput =
  | {
      readonly kind: "sample";
      readonly point: string;
      readonly value: SeenValue;
      readonly quality: Quality;
      readonly at: MonoMs;
      readonly heardAt: MonoMs;
    }
  /** What the zone's own judge made of a moment. */
  | { readonly kind: "look"; readonly look: RuleLook }
  /** An annunciator's output was confirmed. */
  | { readonly kind: "sounded"; readonly annunciator: string; readonly at: MonoMs }
  /** The person's word on whether it was heard. */
  | { readonly kind: "heard"; readonly yes: boolean }
  | { readonly kind: "stop" }
  | { readonly kind: "time" };

/** How long each stage waits, ms: people need time, wiring does not. */
export const stageMs = { rest: 30_000, act: 120_000, heard: 60_000, undo: 120_000 } as const;
/** Verdicts that a breach comes to, whether or not it is an alarm at this moment. */
const breachVerdicts: readonly Verdict[] = [
  "alarm",
  "pre-alarm",
  "entry-time",
  "walk-test",
  "not-armed",
  "isolated",
  "inhibited",
  "out-for-repair",
  "known-already",
];

/** A wrong class must last so long to be no bounce on the way. */
export const wrongForMs = 1_000;

export function beginRun(test: GuidedTest, now: MonoMs): GuidedRun {
  const isSounder = test.kind === "annunciator";
  return {
    test,
    stage: isSounder ? "sound" : "rest",
    beganAt: now,
    since: now,
    seen: null,
    triggeredAt: isSounder ? now : null,
    briefMs: null,
    sounded: {},
    ms: null,
    reason: null,
    judged: null,
    watch: nothingWatched,
  };
}

export function isOver({ stage }: GuidedRun): boolean {
  return stage === "passed" || stage === "failed" || stage === "stopped";
}

/** One input, in order of time; `now` not before the input. */
export function stepRun(run: GuidedRun, input: GuidedInput, now: MonoMs): GuidedRun {
  if (isOver(run)) return run;
  switch (input.kind) {
    case "sample":
      return progress(look(progress(run, input.at), input), now);
    case "look":
      return judgedBy(run, input.look);
    case "sounded":
      return progress(hear(run, input.annunciator, input.at), now);
    case "heard":
      if (run.stage !== "heard") return run;
      return input.yes ? enter(run, "passed", now) : fail(run, "not-heard", now);
    case "stop":
      return enter(run, "stopped", now);
    case "time":
      return progress(run, now);
  }
}

/** Whether a look tells of a breach, and the cause of it. */
export function breachIn({ verdict, seen }: RuleLook): string | null {
  return breachVerdicts.includes(verdict) && typeof seen === "string" ? seen : null;
}

/** In one word, what a look tells: of a breach its cause. */
export function tellingWord(look: RuleLook): string {
  return breachIn(look) ?? look.verdict;
}

/** A breach of a cause that the test is to set off. */
export function isTried({ test: { judge } }: GuidedRun, look: RuleLook): boolean {
  const cause = breachIn(look);
  return cause !== null && judge?.causes.some((each) => each === cause) === true;
}

/** Noted where it is the trigger that is tried. A look from before the test says nothing of it. */
export function judgedBy(run: GuidedRun, look: RuleLook): GuidedRun {
  return isTried(run, look) && look.at >= run.beganAt ? { ...run, judged: look.verdict } : run;
}

export const enter = (run: GuidedRun, stage: GuidedStage, now: MonoMs): GuidedRun => ({ ...run, stage, since: now });
export const fail = (run: GuidedRun, reason: FailReason, now: MonoMs): GuidedRun => ({
  ...enter(run, "failed", now),
  reason,
});

const classes: Readonly<Record<LoopClass, SeenClass>> = {
  normal: "rest",
  alarm: "active",
  cut: "cut",
  short: "short",
  masked: "masked",
  "out-of-range": "out-of-range",
};

/** What one sample of the signal shows. */
export function classOf({ loop, normally }: WatchedSignal, value: SeenValue, quality: Quality): SeenClass {
  if (quality !== "good") return quality;
  if (loop !== undefined) return typeof value === "number" ? classes[classifyLoop(loop, value)] : "unreadable";
  if (typeof value !== "boolean") return "unreadable";
  return value === (normally === "closed") ? "rest" : "active";
}

function look(run: GuidedRun, { value, quality, at, heardAt }: Extract<GuidedInput, { kind: "sample" }>): GuidedRun {
  const { signal } = run.test;
  if (signal === null || isOver(run)) return run;
  const as = classOf(signal, value, quality);
  if (as === run.seen?.as) return run;
  const isBrief = run.stage === "act" && run.seen?.as === "active";
  const briefMs = isBrief ? Math.max(run.briefMs ?? 0, at - run.seen.since) : run.briefMs;
  return { ...run, briefMs, seen: { as, since: at, heardAt } };
}

export function hear(run: GuidedRun, annunciator: string, at: MonoMs): GuidedRun {
  const isLate = run.triggeredAt === null || at < run.triggeredAt;
  if (isLate || !run.test.annunciators.includes(annunciator) || run.sounded[annunciator] !== undefined) return run;
  return { ...run, sounded: { ...run.sounded, [annunciator]: at } };
}

/** What has become of the stage by `now`. */
function progress(run: GuidedRun, now: MonoMs): GuidedRun {
  switch (run.stage) {
    case "rest":
      return rest(run, now);
    case "act":
      return act(run, now);
    case "sound":
      return sound(run, now);
    case "heard":
      return now - run.since >= stageMs.heard ? fail(run, "not-heard", now) : run;
    case "undo":
      if (run.seen?.as === "rest") return enter(run, "passed", now);
      return now - run.since >= stageMs.undo ? fail(run, "did-not-return", now) : run;
    default:
      return run;
  }
}

function isWrong({ seen }: GuidedRun, now: MonoMs): boolean {
  return seen !== null && seen.as !== "rest" && seen.as !== "active" && now - seen.since >= wrongForMs;
}

function rest(run: GuidedRun, now: MonoMs): GuidedRun {
  if (run.seen?.as === "rest") return enter(run, "act", now);
  const isHopeless = isWrong(run, now) && now - run.since >= wrongForMs;
  return isHopeless || now - run.since >= stageMs.rest ? fail(run, "not-at-rest", now) : run;
}

function act(run: GuidedRun, now: MonoMs): GuidedRun {
  const { seen, test } = run;
  if (seen?.as === "active" && now - seen.since >= test.filterMs) {
    const ms = Math.round(Math.max(test.filterMs, seen.heardAt - seen.since));
    const known = { ...run, triggeredAt: seen.since, ms };
    return progress(enter(known, test.annunciators.length > 0 ? "sound" : "undo", now), now);
  }
  if (isWrong(run, now)) return fail(run, "wrong-signal", now);
  if (now - run.since < stageMs.act) return run;
  return fail(run, run.briefMs === null ? "nothing-seen" : "too-short", now);
}

export function sound(run: GuidedRun, now: MonoMs): GuidedRun {
  const { test, sounded, triggeredAt } = run;
  const began = triggeredAt ?? run.since;
  const times = test.annunciators.map((id) => sounded[id] ?? Number.POSITIVE_INFINITY);
  const lastAt = Math.max(began, ...times);
  if (lastAt - began <= test.soundWithinMs) {
    const done = { ...run, ms: Math.round(lastAt - began) };
    return progress(enter(done, test.kind === "annunciator" ? "heard" : "undo", now), now);
  }
  // Word of a confirmation may be on its way for as long as a look takes.
  return now - began >= test.soundWithinMs + wrongForMs ? fail(run, "not-sounded", now) : run;
}
