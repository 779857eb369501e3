// Guided tests 逐项测试: what to do, what is expected, what will really happen, and what was seen instead.
import { h } from "../../../page/dom.js";
import { locale, named, sayFrom, word } from "../../../page/language.js";
import { type Tone, toned } from "../../../page/tone.js";
import { type GuidedRun, isOver, tellingWord } from "../../guided/guided-run.js";
import type { GuidedKind } from "../../guided/guided-test.js";
import { guideOf } from "../../guided/table.js";
import { failTexts, guidedKindTexts, seenTexts, stageTexts, tellingTexts, walkCountTexts } from "../../guided/texts.js";
import { walkCountOf } from "../../guided/walk-count.js";
import type { GuidedPlan, GuidedPlanReply } from "../../questions/guided.js";
import type { GuidedTestBook } from "../../results.js";
import { beep, switchToneOn } from "../beep.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";
import { guidedPageTexts } from "./guided-texts.js";

const say = sayFrom(guidedPageTexts);

interface Present {
  readonly present: { readonly person: string; readonly run: GuidedRun } | null;
}
type Known = GuidedPlanReply & Present;

const askEveryMs = { running: 300, idle: 3_000 } as const;
const failHz = 440;

let known: Known | null = null;
/** What is about to be tested; null: the list is shown. */
let plan: GuidedPlan | null = null;
/** The run that this reader began or has come upon; its result stays until the reader goes back. */
let isWatching = false;
let askedAt = Number.NEGATIVE_INFINITY;
let isAsking = false;

const runOf = () => known?.present?.run ?? null;
const isRunning = () => {
  const run = runOf();
  return run !== null && !isOver(run);
};

function follow(context: Context): void {
  const everyMs = isRunning() ? askEveryMs.running : askEveryMs.idle;
  if (isAsking || performance.now() - askedAt < everyMs) return;
  isAsking = true;
  askedAt = performance.now();
  const done = () => {
    isAsking = false;
    if (isRunning()) setTimeout(context.redraw, askEveryMs.running);
    context.redraw();
  };
  // What is not answered is asked again; the page's own banner says that the box is not reached.
  void context
    .call<Known>("GET", "guided-tests")
    .then(hear, () => undefined)
    .then(done);
}

/** A tone at every step, so that the person at the device need not look. */
function hear(reply: Known): void {
  const before = runOf()?.stage;
  known = reply;
  const { stage } = runOf() ?? {};
  if (isRunning()) isWatching = true;
  if (before !== undefined && stage !== undefined && stage !== before) beep(stage === "failed" ? failHz : undefined);
}

function look(context: Context): void {
  askedAt = Number.NEGATIVE_INFINITY;
  context.redraw();
}

const outcomeTones: Readonly<Record<GuidedTestBook["outcome"], Tone>> = {
  passed: "good",
  failed: "alert",
  stopped: "idle",
};

function choose(subject: string, context: Context): void {
  void context.attempt(async () => {
    const reply = await context.call<GuidedPlanReply>("GET", `guided-tests?subject=${encodeURIComponent(subject)}`);
    ({ plan } = reply);
    isWatching = false;
    context.redraw();
  });
}

function listView(context: Context, { subjects }: Known): HTMLElement {
  const rows = subjects.map(({ subject, kind, name, last }) => {
    const walk = last?.walk === undefined ? "" : ` · ${word(walkCountTexts, last.walk)}`;
    const time = last === null ? "" : new Date(last.at).toLocaleString(locale(), { dateStyle: "medium" });
    const told = last === null ? say("never") : say("last", { time, person: last.person });
    return h(
      "li",
      { "data-key": subject },
      h("span", {}, named(name), h("small", {}, `${word(guidedKindTexts, kind)} · ${told}${walk}`)),
      last !== null && toned(outcomeTones[last.outcome], say(last.outcome)),
      h(
        "button",
        { type: "button", "aria-label": `${say("test")}: ${named(name)}`, onclick: () => choose(subject, context) },
        say("test"),
      ),
    );
  });
  return h(
    "section",
    { "data-key": "list", class: "card" },
    h("h2", {}, say("choose")),
    h("ul", { class: "rows" }, ...rows),
  );
}

function planView({ test, consequences }: GuidedPlan, context: Context): HTMLElement {
  const guide = guideOf(test);
  const isReal = consequences.length > 0;
  const row = (key: "youDo" | "boxExpects" | "putBack", text: string) =>
    h("p", { "data-key": key }, h("strong", {}, say(key)), " ", text);
  const effects = consequences.map((text, index) => h("li", { "data-key": index }, named(text)));
  return h(
    "section",
    { "data-key": `plan ${test.subject}`, class: isReal ? "card pending" : "card" },
    h("h2", {}, `${named(test.name)} · ${word(guidedKindTexts, test.kind)}`),
    row("youDo", named(guide.act)),
    row("boxExpects", named(guide.expect)),
    row("putBack", named(guide.undo)),
    isReal
      ? h("div", { "data-key": "real" }, toned("alert", say("really")), h("ul", { class: "effects" }, ...effects))
      : h("p", { "data-key": "quiet", class: "minor" }, say("nothing")),
    isReal && test.kind !== "annunciator" && h("p", { class: "minor", "data-key": "hint" }, say(hintOf(test.kind))),
    context.person === null && h("p", { "data-key": "login" }, toned("warn", say("logIn"))),
    h(
      "div",
      { class: "buttons", "data-key": "buttons" },
      h(
        "button",
        {
          type: "button",
          class: isReal ? "danger" : "primary",
          disabled: context.person === null,
          onclick: () => begin(test.subject, isReal, context),
        },
        say(isReal ? "accept" : "begin"),
      ),
      h("button", { type: "button", onclick: () => leave(context) }, say("back")),
    ),
  );
}

