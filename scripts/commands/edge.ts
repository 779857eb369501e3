// portcullis edge: one box.
import { join } from "node:path";
import { Command } from "commander";
import { startAgent } from "../../edge/agent/agent.js";
import { chooseSettings } from "../../edge/agent/settings.js";
import { startWatchdog } from "../../edge/health/watchdog.js";
import { claimFolder } from "../../edge/machine/claim.js";
import { createClock } from "../../edge/machine/clock.js";
import { openService } from "../../edge/machine/service.js";
import { createTimer } from "../../edge/machine/timer.js";
import { requireWhole } from "../replacing.js";
import { closeOnSignal, createLog, run } from "../terminal.js";
import { version } from "../version.js";

interface EdgeOptions {
  readonly config?: string;
  readonly edge: string;
  readonly data: string;
}

export function edgeCommand(): Command {
  return new Command("edge")
    .description("run one box 运行现场主机")
    .option("--config <file>", "site file that seeds the box; the newest good revision in the data folder is the truth")
    .requiredOption("--edge <id>", "which box of the site")
    .requiredOption("--data <folder>", "journal, settings, keys (pki/)")
    .action((options: EdgeOptions) => run(() => runEdge(options)));
}

async function runEdge({ config, edge, data }: EdgeOptions): Promise<void> {
  requireWhole(data);
  claimFolder(data);
  const settings = chooseSettings(data, config ?? null, edge);
  const log = createLog("edge");
  const agent = await startAgent({
    settings,
    dataDir: data,
    // It may be empty: a box that is enrolled while it runs finds its hub without a restart.
    pkiDir: join(data, "pki"),
    version,
    log,
    service: openService((err) => log.error({ err }, "the service manager cannot be told")),
  });
  startWatchdog({ clock: createClock(), timer: createTimer() }, (err) => log.error({ err }, "no watch over hanging"));
  closeOnSignal((signal) => agent.close(signal));
}
