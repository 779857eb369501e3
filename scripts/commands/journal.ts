// portcullis journal: looks into a box's journal, running or dead, without changing it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { publicName } from "../../edge/agent/journal-keys.js";
import { readKept, type Verification } from "../../edge/journal/inspect.js";
import { isWhole, type KeptRecord, lanes } from "../../edge/model/record.js";
import {
  damageOf,
  dataIn,
  headsIn,
  journalIn,
  keysFor,
  keyText,
  openerFor,
  sourceAt,
  verifyPath,
} from "../journal-folder.js";
import { run, tellTrouble } from "../terminal.js";

interface VerifyGiven {
  readonly json?: boolean;
  readonly publicKey?: string;
  readonly heads?: string;
  readonly key?: string;
}

interface ExportGiven {
  readonly csv?: boolean;
  readonly key?: string;
}

export function journalCommand(): Command {
  const about = "the box's data folder, or its journal folder 数据目录或日志目录";
  const verify = new Command("verify")
    .description("check checksums, chains and signatures 校验")
    .argument("<path>", `${about}, or a file that was exported 或导出的文件`)
    .option("--public-key <file>", "public keys (PEM) that sign it; the box's own in the data folder unless given 公钥")
    .option("--heads <file>", "JSON of the hub's /api/v1/edges: shows a tail that was cut off 平台记录的链头")
    .option("--key <file>", keyText)
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExit code 0 only when it is sound. 仅在完好时退出码为 0。")
    .action((path: string, given: VerifyGiven) => run(() => verifyAt(path, given)));
  const stat = new Command("stat")
    .description("count what is there 统计")
    .argument("<path>", about)
    .option("--json", "print the counts as JSON")
    .action((path: string, { json }: { json?: boolean }) => run(() => statAt(path, json === true)));
  const exported = new Command("export")
    .description("print records 导出")
    .argument("<path>", about)
    .addHelpText(
      "after",
      "\nWhat cannot be read is named on stderr and left out; the exit code is then 1. 无法读取之处在 stderr 指明并略过，此时退出码为 1。",
    )
    .option("--csv", "comma-separated values in place of JSON lines; only JSON lines can be verified")
    .option("--key <file>", keyText)
    .action((path: string, given: ExportGiven) => run(() => exportAt(path, given)));
  const publicKey = new Command("public-key")
    .description("print the key with which others verify this box's journal 输出公钥")
    .argument("<path>", about)
    .action((path: string) =>
      run(async () => void process.stdout.write(readFileSync(join(dataIn(path), "keys", publicName), "utf8"))),
    );
  return [verify, stat, exported, publicKey].reduce(
    (parent, each) => parent.addCommand(each),
    new Command("journal").description("look into a journal 查看日志"),
  );
}

async function verifyAt(path: string, { json, publicKey, heads, key }: VerifyGiven): Promise<void> {
  const keys = keysFor(path, publicKey);
  const hubHeads = heads === undefined ? undefined : headsIn(heads, await sourceAt(path));
  const found = await verifyPath(path, {
    keys: keys ?? undefined,
    hubHeads,
    open: key === undefined ? undefined : openerFor(key),
  });
  if (json) console.log(JSON.stringify({ ...found, keys: keys?.keys ?? [] }));
  else {
    for (const fault of found.faults) tellTrouble(fault);
    console.log(summaryOf(found, keys !== null));
  }
  if (!found.ok) process.exitCode = 1;
}

function summaryOf(
  { ok, records, closed, segments, bytes, checkpoints, unsigned }: Verification,
  isSigned: boolean,
): string {
  const signatures = isSigned
    ? `${checkpoints} signatures are good 签名有效, ${unsigned} records after the last one 其后记录`
    : "signatures not looked at, no public key 未校验签名";
  const what = `${records} records 记录, ${segments} segments 段, ${bytes} bytes 字节, ${closed} sealed 加密未开`;
  return `${ok ? "sound 完好" : "DAMAGED 已损坏"}: ${what}; ${signatures}`;
}

async function statAt(path: string, json: boolean): Promise<void> {
  const { records, segments, bytes, heads, faults } = await verifyPath(path, {});
  const perRecord = records === 0 ? 0 : Math.round(bytes / records);
  if (json)
    console.log(JSON.stringify({ records, segments, bytes, bytesPerRecord: perRecord, heads, faults: faults.length }));
  else {
    for (const fault of faults) tellTrouble(fault);
    console.log(
      `${records} records 记录, ${segments} segments 段, ${bytes} bytes 字节, ${perRecord} bytes per record 每条字节, ${faults.length} faults 异常`,
    );
    for (const lane of lanes)
      for (const head of heads.filter((each) => each.lane === lane))
        console.log(`  ${lane} ${head.epoch} ${head.sequence} ${head.hash}`);
  }
}

const columns = ["time", "epoch", "lane", "sequence", "order", "type", "subject", "clocktrust", "exercise"] as const;

async function exportAt(path: string, { csv: isCsv, key }: ExportGiven): Promise<void> {
  const damage = damageOf(path, tellTrouble);
  if (isCsv) console.log([...columns, "durable", "data"].join(","));
  for await (const record of readKept(journalIn(path), openerFor(key), damage.onTrouble))
    console.log(isCsv ? csvOf(record) : JSON.stringify(record));
  if (damage.isDamaged()) process.exitCode = 1;
}

/** RFC 4180. */
function csvOf(record: KeptRecord): string {
  const cells = [
    ...columns.map((column) => record[column]),
    record.durable ?? true,
    isWhole(record) ? JSON.stringify(record.data) : "",
  ];
  return cells
    .map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell))
    .join(",");
}
