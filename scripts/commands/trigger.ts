// portcullis trigger: something happens to the simulated site.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { PortcullisError } from "../../edge/model/error.js";
import { triggerNames } from "../../simulators/plant/trigger.js";
import { run } from "../terminal.js";

interface TriggerOptions {
  readonly target?: string;
  readonly for?: string;
  readonly access: string;
  readonly json?: boolean;
}

export function triggerCommand(): Command {
  return new Command("trigger")
    .description(`make something happen in the simulated site 触发模拟事件: ${triggerNames.join(", ")}`)
    .argument("<name>", "what happens")
    .option("--target <id>", "to which simulated device; the first fitting one unless given")
    .option("--for <ms>", "how long, for what passes by itself")
    .option("--access <file>", "access file of the running demo", ".portcullis/access.json")
    .option("--json", "print the answer as JSON")
    .action((name: string, options: TriggerOptions) => run(() => trigger(name, options)));
}

/** The running demo's access file; `config.unreadable` when there is none. */
function readAccess(file: string): { simulators: { control: string } } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { simulators: { control: string } };
  } catch (cause) {
    throw new PortcullisError(
      {
        code: "config.unreadable",
        place: file,
        detail: "no access file; does `npm start` run here? 请先运行 npm start",
      },
      { cause },
    );
  }
}

async function trigger(name: string, options: TriggerOptions): Promise<void> {
  const access = readAccess(options.access);
  const body = {
    name,
    ...(options.target && { target: options.target }),
    ...(options.for && { forMs: Number(options.for) }),
  };
  const answer = await fetch(new URL("/trigger", access.simulators.control), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    console.error(text);
    process.exit(1);
  }
  console.log(options.json ? text : `${name}: ${text}`);
}
