// portcullis replace: a spare box takes a dead one's place, with all that the hub has of it. Interrupted, it is called again.
import { mkdirSync } from "node:fs";
import { Command } from "commander";
import { loadSite, readConfigFile } from "../../config/load.js";
import { type Restored, restoreBox } from "../../edge/agent/restore.js";
import { claimFolder } from "../../edge/machine/claim.js";
import { createClock } from "../../edge/machine/clock.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import { PortcullisError, refusal } from "../../edge/model/error.js";
import type { Replacement } from "../../edge/model/replacement.js";
import { actAsOwner } from "../data-owner.js";
import { type EnrolOptions, enrolAt, withHub } from "../enrolling.js";
import { endProgress, foreignIn, keepProgress, type Progress, progressIn, setAside } from "../replacing.js";
import { run, tellTrouble } from "../terminal.js";

interface ReplaceOptions extends EnrolOptions {
  readonly config?: string;
  readonly setAside?: boolean;
  readonly json?: boolean;
}

/** Of the hub's answer. */
const answerBytesMax = 32 * 1024 * 1024;

export function replaceCommand(): Command {
  const command = new Command("replace")
    .description("set this box up in a dead one's place, from its hub 更换主机：从平台恢复配置和状态")
    .requiredOption("--data <folder>", "an empty data folder")
    .requiredOption("--site <id>", "the box's site")
    .requiredOption("--edge <id>", "the box");
  return withHub(command)
    .option("--config <file>", "site file, where the hub has none")
    .option("--set-aside", "move what lies in the folder into before-replacement-N first")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `\nAn administrator makes the code at the hub (People page, "Replace a box"). From its use on the old box's certificate has
no force. Cut short at any moment, the same command goes on; what has come from the hub is not asked for again.
PINs, passwords and keys of field devices do not travel: see edge/commissioning/README.md.
登记码由平台管理员生成（人员页“更换主机”）；使用后旧主机证书立即失效。中断后再次执行同一命令即可。口令和现场设备密钥须另行设置。`,
    )
    .hook("preAction", (self) => actAsOwner(self.opts<ReplaceOptions>().data))
    .action((options: ReplaceOptions) => run(() => replace(options)));
}

async function replace(options: ReplaceOptions): Promise<void> {
  const { data, json } = options;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const known = progressIn(data);
  if (known !== null) requireSame(known, options);
  claimFolder(data);
  const aside = known === null ? clear(options) : null;
  const { serial, replacement } = known?.given ?? (await ask(options));
  const whole = withConfig(replacement, options.config);
  const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
  const restored = await restoreBox(data, { replacement: whole, serial, machine, onTrouble: tellTrouble });
  endProgress(data);
  const told = { serial, replaced: whole.replaced, ...summaryOf(whole, restored), ...(aside !== null && { aside }) };
  if (json === true) console.log(JSON.stringify(told));
  else tell(options, told);
}

function requireSame({ site, edge }: Progress, asked: ReplaceOptions): void {
  if (site === asked.site && edge === asked.edge) return;
  throw refusal("replace.unfinished", asked.data, `the replacement of ${site}.${edge} has begun here`);
}

/** What was there is out of the way before anything new comes. */
function clear({ data, site, edge, setAside: mayMove }: ReplaceOptions): string | null {
  const foreign = foreignIn(data);
  if (foreign.length > 0 && mayMove !== true)
    throw refusal("replace.folder-not-empty", data, foreign.slice(0, 5).join(", "));
  const aside = foreign.length > 0 ? setAside(data) : null;
  keepProgress(data, { site, edge, given: null });
  return aside;
}

async function ask(options: ReplaceOptions): Promise<NonNullable<Progress["given"]>> {
  const { data, site, edge } = options;
  const { serial, answer } = await enrolAt("/api/v1/replacements", options, answerBytesMax);
  const replacement = answer["replacement"] as Replacement | undefined;
  if (replacement?.site !== site || replacement.edge !== edge)
    throw refusal("replace.damaged", options.hub, "it is of another box");
  const given = { serial, replacement };
  keepProgress(data, { site, edge, given });
  return given;
}

/** The hub's configuration counts where it has one: a file at hand may be older. */
function withConfig(replacement: Replacement, file: string | undefined): Replacement {
  if (replacement.config !== null || file === undefined) return replacement;
  const read = readConfigFile(file);
  const loaded = read.ok ? loadSite(read.text, file) : read;
  const [trouble] = loaded.ok ? [] : loaded.troubles;
  if (trouble !== undefined) throw new PortcullisError(trouble);
  if (!read.ok || !loaded.ok) return replacement;
  return { ...replacement, config: { revision: loaded.site.revision, hash: loaded.hash, text: read.text } };
}

function summaryOf({ kept, lastAt, missing, book, inventory, hubAt }: Replacement, { revision, durable }: Restored) {
  const { armed, incidents, out, posture, cycles, workOrders } = durable;
  return {
    revision,
    hasState: kept.length > 0,
    hasBook: book !== null,
    hasInventory: typeof inventory === "string",
    lastAt,
    missing,
    hubAt: hubAt === null ? null : new Date(hubAt).toISOString(),
    armed: Object.keys(armed).filter((area) => armed[area] === true),
    incidents: Object.keys(incidents),
    out: Object.keys(out),
    posture: posture.level,
    cycles,
    workOrders: Object.keys(workOrders).length,
  };
}

type Told = ReturnType<typeof summaryOf> & { readonly serial: string; readonly replaced: readonly string[] };

function tell({ site, edge, data }: ReplaceOptions, told: Told): void {
  const { serial, replaced, revision, armed, incidents, out, posture, lastAt, missing, hubAt } = told;
  const list = (ids: readonly string[]) => (ids.length === 0 ? "-" : ids.join(", "));
  console.log(`${site}.${edge}: certificate 证书 ${serial}; no force any more 已失效: ${list(replaced)}`);
  console.log(`  revision 配置版本 ${revision}; newest record of the old box 旧主机最后记录 ${lastAt ?? "-"}`);
  console.log(`  hub's time 平台时间 ${hubAt ?? "-"}: an earlier clock is not believed 更早的时钟不予采信`);
  console.log(
    `  armed 布防 ${list(armed)}; out 停用 ${list(out)}; incidents 事件 ${list(incidents)}; posture 等级 ${posture}`,
  );
  const { hasState, hasBook, hasInventory } = told;
  const yes = (has: boolean) => (has ? "✓" : "-");
  console.log(`  commissioning book 调试台账 ${yes(hasBook)}; inventory 设备台账 ${yes(hasInventory)}`);
  if (!hasState) console.log("  No state had come up: the box starts as a new one. 平台没有运行状态，按新主机启动。");
  if (missing > 0)
    console.log(
      `  ${missing} records of the old box never came and are lost. 旧主机有 ${missing} 条记录未上传，已丢失。`,
    );
  console.log(`Now add its people again, then start it 请重新添加本机人员，然后启动:`);
  console.log(`  portcullis commission people add NAME --role operator --data ${data}`);
  console.log(`  portcullis edge --edge ${edge} --data ${data}`);
}
