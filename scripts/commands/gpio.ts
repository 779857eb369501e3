// portcullis gpio: what pins this machine has, in the words of the configuration.
import { Command } from "commander";
import { type ChipListing, type LineListing, listGpio } from "../../edge/field/gpio/listing.js";
import type { Language } from "../../edge/model/text.js";
import { languageOf } from "../box.js";
import { run } from "../terminal.js";

interface ListOptions {
  readonly language?: string;
  readonly json?: boolean;
}

export function gpioCommand(): Command {
  const list = new Command("list")
    .description("chips, labels, lines, names and who holds them 列出芯片、线路及占用者")
    .option("--language <language>", "zh or en; the terminal's unless given")
    .option("--json", "print the answer as JSON")
    .addHelpText("after", "\nExit code 1 when no chip can be read.")
    .action((options: ListOptions) => run(() => listPins(options)));
  return new Command("gpio").description("the pins of this machine 本机 GPIO").addCommand(list);
}

async function listPins({ json, language }: ListOptions): Promise<void> {
  const chips = await listGpio();
  console.log(json ? JSON.stringify(chips, null, 2) : gpioText(chips, languageOf(language)));
  if (!chips.some(({ trouble }) => trouble === "")) process.exitCode = 1;
}

const words = {
  none: {
    zh: "本机没有 GPIO 芯片：没有 /dev/gpiochip*，也没有 /sys/class/gpio。请检查内核与设备树，或改用 Firmata 板。",
    en: "This machine has no GPIO chip: neither /dev/gpiochip* nor /sys/class/gpio. Check kernel and device tree, or use a Firmata board.",
  },
  trouble: {
    zh: "无法读取；请将用户加入 gpio 组",
    en: "cannot be read; put the user in group gpio",
  },
  old: {
    zh: "只有 sysfs：线路只能按编号使用，没有偏置、去抖和内核时间",
    en: "sysfs only: lines go by number, without bias, debounce and kernel time",
  },
  free: { zh: "空闲", en: "free" },
  held: { zh: "占用：", en: "held by " },
  nameless: { zh: "（未署名）", en: "(no name)" },
  columns: {
    zh: ["线路", "名称", "方向", "极性", "偏置", "占用者"],
    en: ["line", "name", "direction", "polarity", "bias", "holder"],
  },
  direction: { in: { zh: "输入", en: "in" }, out: { zh: "输出", en: "out" } },
  activeLow: { zh: "低有效", en: "active low" },
  activeHigh: { zh: "高有效", en: "active high" },
  bias: {
    "pull-up": { zh: "上拉", en: "pull-up" },
    "pull-down": { zh: "下拉", en: "pull-down" },
    disabled: { zh: "无", en: "disabled" },
  },
} as const;

/** A table for each chip; the label is what `chip` of the configuration names. */
export function gpioText(chips: readonly ChipListing[], language: Language): string {
  if (chips.length === 0) return words.none[language];
  return chips.map((chip) => chipText(chip, language)).join("\n\n");
}

function chipText({ path, label, lineCount, lines, trouble }: ChipListing, language: Language): string {
  if (trouble !== "") return `${path}  ${words.trouble[language]} (${trouble})`;
  const head = {
    zh: `chip: ${label}（${path}，${lineCount} 条线路）`,
    en: `chip: ${label} (${path}, ${lineCount} lines)`,
  };
  if (lines.length === 0) return `${head[language]}\n  ${words.old[language]}`;
  const rows = [words.columns[language], ...lines.map((line) => rowOf(line, language))];
  const widths = words.columns[language].map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  const table = rows.map((row) =>
    row
      .map((text, column) => padded(text, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [head[language], ...table.map((row) => `  ${row}`)].join("\n");
}

function rowOf(
  { line, name, used, consumer, direction, activeLow, bias, debounceUs }: LineListing,
  language: Language,
) {
  const holder = used ? `${words.held[language]}${consumer || words.nameless[language]}` : words.free[language];
  const pull = bias === null ? "-" : words.bias[bias][language];
  return [
    String(line),
    name || "-",
    words.direction[direction][language],
    words[activeLow ? "activeLow" : "activeHigh"][language],
    debounceUs === null ? pull : `${pull}, ${debounceUs} us`,
    holder,
  ];
}

/** Chinese characters take two columns of a terminal. */
function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + ((character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}
