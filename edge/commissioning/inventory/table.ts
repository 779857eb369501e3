// The inventory as a table for spreadsheets, out and in, with a head in either language. Taken in one piece or not at all.
import { refusal } from "../../model/error.js";
import type { Language } from "../../model/text.js";
import { type Cell, guarded, readCsv, unguarded, writeCsv } from "./csv.js";
import { dayIn } from "./days.js";
import {
  type DetailKey,
  type Details,
  type DetailsBook,
  detailKeys,
  inventoryLimits,
  noDetails,
  unfitness,
} from "./details.js";
import type { InventoryRow } from "./rows.js";
import { classTexts, columnTexts, dueTexts, kindText } from "./words.js";

type Column = keyof typeof columnTexts;
const columns = Object.keys(columnTexts) as readonly Column[];

export function inventoryCsv(rows: readonly InventoryRow[], language: Language): string {
  const head = columns.map((column) => columnTexts[column][language]);
  return writeCsv([head, ...rows.map((row) => columns.map((column) => guarded(cellOf(row, column, language))))]);
}

function cellOf(row: InventoryRow, column: Column, language: Language): string {
  switch (column) {
    case "class":
      return classTexts[row.class][language];
    case "kind":
      return kindText(row)[language];
    case "due":
      return dueTexts[row.due][language];
    case "name":
      return row.name[language];
    case "area":
      return row.areaName?.[language] ?? "";
    case "points":
      return row.points.join(" ");
    default:
      return String(row[column] ?? "");
  }
}

/** Details by device, of those devices that the table names; a column that it lacks leaves what is known. */
export function detailsInCsv(text: string, known: DetailsBook, devices: readonly string[]): DetailsBook {
  if (text.length > inventoryLimits.csvBytes)
    throw wrong(1, 1, `超过 ${inventoryLimits.csvBytes} 字节 / more than ${inventoryLimits.csvBytes} bytes`);
  const read = readCsv(text);
  if (!read.ok) throw wrong(read.line, read.column, read.detail);
  const [head = [], ...rows] = read.rows;
  const heads = head.map(columnOf);
  const doubled = head.find((_cell, at) => heads.indexOf(heads[at] ?? "name") < at);
  if (doubled !== undefined) throw wrong(doubled.line, doubled.column, `${doubled.value}: 列重复 / given twice`);
  if (!heads.includes("device"))
    throw wrong(1, 1, `缺少列 / no column: ${columnTexts.device.zh} / ${columnTexts.device.en}`);
  const found = new Map<string, Details>();
  for (const row of rows) {
    if (row.every(({ value }) => value === "")) continue;
    const { device, details } = detailsIn(row, { heads, known, devices });
    if (found.has(device))
      throw wrong(row[0]?.line ?? 1, heads.indexOf("device") + 1, `${device}: 设备重复 / named twice`);
    found.set(device, details);
  }
  return found;
}

/** By either language, or by the key itself. @throws PortcullisError `inventory.csv-invalid` */
function columnOf({ value, line, column }: Cell): Column {
  const wanted = unguarded(value.trim()).toLowerCase();
  const found = columns.find((key) =>
    [key, columnTexts[key].zh, columnTexts[key].en].some((name) => name.toLowerCase() === wanted),
  );
  if (found === undefined) throw wrong(line, column, `${value.slice(0, 60)}: 没有此列 / no such column`);
  return found;
}

interface TableContext {
  readonly heads: readonly Column[];
  readonly known: DetailsBook;
  readonly devices: readonly string[];
}

function detailsIn(row: readonly Cell[], { heads, known, devices }: TableContext) {
  const line = row[0]?.line ?? 1;
  if (row.length !== heads.length)
    throw wrong(
      line,
      Math.min(row.length, heads.length) + 1,
      `${row.length} 格，表头 ${heads.length} 格 / ${row.length} cells under ${heads.length} heads`,
    );
  const given = new Map(row.map((cell, at) => [heads[at], cell] as const));
  const named = given.get("device");
  const device = unguarded(named?.value.trim() ?? "");
  if (!devices.includes(device))
    throw wrong(line, named?.column ?? 1, `${device.slice(0, 60)}: 没有此设备 / no such device here`);
  const values = detailKeys.map((key) => [key, valueIn(key, given.get(key), known.get(device) ?? noDetails)] as const);
  return { device, details: Object.fromEntries(values) as unknown as Details };
}

function valueIn(key: DetailKey, cell: Cell | undefined, before: Details): Details[DetailKey] {
  if (cell === undefined) return before[key];
  const text = unguarded(cell.value.trim());
  const value = parsed(key, text);
  const why = unfitness(key, value);
  if (why !== null) throw wrong(cell.line, cell.column, `${columnTexts[key].zh} / ${columnTexts[key].en}: ${why}`);
  return value;
}

function parsed(key: DetailKey, text: string): string | number | null {
  if (key === "installedOn" || key === "servicedOn") return dayIn(text);
  if (key !== "intervalDays") return text;
  if (text === "") return null;
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}

function wrong(line: number, column: number, detail: string) {
  const where = `第 ${line} 行第 ${column} 列 / line ${line}, column ${column}`;
  return refusal("inventory.csv-invalid", `CSV:${line}:${column}`, `${where}: ${detail}`);
}
