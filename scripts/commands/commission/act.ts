// portcullis commission act: orders an act at a running box, with a second person's PIN where two must agree.
import { Command } from "commander";
import { actTexts } from "../../../config/words.js";
import type { Act } from "../../../edge/model/command.js";
import { PortcullisError } from "../../../edge/model/error.js";
import { languageOf } from "../../box.js";
import { type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { readSecret } from "../../secret-input.js";
import { say } from "../../sentences.js";
import { run } from "../../terminal.js";

interface ActOptions extends SessionOptions {
  readonly reason: string;
  readonly second?: string;
}

const secondPinVariable = "PORTCULLIS_SECOND_PIN";

const texts = { done: { zh: "已执行：{act}（{id}）", en: "Done: {act} ({id})" } } as const;

interface Done {
  readonly id: string;
  readonly ok: boolean;
}

export function actCommand(): Command {
  const act = new Command("act").description("order an act at the box 在本机下达命令");
  for (const [flags, description, initial] of sessionOptions) act.option(flags, description, initial);
  return act
    .argument("<act>", `as JSON, for example '{"kind":"lock-down","group":"gate"}' 命令，JSON`)
    .requiredOption("--reason <words>", "stands in the journal 原因，记入日志")
    .option(
      "--second <name>",
      `who agrees; the PIN comes from ${secondPinVariable}, the terminal or standard input 第二人`,
    )
    .action((given: string, options: ActOptions) => run(() => order(given, options)));
}

async function order(given: string, options: ActOptions): Promise<void> {
  const act = parse(given);
  await withSession(options, async (session) => {
    const second =
      options.second === undefined
        ? {}
        : {
            second: {
              name: options.second,
              pin: process.env[secondPinVariable] ?? (await readSecret("Second PIN 第二人口令: ")),
            },
          };
    const done = await session.call<Done>("POST", "/api/v1/commands", { act, reason: options.reason, ...second });
    if (options.json === true) console.log(JSON.stringify(done));
    else {
      const language = languageOf(options.language);
      console.log(say(texts, language)("done", { act: actTexts[act.kind]?.[language] ?? act.kind, id: done.id }));
    }
  });
}

function parse(given: string): Act {
  try {
    return JSON.parse(given) as Act;
  } catch (cause) {
    throw new PortcullisError({ code: "api.invalid-body", place: "<act>", detail: String(cause) }, { cause });
  }
}
