// portcullis commission test: guided tests at a running box, one after the other, with what to do and what was seen instead.
import { createInterface } from "node:readline/promises";
import { Command, Option } from "commander";
import { type GuidedRun, isOver, type RuleLook, tellingWord } from "../../../edge/commissioning/guided/guided-run.js";
import { guidedKinds } from "../../../edge/commissioning/guided/guided-test.js";
import type { GuidedNow } from "../../../edge/commissioning/guided/guided-tests.js";
import { guideOf } from "../../../edge/commissioning/guided/table.js";
import {
  failTexts,
  guidedKindTexts,
  seenTexts,
  stageTexts,
  tellingTexts,
  walkCountTexts,
} from "../../../edge/commissioning/guided/texts.js";
import { walkCountOf } from "../../../edge/commissioning/guided/walk-count.js";
import type { GuidedPlanReply } from "../../../edge/commissioning/questions/guided.js";
import { refusal } from "../../../edge/model/error.js";
import type { Language, Text } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { readSecret } from "../../secret-input.js";
import { momentText } from "../../sentences.js";
import { run } from "../../terminal.js";

interface TestOptions extends SessionOptions {
  readonly accept?: boolean;
  readonly heard?: "yes" | "no";
  readonly list?: boolean;
}

type LastFound = NonNullable<GuidedPlanReply["subjects"][number]["last"]>;

const lookEveryMs = 250;

export function testCommand(): Command {
  const test = new Command("test").description("guided tests with an expected result 逐项测试");
  for (const [flags, description, initial] of sessionOptions) test.option(flags, description, initial);
  return test
    .argument(
      "[subject]",
      `a zone, ZONE/PART or an annunciator, as --list names them; or all of a kind: ${guidedKinds.join(", ")}`,
    )
    .option("--list", "what can be tested, and what the last tests found")
    .option("--accept", "what will really happen is known to everybody concerned")
    .addOption(
      new Option("--heard <answer>", "instead of the question whether an annunciator was heard").choices(["yes", "no"]),
    )
    .addHelpText("after", "\nExit code 0 only when all that was tested passed.")
    .action((subject: string | undefined, options: TestOptions) =>
      run(() => withSession(options, (session) => runTests(session, subject, options))),
    );
}

const plansOf = (session: BoxSession, subject: string | null) =>
  session.call<GuidedPlanReply>(
    "GET",
    `/api/v1/guided-tests${subject === null ? "" : `?subject=${encodeURIComponent(subject)}`}`,
  );

async function runTests(session: BoxSession, asked: string | undefined, options: TestOptions): Promise<void> {
  const { subjects } = await plansOf(session, null);
  const language = languageOf(options.language);
  if (asked === undefined || options.list === true) return list(subjects, options, language);
  const exact = subjects.filter(({ subject }) => subject === asked);
  const chosen = exact.length > 0 ? exact : subjects.filter(({ kind }) => kind === asked);
  if (chosen.length === 0) throw refusal("api.not-found", "<subject>", asked);
  const runs: GuidedRun[] = [];
  for (const { subject } of chosen) runs.push(await runTest(session, subject, options));
  if (options.json === true) console.log(JSON.stringify(runs.map(foundIn), null, 2));
  if (runs.some(({ stage }) => stage !== "passed")) process.exitCode = 1;
}

const foundIn = (run: GuidedRun) => ({
  subject: run.test.subject,
  kind: run.test.kind,
  outcome: run.stage,
  ms: run.ms,
  reason: run.reason,
  seen: run.seen?.as ?? null,
  judged: run.judged ?? (run.watch.telling === null ? null : tellingWord(run.watch.telling)),
  share: run.watch.share,
  walk: walkCountOf(run),
});

function list(subjects: GuidedPlanReply["subjects"], { json }: TestOptions, language: Language): void {
  if (json === true) console.log(JSON.stringify(subjects, null, 2));
  else
    for (const { subject, kind, last } of subjects) {
      const found = last === null ? "–" : foundLine(last, language);
      console.log([subject, guidedKindTexts[kind][language], found].join("  "));
    }
}

