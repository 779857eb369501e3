// portcullis hub: broker, ledger, alarms, console and feeds for all sites.
import { join } from "node:path";
import { Command } from "commander";
import { loadHub, readConfigFile } from "../../config/load.js";
import { claimFolder } from "../../edge/machine/claim.js";
import { openService } from "../../edge/machine/service.js";
import { tellServiceManager } from "../../hub/service-state.js";
import { startHub } from "../../hub/start.js";
import { hubCurve } from "../curve.js";
import { closeOnSignal, createLog, run, tellParent, tellTrouble } from "../terminal.js";

interface HubOptions {
  readonly config: string;
  readonly data: string;
}

/** What a parent process is told when it started the hub with a message channel: the demo's way to its access file. */
export interface HubReady {
  readonly kind: "hub-ready";
  readonly oneTimeCode: string | null;
  readonly tokens: { readonly operator: string; readonly supervisor: string };
}

const demoTokenDays = 30;

export function hubCommand(): Command {
  return new Command("hub")
    .description("run the hub 运行平台")
    .requiredOption("--config <file>", "hub file")
    .requiredOption("--data <folder>", "ledger, keys (pki/, curve/)")
    .action((options: HubOptions) => run(() => runHub(options)));
}

async function runHub({ config, data }: HubOptions): Promise<void> {
  const text = readConfigFile(config);
  const loaded = text.ok ? loadHub(text.text, config) : text;
  if (!loaded.ok) {
    for (const trouble of loaded.troubles) tellTrouble(trouble);
    process.exit(1);
  }
  claimFolder(data);
  const log = createLog("hub");
  const curve = hubCurve(join(data, "curve"));
  const hub = await startHub({ config: loaded.hub, dataDir: data, pkiDir: join(data, "pki"), curve, log });
  const service = openService((err) => log.error({ err }, "the service manager cannot be told"));
  const endTelling = tellServiceManager(service, hub.look);
  closeOnSignal(() => {
    endTelling();
    service.stopping();
    return hub.close();
  });
  log.info({ ports: hub.ports }, "hub runs");
  if (process.connected) {
    const operator = await hub.issueToken("demo-operator", "operator", demoTokenDays);
    const supervisor = await hub.issueToken("demo-supervisor", "supervisor", demoTokenDays);
    tellParent({
      kind: "hub-ready",
      oneTimeCode: hub.oneTimeCode,
      tokens: { operator, supervisor },
    } satisfies HubReady);
  } else if (hub.oneTimeCode !== null) {
    console.error(`First login, once 首次登录（一次有效）: user admin, code ${hub.oneTimeCode}`);
  }
}
