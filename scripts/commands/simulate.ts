// portcullis simulate: the devices of a site, as programs that speak only the real protocols.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { loadSite, readConfigFile } from "../../config/load.js";
import { type Credentials, certificatesIn, credentialsFile } from "../../simulators/credentials.js";
import { startSimulators } from "../../simulators/start.js";
import { closeOnSignal, createLog, run, tellTrouble } from "../terminal.js";

interface SimulateOptions {
  readonly config: string;
  readonly scenario?: string;
  readonly credentials?: string;
  readonly pki?: string;
}

export function simulateCommand(): Command {
  return new Command("simulate")
    .description("run the simulated devices of a site 运行站点的模拟设备")
    .requiredOption("--config <file>", "site file with a simulation section")
    .option("--scenario <file>", "what happens when, YAML")
    .option("--credentials <file>", "the box's field-credentials.json")
    .option("--pki <folder>", "the box's field-pki, for a broker whose devices show certificates")
    .action((options: SimulateOptions) => run(() => runSimulators(options)));
}

async function runSimulators({ config, scenario, credentials, pki }: SimulateOptions): Promise<void> {
  const text = readConfigFile(config);
  const loaded = text.ok ? loadSite(text.text, config) : text;
  if (!loaded.ok) {
    for (const trouble of loaded.troubles) tellTrouble(trouble);
    process.exit(1);
  }
  const log = createLog("simulators");
  const simulators = await startSimulators({
    simulation: loaded.site.simulation,
    credentials: loginsOf(credentials, pki),
    log: (words) => log.info(words),
  });
  log.info({ url: simulators.url }, "simulators run");
  if (scenario !== undefined) log.info(simulators.play(readFileSync(scenario, "utf8")), "scenario starts");
  closeOnSignal(() => simulators.close());
}

function loginsOf(credentials: string | undefined, pki: string | undefined): Credentials {
  if (pki !== undefined) return certificatesIn(pki);
  return credentials === undefined ? {} : credentialsFile(credentials);
}