function foundLine(last: LastFound, language: Language): string {
  const reasons: Readonly<Record<string, Text>> = failTexts;
  const why = last.reason === null ? null : (reasons[last.reason]?.[language] ?? last.reason);
  const walk = last.walk === undefined ? null : walkCountTexts[last.walk][language];
  return [stageTexts[last.outcome][language], why, momentText(last.at), last.person, walk].filter(Boolean).join("  ");
}

async function runTest(session: BoxSession, subject: string, options: TestOptions): Promise<GuidedRun> {
  const language = languageOf(options.language);
  const tell = (line: string) => (options.json === true ? console.error(line) : console.log(line));
  const { plan } = await plansOf(session, subject);
  if (plan === null) throw refusal("api.not-found", "<subject>", subject);
  const guide = guideOf(plan.test);
  tell(`${subject}  ${plan.test.name[language]}`);
  for (const text of plan.consequences) tell(`  ! ${text[language]}`);
  tell(`  ${guide.expect[language]}`);
  const body = { subject, ...(options.accept === true ? { accepted: true } : {}) };
  await session.call("POST", "/api/v1/guided-tests", body);
  return watch(session, options, (line) => tell(`  ${line}`));
}

/** Until it is over; an interrupted command stops it. */
async function watch(session: BoxSession, options: TestOptions, tell: (line: string) => void): Promise<GuidedRun> {
  const language = languageOf(options.language);
  const stop = () => void session.call("DELETE", "/api/v1/guided-tests/present").finally(() => process.exit(1));
  process.once("SIGINT", stop);
  let told = "";
  for (;;) {
    const { present } = await session.call<{ present: GuidedNow }>("GET", "/api/v1/guided-tests/present");
    const line = lineOf(present.run, language);
    if (line !== told) tell(line);
    told = line;
    if (isOver(present.run)) {
      process.removeListener("SIGINT", stop);
      return present.run;
    }
    if (present.run.stage === "heard")
      await session.call("POST", "/api/v1/guided-tests/present", { heard: await wasHeard(options, language) });
    else await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function wasHeard({ heard }: TestOptions, language: Language): Promise<boolean> {
  const said = heard ?? (await askLine(`${stageTexts.heard[language]} (yes/no) `));
  return /^(y|yes|是|听到)$/i.test(said.trim());
}

/** Shown as it is typed; from standard input where that is no terminal. */
async function askLine(question: string): Promise<string> {
  if (!process.stdin.isTTY) return readSecret(question);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const said = await terminal.question(question);
  terminal.close();
  return said;
}

export function lineOf(run: GuidedRun, language: Language): string {
  const { test, stage, reason, ms } = run;
  const head = stageTexts[stage][language];
  const comma = language === "zh" ? "：" : ": ";
  if (stage === "act" || stage === "listen") return head + comma + guideOf(test).act[language];
  if (stage === "undo") return head + comma + guideOf(test).undo[language];
  const walk = walkCountOf(run);
  const counts = walk === null ? "" : `  · ${walkCountTexts[walk][language]}`;
  if (stage === "passed") return head + measured(run) + counts;
  if (stage !== "failed" || reason === null) return head;
  return `${head}${comma}${failTexts[reason][language]}${shownIn(run, language)}${counts}`;

  function measured({ watch: { share } }: GuidedRun): string {
    if (share !== null) return `  ${Math.round(share * 100)} %`;
    return ms === null ? "" : `  ${ms} ms`;
  }
}

/** What was seen in place of what was expected: of the signal, or by the zone's own judge. */
function shownIn({ test, seen, watch }: GuidedRun, language: Language): string {
  const isWrong = seen !== null && seen.as !== "rest" && seen.as !== "active";
  if (test.rule !== null && !isWrong) return watch.telling === null ? "" : ` (${tellingText(watch.telling, language)})`;
  return seen === null || test.kind === "annunciator" ? "" : ` (${seenTexts[seen.as][language]})`;
}

function tellingText(look: RuleLook, language: Language): string {
  const said = tellingWord(look);
  return tellingTexts[said]?.[language] ?? said;
}
