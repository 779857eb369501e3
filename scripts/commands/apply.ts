// portcullis apply: hands a new configuration to a box, running or not, and tells what became of it.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { loadSite, readConfigFile } from "../../config/load.js";
import { noteRevision } from "../../edge/commissioning/settings/history.js";
import { holderOf } from "../../edge/machine/claim.js";
import { writeWhole } from "../../edge/machine/whole-file.js";
import { PortcullisError } from "../../edge/model/error.js";
import { type Outcome, type RevisionNote, settingsFiles } from "../../edge/model/revision.js";
import type { Site } from "../../edge/model/site.js";
import { actAsOwner } from "../data-owner.js";
import { run, tellTrouble } from "../terminal.js";

interface ApplyOptions {
  readonly data: string;
  readonly edge?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

const outcomeWithinMs = 15_000;
const lookEveryMs = 100;

export function applyCommand(): Command {
  return new Command("apply")
    .description("give a box a new configuration, without a restart 下发新配置，无需重启")
    .argument("<file>", "site file with a higher revision than the one in force")
    .requiredOption("--data <folder>", "the box's data folder")
    .option("--edge <id>", "refuse a file that does not hold this box")
    .option("--reason <words>", "stands in the list of revisions beside who applied it")
    .option("--json", "print the outcome as JSON")
    .addHelpText(
      "after",
      `\nThe file is checked here and again by the box, which takes it in one piece or not at all. When no box runs it is
taken at the next start. Exit code 0 when it is in force, or waits for that start.`,
    )
    .action((file: string, options: ApplyOptions) => run(() => apply(file, options)));
}

async function apply(file: string, { data, edge, reason = "", json }: ApplyOptions): Promise<void> {
  const { text, site, hash } = checked(file);
  if (edge !== undefined) requireEdge(site, edge);
  // Root may read the offered file where the box's user may not.
  actAsOwner(data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const outcomeFile = join(data, settingsFiles.outcome);
  rmSync(outcomeFile, { force: true });
  noteRevision(data, text, { revision: site.revision, hash, reason, changes: [], backTo: null, ...signed() });
  writeWhole(join(data, settingsFiles.next), text);
  if (holderOf(data) === null) {
    console.log(json ? JSON.stringify({ ok: true, waiting: true, revision: site.revision }) : waitingText);
    return;
  }
  const outcome = await outcomeIn(outcomeFile);
  if (json) console.log(JSON.stringify(outcome));
  else tellOutcome(outcome);
  if (!outcome.ok) process.exitCode = 1;
}

const waitingText = `No box runs on this folder; the file is taken at its next start.
此数据目录没有运行中的主机；下次启动时采用该文件。`;

function signed(): Pick<RevisionNote, "by" | "at"> {
  const user = process.env["SUDO_USER"] ?? process.env["USER"] ?? "?";
  return { by: [`command line: ${user}`], at: new Date().toISOString() };
}

function checked(file: string): { readonly text: string; readonly site: Site; readonly hash: string } {
  const read = readConfigFile(file);
  const loaded = read.ok ? loadSite(read.text, file) : read;
  if (read.ok && loaded.ok) return { text: read.text, site: loaded.site, hash: loaded.hash };
  if (!loaded.ok) for (const trouble of loaded.troubles) tellTrouble(trouble);
  process.exit(1);
}

function requireEdge({ site, edges }: Site, edge: string): void {
  if (edges.some(({ id }) => id === edge)) return;
  const detail = `site ${site} has the boxes ${edges.map(({ id }) => id).join(", ")}`;
  throw new PortcullisError({ code: "config.edge-unknown", place: edge, detail });
}

/** @throws PortcullisError `api.no-answer` when the box says nothing in time; the file then still waits. */
async function outcomeIn(file: string): Promise<Outcome> {
  for (let waitedMs = 0; waitedMs < outcomeWithinMs; waitedMs += lookEveryMs) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Outcome;
    await pause(lookEveryMs);
  }
  throw new PortcullisError({ code: "api.no-answer", place: file, detail: `not within ${outcomeWithinMs} ms` });
}

function tellOutcome({ ok, revision, hash, troubles, afterRestart }: Outcome): void {
  if (!ok) {
    for (const trouble of troubles) tellTrouble(trouble);
    console.error(`Revision ${revision} stays in force. 版本 ${revision} 继续有效。`);
    return;
  }
  console.log(`Revision ${revision} is in force 已生效 (${hash.slice(0, 12)}).`);
  if (afterRestart.length > 0) console.log(`After a restart 重启后生效: ${afterRestart.join(", ")}`);
}