/** What is always on is marked by a drill; a detector is kept quiet by a walk test. */
function hintOf(kind: GuidedKind): "drillHint" | "walkHint" {
  return kind === "panic-button" || kind === "vehicle-rush" || kind === "fire-input" || kind === "tamper"
    ? "drillHint"
    : "walkHint";
}

function begin(subject: string, accepted: boolean, context: Context): void {
  switchToneOn();
  void context.attempt(async () => {
    const reply = await context.call<Present>("POST", "guided-tests", { subject, ...(accepted ? { accepted } : {}) });
    if (known !== null) known = { ...known, ...reply };
    plan = null;
    isWatching = true;
    look(context);
  });
}

function leave(context: Context): void {
  plan = null;
  isWatching = false;
  look(context);
}

const stageTones: Partial<Record<GuidedRun["stage"], Tone>> = { passed: "good", failed: "alert", stopped: "idle" };

/** What the person is to do at this stage. */
function taskOf({ stage, test }: GuidedRun): string {
  const { act, undo } = guideOf(test);
  if (stage === "act" || stage === "listen") return named(act);
  return stage === "undo" ? named(undo) : "";
}

/** What the zone's own judge said last, with what it counted or measured; empty where it is not heard. */
function judgedText({ test, watch }: GuidedRun): string {
  const look = watch.telling ?? watch.last;
  if (test.rule === null || look === null) return "";
  const { seen, limit } = look;
  const figures = typeof seen === "number" && limit !== null ? ` (${round(seen)} / ${round(limit)})` : "";
  return `${word(tellingTexts, tellingWord(look))}${figures}`;
}

const round = (value: number) => Number(value.toPrecision(3));

function runView(run: GuidedRun, context: Context): HTMLElement {
  const { test, stage, seen, reason, ms } = run;
  const answer = (heard: boolean) => () =>
    void context.attempt(async () => {
      await context.call("POST", "guided-tests/present", { heard });
      look(context);
    });
  const stop = () =>
    void context.attempt(async () => {
      await context.call("DELETE", "guided-tests/present");
      look(context);
    });
  const shown = seen === null ? say("noSignal") : word(seenTexts, seen.as);
  const judged = judgedText(run);
  const walk = walkCountOf(run);
  const { share } = run.watch;
  return h(
    "section",
    { "data-key": `run ${test.subject}`, class: isOver(run) ? "card" : "card pending" },
    h("h2", {}, `${named(test.name)} · ${word(guidedKindTexts, test.kind)}`),
    h(
      "p",
      { class: "hit-name", "data-key": stage, "aria-live": "assertive" },
      toned(stageTones[stage] ?? "move", word(stageTexts, stage)),
    ),
    taskOf(run) !== "" && h("p", { class: "task", "data-key": "task" }, taskOf(run)),
    reason !== null && h("p", { class: "task", "data-key": "reason" }, named(failTexts[reason])),
    test.kind !== "annunciator" && h("p", { "data-key": "shows" }, say("shows", { seen: shown })),
    judged !== "" && h("p", { "data-key": "judged" }, say("judged", { judged })),
    stage === "passed" && ms !== null && h("p", { class: "task", "data-key": "took" }, say("took", { ms })),
    stage === "passed" &&
      share !== null &&
      h("p", { "data-key": "share" }, say("share", { percent: Math.round(share * 100) })),
    walk !== null && h("p", { class: "minor", "data-key": "walk" }, word(walkCountTexts, walk)),
    h(
      "div",
      { class: "buttons", "data-key": "buttons" },
      stage === "heard" && h("button", { type: "button", class: "primary", onclick: answer(true) }, say("heard")),
      stage === "heard" && h("button", { type: "button", onclick: answer(false) }, say("notHeard")),
      isOver(run)
        ? h("button", { type: "button", class: "primary", onclick: () => leave(context) }, say("again"))
        : h("button", { type: "button", onclick: stop }, say("stop")),
    ),
  );
}

function view(context: Context): readonly HTMLElement[] {
  follow(context);
  if (known === null) return [h("section", { "data-key": "wait", class: "card" }, say("reading"))];
  const run = runOf();
  if (run !== null && (isWatching || !isOver(run))) return [runView(run, context)];
  return [plan === null ? listView(context, known) : planView(plan, context)];
}

export const guided: Section = {
  id: "guided-tests",
  part: "commissioning",
  title: guidedPageTexts.title,
  view,
};
