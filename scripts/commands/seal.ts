// portcullis seal: would a lock-down succeed at this moment?
import { Command } from "commander";
import { reasonTexts } from "../../config/words.js";
import type { SealReply } from "../../edge/commissioning/questions.js";
import type { Language } from "../../edge/model/text.js";
import { askBox, type BoxOptions, boxUrlDefault, languageOf } from "../box.js";
import { run } from "../terminal.js";

interface SealOptions extends BoxOptions {
  readonly group?: string;
}

export function sealCommand(): Command {
  return new Command("seal")
    .description("ask a running box whether a lock-down would succeed now 现在能否封锁")
    .option("--group <id>", "one group of barriers; all unless given")
    .option("--url <url>", "the box", boxUrlDefault)
    .option("--language <language>", "zh or en; the terminal's unless given")
    .option("--json", "print the answer as JSON")
    .addHelpText("after", "\nExit code 0 when every group asked about can be sealed, 1 when not or without an answer.")
    .action((options: SealOptions) => run(() => seal(options)));
}

async function seal({ url, group, json, language }: SealOptions): Promise<void> {
  const reply = await askBox<SealReply>(url, "/api/v1/seal", group === undefined ? {} : { group });
  console.log(json ? JSON.stringify(reply, null, 2) : sealText(reply, languageOf(language)));
  if (!reply.ok) process.exitCode = 1;
}

/** One line per group, and one for each barrier that stands against it. */
export function sealText({ groups }: SealReply, language: Language): string {
  if (groups.length === 0) return { zh: "本机没有可封锁的分组。", en: "This box has no group to lock down." }[language];
  return groups.flatMap((group) => [verdict(group, language), ...hindrances(group, language)]).join("\n");
}

type Group = SealReply["groups"][number];

function verdict({ name, ok, totalMs }: Group, language: Language): string {
  const seconds = Math.ceil(totalMs / 1000);
  if (!ok) return { zh: `不能封锁：${name.zh}。`, en: `No: ${name.en} cannot be sealed now.` }[language];
  if (seconds === 0)
    return { zh: `已全部关闭：${name.zh}。`, en: `Yes: ${name.en}: everything is closed already.` }[language];
  const within = {
    zh: `可以封锁：${name.zh}，最迟 ${seconds} 秒内全部关闭。`,
    en: `Yes: ${name.en} would be closed within ${seconds} s.`,
  };
  return within[language];
}

function hindrances({ barriers }: Group, language: Language): readonly string[] {
  return barriers
    .filter(({ obstacles }) => obstacles.length > 0)
    .map(({ name, obstacles }) => {
      const why = obstacles.map((obstacle) => reasonTexts[obstacle][language]);
      return language === "zh" ? `  ${name.zh}：${why.join("；")}` : `  ${name.en}: ${why.join("; ")}`;
    });
}
