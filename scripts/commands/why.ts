// portcullis why: why a zone raised no alarm in a minute, or why it did.
import { Command } from "commander";
import { verdictTexts } from "../../config/words.js";
import type { WhyReply } from "../../edge/commissioning/questions.js";
import { PortcullisError } from "../../edge/model/error.js";
import type { Verdict } from "../../edge/model/state.js";
import type { Language } from "../../edge/model/text.js";
import { askBox, type BoxOptions, boxUrlDefault, languageOf } from "../box.js";
import { run } from "../terminal.js";

interface WhyOptions extends BoxOptions {
  readonly at?: string;
}

const dayMs = 24 * 60 * 60 * 1000;

export function whyCommand(): Command {
  return new Command("why")
    .description("ask a running box why a zone raised no alarm 为何未报警")
    .argument("<zone>", "zone id")
    .option("--at <time>", "a minute of the last 24 hours, HH:MM or ISO 8601; the present one unless given")
    .option("--url <url>", "the box", boxUrlDefault)
    .option("--language <language>", "zh or en; the terminal's unless given")
    .option("--json", "print the answer as JSON")
    .addHelpText("after", "\nExit code 0 when the box has answered.")
    .action((zone: string, options: WhyOptions) => run(() => why(zone, options)));
}

async function why(zone: string, { url, at, json, language }: WhyOptions): Promise<void> {
  const time = at === undefined ? {} : { at: new Date(momentOf(at, new Date())).toISOString() };
  const reply = await askBox<WhyReply>(url, "/api/v1/why", { zone, ...time });
  console.log(json ? JSON.stringify(reply, null, 2) : whyText(reply, languageOf(language)));
}

/** `HH:MM` is the last time at which this machine's clock showed it. @throws PortcullisError `api.invalid-query` */
export function momentOf(text: string, now: Date): number {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  const at = clock === null ? Date.parse(text) : new Date(now).setHours(Number(clock[1]), Number(clock[2]), 0, 0);
  if (Number.isNaN(at)) throw new PortcullisError({ code: "api.invalid-query", place: "--at", detail: text });
  return clock !== null && at > now.getTime() ? at - dayMs : at;
}

const spoken: readonly Verdict[] = ["alarm", "pre-alarm", "entry-time", "known-already"];

/** What happened first, then the numbers, then how often each rule applied. */
export function whyText(reply: WhyReply, language: Language): string {
  const { name, from, to, nearest, strongest, verdicts } = reply;
  const span = `${clockText(from.time)}-${clockText(to.time)}`;
  const colon = language === "zh" ? "：" : ": ";
  const said = nearest === null ? quietText(reply, language) : verdictText(nearest, language);
  const counts = Object.entries(verdicts).map(([verdict, times]) => {
    return `  ${times} x ${verdictTexts[verdict as Verdict][language]}`;
  });
  const numbers = strongest === null ? [] : [strongestText(strongest, language)];
  return [`${name[language]} ${span}${colon}${said}`, ...numbers, ...counts].join("\n");
}

function verdictText(verdict: Verdict, language: Language): string {
  const isTold = spoken.includes(verdict);
  const text = verdictTexts[verdict][language];
  return language === "zh"
    ? `${isTold ? "" : "未报警，原因："}${text}。`
    : `${isTold ? "" : "no alarm, because: "}${text}.`;
}

/** Nothing came in that minute: what held before still holds, or the box did not watch. */
function quietText({ before }: WhyReply, language: Language): string {
  if (before === null) {
    return {
      zh: "该分钟没有记录：主机未运行，或信号长时间无变化。",
      en: "nothing is recorded: the box did not run, or nothing has changed for long.",
    }[language];
  }
  const since = clockText(before.at.time);
  const text = verdictTexts[before.verdict][language];
  return language === "zh" ? `信号无变化；自 ${since} 起：${text}。` : `no change; since ${since}: ${text}.`;
}

function strongestText({ seen, limit }: NonNullable<WhyReply["strongest"]>, language: Language): string {
  const [most, needed] = [rounded(seen), limit === null ? null : rounded(limit)];
  return language === "zh"
    ? `  最强信号 ${most}${needed === null ? "" : `，界限 ${needed}`}`
    : `  strongest ${most}${needed === null ? "" : `, limit ${needed}`}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `HH:MM:SS` by this machine's clock, to the nearest second. */
function clockText(iso: string): string {
  return new Date(Math.round(Date.parse(iso) / 1000) * 1000).toTimeString().slice(0, 8);
}
