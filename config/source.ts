// Reads YAML 1.2 within limits and keeps where everything stands, so that each finding gets its line and column.
import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseDocument } from "yaml";
import type { ErrorCode } from "../edge/model/error.js";
import { errorTexts } from "./texts.js";
import { type ConfigTrouble, type Finding, type Path, pathText } from "./trouble.js";

export const fileBytesMax = 1_048_576;
export const aliasesMax = 100;
export const nestingMax = 32;
export const indentMax = 100;

export interface Source {
  readonly value: unknown;
  trouble(finding: Finding): ConfigTrouble;
}

type Reading =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly troubles: readonly ConfigTrouble[] };

/** Parses `text`; duplicate keys, alias bombs, deep nesting and oversize are refused as `config.syntax` or `config.unreadable`. */
export function readSource(text: string, file: string): Reading {
  const refuse = (code: ErrorCode, detail: string, line = 1, column = 1): ConfigTrouble => ({
    code,
    place: `${file}:${line}:${column}`,
    detail,
    line,
    column,
    path: "",
    message: { zh: `${errorTexts[code].message.zh}（${detail}）`, en: `${errorTexts[code].message.en} (${detail})` },
    remedy: errorTexts[code].remedy,
  });
  if (Buffer.byteLength(text) > fileBytesMax) {
    return { ok: false, troubles: [refuse("config.unreadable", `more than ${fileBytesMax} bytes`)] };
  }
  const tooDeep = deepNesting(text);
  if (tooDeep !== null) {
    const detail = `nested deeper than ${nestingMax} or indented more than ${indentMax}`;
    return { ok: false, troubles: [refuse("config.syntax", detail, tooDeep)] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.2", lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const troubles = problems.slice(0, 20).map((problem) => {
      const { line, col } = lines.linePos(problem.pos[0]);
      return refuse(
        problem.code === "DUPLICATE_KEY" ? "config.duplicate" : "config.syntax",
        problem.message,
        line,
        col,
      );
    });
    return { ok: false, troubles };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: aliasesMax });
    const trouble = (finding: Finding) => describe(finding, file, lines.linePos(offsetOf(finding, document)));
    return { ok: true, source: { value, trouble } };
  } catch (error) {
    return { ok: false, troubles: [refuse("config.syntax", error instanceof Error ? error.message : String(error))] };
  }
}

function describe(finding: Finding, file: string, at: { line: number; col: number }): ConfigTrouble {
  const path = pathText(finding.path);
  const place = `${file}:${at.line}:${at.col}${path === "" ? "" : ` ${path}`}`;
  const { code, message, remedy } = finding;
  return { code, place, detail: message.en, line: at.line, column: at.col, path, message, remedy };
}

/** Offset of the value at the finding's path, or of the nearest thing above that exists. */
function offsetOf(finding: Finding, document: Document): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, part] of finding.path.entries()) {
    const found = child(node, part, document);
    if (found === null) return offset;
    const wanted = finding.at === "key" && index === finding.path.length - 1 ? found.key : found.value;
    offset = (wanted ?? found.key ?? found.value)?.range?.[0] ?? offset;
    node = found.value;
  }
  return offset;
}

function child(
  parent: Node | null,
  part: Path[number],
  document: Document,
): { key: Node | null; value: Node | null } | null {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isSeq<Node>(node) && typeof part === "number") return { key: null, value: node.items[part] ?? null };
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

/** What the lexer gives before a document's first token. */
const documentMark = "\u0002";

/**
 * Line where nesting or indentation goes beyond its limit, or null. Asked before parsing, because the parser recurses
 * and a stack that is nearly used up can end the whole process inside the regular expression engine.
 */
function deepNesting(text: string): number | null {
  let line = 1;
  let flow = 0;
  let indent = 0;
  let leading = true;
  for (const token of new Lexer().lex(text)) {
    flow = Math.max(0, flow + flowChange(token));
    const indents: boolean = leading && /^(?:[-?:]|[ \t]+)$/.test(token);
    if (indents) indent += token.length;
    leading = indents || (leading && token === documentMark);
    if (flow > nestingMax || indent > indentMax) return line;
    if (!token.includes("\n")) continue;
    line += token.split("\n").length - 1;
    [indent, leading] = [0, true];
  }
  return null;
}

function flowChange(token: string): number {
  if (token === "[" || token === "{") return 1;
  return token === "]" || token === "}" ? -1 : 0;
}
