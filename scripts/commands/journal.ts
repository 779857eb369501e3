// portcullis journal: looks into a box's journal, running or dead, without changing it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { readJournal, verifyJournal } from "../../edge/journal/inspect.js";
import { lanes } from "../../edge/model/record.js";
import { run, tellTrouble } from "../terminal.js";

export function journalCommand(): Command {
  const folder = (command: Command) => command.argument("<folder>", "the box's data folder, or its journal folder");
  const verify = folder(new Command("verify"))
    .description("check checksums and chains 校验")
    .option("--json")
    .action((path: string, { json }: { json?: boolean }) => run(() => verifyFolder(path, json === true)));
  const stat = folder(new Command("stat"))
    .description("count what is there 统计")
    .option("--json")
    .action((path: string, { json }: { json?: boolean }) => run(() => statFolder(path, json === true)));
  const exported = folder(new Command("export"))
    .description("print records as JSON lines 导出")
    .action((path: string) => run(() => exportFolder(path)));
  return new Command("journal")
    .description("look into a journal 查看日志")
    .addCommand(verify)
    .addCommand(stat)
    .addCommand(exported);
}

function journalOf(path: string): string {
  const inner = join(path, "journal");
  return existsSync(inner) ? inner : path;
}

async function verifyFolder(path: string, json: boolean): Promise<void> {
  const found = await verifyJournal(journalOf(path));
  if (json) console.log(JSON.stringify(found));
  else {
    for (const fault of found.faults) tellTrouble(fault);
    console.log(
      `${found.ok ? "valid 有效" : "DAMAGED 已损坏"}: ${found.records} records, ${found.segments} segments, ${found.bytes} bytes`,
    );
  }
  if (!found.ok) process.exitCode = 1;
}

async function statFolder(path: string, json: boolean): Promise<void> {
  const { records, segments, bytes, heads } = await verifyJournal(journalOf(path));
  if (json) console.log(JSON.stringify({ records, segments, bytes, heads }));
  else {
    console.log(`${records} records, ${segments} segments, ${bytes} bytes`);
    for (const lane of lanes)
      for (const head of heads.filter((each) => each.lane === lane))
        console.log(`  ${lane} ${head.epoch} ${head.sequence} ${head.hash}`);
  }
}

async function exportFolder(path: string): Promise<void> {
  for await (const record of readJournal(journalOf(path))) console.log(JSON.stringify(record));
}
