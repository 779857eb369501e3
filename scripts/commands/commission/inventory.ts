// portcullis commission inventory: the inventory of a running box as CSV out and in, and whose maintenance is due.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { inventoryLimits } from "../../../edge/commissioning/inventory/details.js";
import { inventoryCsv } from "../../../edge/commissioning/inventory/table.js";
import type { InventoryView } from "../../../edge/commissioning/routes/inventory.js";
import { writeWhole } from "../../../edge/machine/whole-file.js";
import { PortcullisError } from "../../../edge/model/error.js";
import { languageOf } from "../../box.js";
import { type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { keyText, openerFor } from "../../journal-folder.js";
import { handoverIn } from "../../report-folder.js";
import { say } from "../../sentences.js";
import { run } from "../../terminal.js";

interface InventoryOptions extends SessionOptions {
  readonly data?: string;
  readonly key?: string;
  readonly lang?: string;
  readonly out?: string;
}

const texts = {
  changed: { zh: "已更新 {n} 台设备：{names}", en: "{n} devices changed: {names}" },
  noneDue: { zh: "没有到期的维护。", en: "No maintenance is due." },
} as const;

export function inventoryCommand(): Command {
  const base = (name: string, description: string) => {
    const command = new Command(name).description(description);
    for (const [flags, about, initial] of sessionOptions) command.option(flags, about, initial);
    return command;
  };
  const looking = (name: string, description: string) =>
    base(name, description)
      .option("--data <folder>", "a data folder in place of a running box 数据目录")
      .option("--key <file>", keyText);
  return new Command("inventory")
    .description("devices with place, plan, maker and maintenance 台账")
    .addCommand(
      looking("export", "as CSV for spreadsheets 导出")
        .option("--lang <language>", "of the head, zh or en; the terminal's unless given 表头语言")
        .option("--out <file>", "standard output unless given 输出文件")
        .action((options: InventoryOptions) => run(() => exportTable(options))),
    )
    .addCommand(
      base("import", "takes a CSV whole or not at all 导入")
        .argument("<file>")
        .action((file: string, options: InventoryOptions) => run(() => importTable(file, options))),
    )
    .addCommand(
      looking("due", "whose maintenance is due 维护到期").action((options: InventoryOptions) =>
        run(() => tellDue(options)),
      ),
    );
}

async function rowsFrom(options: InventoryOptions): Promise<InventoryView["devices"]> {
  const { data, key } = options;
  if (data !== undefined) return (await handoverIn(data, openerFor(key))).rows;
  return withSession(
    options,
    async (session) => (await session.call<InventoryView>("GET", "/api/v1/inventory")).devices,
  );
}

async function exportTable(options: InventoryOptions): Promise<void> {
  const rows = await rowsFrom(options);
  const text =
    options.json === true
      ? `${JSON.stringify(rows, null, 2)}\n`
      : inventoryCsv(rows, languageOf(options.lang ?? options.language));
  if (options.out === undefined) process.stdout.write(text);
  else writeWhole(options.out, text);
}

async function importTable(file: string, options: InventoryOptions): Promise<void> {
  const csv = textIn(file);
  await withSession(options, async (session) => {
    const { changed } = await session.call<{ changed: readonly string[] }>("PUT", "/api/v1/inventory", { csv });
    if (options.json === true) console.log(JSON.stringify({ changed }));
    else
      console.log(say(texts, languageOf(options.language))("changed", { n: changed.length, names: changed.join(" ") }));
  });
}

/** @throws PortcullisError `inventory.csv-invalid` for what is no UTF-8, such as a table in GBK. */
function textIn(file: string): string {
  const invalid = (detail: string, cause?: unknown) =>
    new PortcullisError({ code: "inventory.csv-invalid", place: file, detail }, { cause });
  try {
    const bytes = readFileSync(file);
    if (bytes.length > inventoryLimits.csvBytes) throw invalid(`more than ${inventoryLimits.csvBytes} bytes`);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
}

async function tellDue(options: InventoryOptions): Promise<void> {
  const rows = (await rowsFrom(options)).filter(({ due }) => due === "due");
  if (options.json === true) return console.log(JSON.stringify(rows));
  const language = languageOf(options.lang ?? options.language);
  for (const { device, name, dueOn, cycles, serviceCycles } of rows) {
    const runs = serviceCycles === null ? "" : `${cycles} / ${serviceCycles}`;
    console.log([device, name[language], dueOn, runs].filter((part) => part !== "").join("  "));
  }
  if (rows.length === 0) console.log(say(texts, language)("noneDue"));
}
