// portcullis backup and restore: a hub's ledger, keys and places of its control rooms.
import { Command } from "commander";
import { holderOf } from "../../edge/machine/claim.js";
import { PortcullisError } from "../../edge/model/error.js";
import { makeBackup, restoreBackup } from "../hub-backup.js";
import { run } from "../terminal.js";

export function backupCommand(): Command {
  return new Command("backup")
    .description("copy a hub's data while it runs 备份平台数据（运行中亦可）")
    .requiredOption("--data <folder>", "the hub's data folder")
    .requiredOption("--out <folder>", "the backup; it holds keys, keep it safe")
    .option("--json")
    .action(({ data, out, json }: { data: string; out: string; json?: boolean }) =>
      run(async () => {
        const { madeAt, files } = await makeBackup(data, out, new Date().toISOString());
        const names = Object.keys(files);
        if (json === true) console.log(JSON.stringify({ out, madeAt, files: names }));
        else console.log(`${out}: ${names.length} files, ${madeAt}. It holds keys. 备份含有密钥，请妥善保管。`);
      }),
    );
}

export function restoreCommand(): Command {
  return new Command("restore")
    .description("put a backup into an empty data folder 恢复备份")
    .requiredOption("--from <folder>", "the backup")
    .requiredOption("--data <folder>", "the hub's data folder, empty or not there")
    .option("--json")
    .action(({ from, data, json }: { from: string; data: string; json?: boolean }) =>
      run(async () => {
        const holder = holderOf(data);
        if (holder !== null)
          throw new PortcullisError({ code: "machine.folder-in-use", place: data, detail: `process ${holder}` });
        const { madeAt, records } = restoreBackup(from, data);
        if (json === true) console.log(JSON.stringify({ data, madeAt, records }));
        else {
          console.log(`${data}: ${records} records as of ${madeAt}. Boxes send again what is missing.`);
          console.log("主机会自动补传备份之后的记录。");
        }
      }),
    );
}
