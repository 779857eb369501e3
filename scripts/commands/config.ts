// portcullis config: checks a site's file as a box would, and shows the timing proof term by term.
import { Command } from "commander";
import { loadSite, readConfigFile } from "../../config/load.js";
import { reportJson, reportText } from "../../config/report.js";
import { run } from "../terminal.js";

interface CheckOptions {
  readonly json?: boolean;
  readonly lang: "zh" | "en";
}

export function configCommand(): Command {
  const check = new Command("check")
    .description("check a site's file and prove its times 检查站点配置并证明时限")
    .argument("<file>", "site file")
    .option("--json", "print as JSON")
    .option("--lang <language>", "zh or en", "en")
    .action((file: string, options: CheckOptions) => run(() => checkFile(file, options)));
  return new Command("config").description("configuration 配置").addCommand(check);
}

async function checkFile(file: string, { json, lang }: CheckOptions): Promise<void> {
  const text = readConfigFile(file);
  const result = text.ok ? loadSite(text.text, file) : text;
  console.log(json ? reportJson(result) : reportText(result, lang === "zh" ? "zh" : "en"));
  if (!result.ok) process.exitCode = 1;
}
