// Comma-separated values by RFC 4180, as spreadsheets write and read them. Reading keeps where each cell stands.

export interface Cell {
  readonly value: string;
  /** Of the text, from 1. */
  readonly line: number;
  /** Number of the cell in its row, from 1. */
  readonly column: number;
}

export type CsvReading =
  | { readonly ok: true; readonly rows: readonly (readonly Cell[])[] }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly detail: string };

/** So that Excel reads it as UTF-8. */
export const byteOrderMark = "\uFEFF";

/** With a byte order mark, CRLF at each end, quotes only where they are needed. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return byteOrderMark + rows.map((row) => `${row.map((cell) => quoted(cell, row.length)).join(",")}\r\n`).join("");
}

/** A row that is one empty cell would look like no row. */
function quoted(cell: string, cells: number): string {
  return /[",\r\n]/.test(cell) || (cell === "" && cells === 1) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Lines end with CRLF or LF; empty ones are none. A quote inside a cell that is not quoted, or behind its end, is an error. */
export function readCsv(text: string): CsvReading {
  const reader = { text: text.startsWith(byteOrderMark) ? text.slice(1) : text, at: 0, line: 1 };
  const rows: (readonly Cell[])[] = [];
  while (reader.at < reader.text.length) {
    if (lineEndAt(reader.text, reader.at) > 0) {
      takeLineEnd(reader);
      continue;
    }
    const row = readRow(reader);
    if ("ok" in row) return row;
    rows.push(row);
  }
  return { ok: true, rows };
}

/** Up to and with its line end. */
function readRow(reader: Reader): readonly Cell[] | Extract<CsvReading, { ok: false }> {
  const row: Cell[] = [];
  for (;;) {
    const { line } = reader;
    const column = row.length + 1;
    const value = readCell(reader);
    if (value === null) return { ok: false, line, column, detail: "引号不成对 / a quote is missing, or one too many" };
    row.push({ value, line, column });
    if (reader.text[reader.at] !== ",") break;
    reader.at += 1;
  }
  takeLineEnd(reader);
  return row;
}

function takeLineEnd(reader: Reader): void {
  const length = lineEndAt(reader.text, reader.at);
  reader.at += length;
  if (length > 0) reader.line += 1;
}

interface Reader {
  readonly text: string;
  at: number;
  line: number;
}

/** Length of the line end that stands there; 0 when there is none. */
function lineEndAt(text: string, at: number): number {
  if (text[at] === "\n") return 1;
  return text[at] === "\r" && text[at + 1] === "\n" ? 2 : 0;
}

/** Up to the comma or line end behind it; null when its quotes do not fit. */
function readCell(reader: Reader): string | null {
  return reader.text[reader.at] === '"' ? readQuoted(reader) : readPlain(reader);
}

function readPlain(reader: Reader): string | null {
  const { text } = reader;
  const from = reader.at;
  while (reader.at < text.length && text[reader.at] !== "," && lineEndAt(text, reader.at) === 0) {
    if (text[reader.at] === '"') return null;
    reader.at += 1;
  }
  return text.slice(from, reader.at);
}

function readQuoted(reader: Reader): string | null {
  const { text } = reader;
  let value = "";
  for (reader.at += 1; reader.at < text.length; reader.at += 1) {
    if (text[reader.at] !== '"') {
      if (text[reader.at] === "\n") reader.line += 1;
      value += text[reader.at];
      continue;
    }
    if (text[reader.at + 1] !== '"') {
      reader.at += 1;
      const isEnd = reader.at === text.length || text[reader.at] === "," || lineEndAt(text, reader.at) > 0;
      return isEnd ? value : null;
    }
    value += '"';
    reader.at += 1;
  }
  return null;
}

/** A spreadsheet would run what begins like this as a formula. */
const runs = /^'*[=+\-@\t\r＝＋－＠]/;

/** A quote before it makes a text of it; `unguarded` takes it away again. */
export function guarded(value: string): string {
  return runs.test(value) ? `'${value}` : value;
}

export function unguarded(value: string): string {
  return value.startsWith("'") && runs.test(value) ? value.slice(1) : value;
}
