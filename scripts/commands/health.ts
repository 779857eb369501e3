// portcullis health: asks the box or hub of this machine's /healthz, at the address that its configuration names.
import { existsSync } from "node:fs";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { join } from "node:path";
import { Command } from "commander";
import { loadHub, loadSite, readConfigFile } from "../../config/load.js";
import { PortcullisError, refusal, type Trouble } from "../../edge/model/error.js";
import { settingsFiles } from "../../edge/model/revision.js";
import { urlOf } from "../healthy.js";
import { run } from "../terminal.js";

interface EdgeHealth {
  readonly config?: string;
  readonly edge: string;
  readonly data: string;
}

const answerWithinMs = 5_000;
const bytesMax = 64 * 1024;

export function healthCommand(): Command {
  const edge = new Command("edge")
    .description("of a box")
    .option("--config <file>", "the site file that it was started with")
    .requiredOption("--edge <id>", "which box of the site")
    .requiredOption("--data <folder>", "its data folder")
    .action((options: EdgeHealth) => run(() => tell(edgeUrl(options))));
  const hub = new Command("hub")
    .description("of a hub")
    .requiredOption("--config <file>", "hub file")
    .action(({ config }: { config: string }) => run(() => tell(hubUrl(config))));
  return new Command("health")
    .description("ask the box or hub on this machine how it is; exit code 0 when it does its work 查询健康状态")
    .addCommand(edge)
    .addCommand(hub);
}

/** The stored revision is the truth; it is never stored from here. */
function edgeUrl({ config, edge, data }: EdgeHealth): URL {
  const stored = join(data, settingsFiles.stored);
  const file = existsSync(stored) ? stored : (config ?? stored);
  const text = readConfigFile(file);
  const loaded = text.ok ? loadSite(text.text, file) : text;
  if (!loaded.ok) throw firstOf(loaded.troubles, file);
  const box = loaded.site.edges.find(({ id }) => id === edge);
  if (box === undefined) throw refusal("config.edge-unknown", edge, file);
  return new URL("/healthz", urlOf(box.http));
}

function hubUrl(file: string): URL {
  const text = readConfigFile(file);
  const loaded = text.ok ? loadHub(text.text, file) : text;
  if (!loaded.ok) throw firstOf(loaded.troubles, file);
  return new URL("/healthz", urlOf(loaded.hub.http));
}

/** Why a configuration cannot be read. */
function firstOf(troubles: readonly Trouble[], file: string): PortcullisError {
  return new PortcullisError(troubles[0] ?? { code: "config.unreadable", place: file, detail: "no configuration" });
}

async function tell(url: URL): Promise<void> {
  const { status, body } = await ask(url).catch((cause: unknown) => {
    throw new PortcullisError({ code: "api.no-answer", place: url.href, detail: String(cause) }, { cause });
  });
  console.log(body);
  if (status !== 200) process.exitCode = 1;
}

function ask(url: URL): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    // Only this machine is asked, nothing secret is sent, and a certificate names the host that others know.
    const options = { timeout: answerWithinMs, rejectUnauthorized: false };
    const asked = (url.protocol === "https:" ? secure : plain)(url, options, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part;
        if (body.length > bytesMax) asked.destroy(new Error(`more than ${bytesMax} bytes`));
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`not within ${answerWithinMs} ms`)));
    asked.on("error", reject);
    asked.end();
  });
}
