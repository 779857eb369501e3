// Changes single values of a YAML text and leaves every other byte, with comments, order and layout, as it was. What cannot be
// changed in place goes through the document, which keeps comments and order; each result is read back and compared.
import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, type Pair, parseDocument, type Scalar } from "yaml";
import type { SettingValue } from "../edge/model/revision.js";
import type { Path } from "./trouble.js";

export interface Edit {
  readonly path: Path;
  /** Null takes the key away. */
  readonly value: SettingValue;
}

/** The changed text; null when the file ties a value to others, by an anchor, so that it cannot be changed alone. */
export function editYaml(text: string, edits: readonly Edit[]): string | null {
  let edited: string | null = text;
  for (const edit of edits) {
    edited = editOne(edited, edit);
    if (edited === null) return null;
  }
  return edited;
}

function editOne(text: string, edit: Edit): string | null {
  const document = read(text);
  const wanted = changed(document.toJS(), edit.path, edit.value);
  const means = (candidate: string | null): candidate is string =>
    candidate !== null && isDeepStrictEqual(meaningOf(candidate), wanted);
  for (const word of wordsFor(edit.value)) {
    const spliced = splice(text, document, edit, word);
    if (means(spliced)) return spliced;
  }
  const rewritten = rewrite(document, edit);
  return means(rewritten) ? rewritten : null;
}

const read = (text: string): Document.Parsed => parseDocument(text, { version: "1.2", logLevel: "error" });

function meaningOf(text: string): unknown {
  const document = read(text);
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** A copy with the one value changed. */
function changed(value: unknown, [key, ...rest]: Path, to: SettingValue): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) return value.map((each, index) => (index === key ? changed(each, rest, to) : each));
  const copy = { ...(value as Readonly<Record<string, unknown>>) };
  if (rest.length === 0 && to === null) delete copy[key];
  else copy[key] = changed(copy[key], rest, to);
  return copy;
}

/** Ways to write it, the plainest first. */
function wordsFor(value: SettingValue): readonly string[] {
  if (typeof value !== "string") return [String(value)];
  const isPlain = /^[\p{L}][\p{L}\p{N} ._-]*$/u.test(value) && value.trim() === value;
  return [...(isPlain ? [value] : []), JSON.stringify(value)];
}

function splice(text: string, document: Document.Parsed, { path, value }: Edit, word: string): string | null {
  const parent = document.getIn(path.slice(0, -1), true);
  const key = String(path.at(-1));
  if (!isMap(parent)) return null;
  const pairs = parent.items.filter(isPlainPair);
  const known = pairs.find((pair) => String(pair.key.value) === key);
  if (value === null) return known === undefined ? null : without(text, known, parent.flow === true);
  if (known === undefined) return withNew(text, pairs.at(-1), `${key}: ${word}`, parent.flow === true);
  return replace(text, known.value.range[0], known.value.range[1], word);
}

interface Placed extends Scalar {
  readonly range: [number, number, number];
}
interface PlainPair extends Pair {
  key: Placed;
  value: Placed;
}

function isPlainPair(pair: Pair): pair is PlainPair {
  return isPlaced(pair.key) && isPlaced(pair.value);
}

function isPlaced(node: unknown): node is Placed {
  return isScalar(node) && Array.isArray(node.range);
}

const replace = (text: string, from: number, to: number, by: string) => text.slice(0, from) + by + text.slice(to);

/** After the last pair of plain values: in braces beside it, else on a line of its own, indented alike. */
function withNew(text: string, last: PlainPair | undefined, entry: string, isFlow: boolean): string | null {
  if (last === undefined) return null;
  const end = last.value.range[1];
  if (isFlow) return replace(text, end, end, `, ${entry}`);
  const indent = " ".repeat(last.key.range[0] - lineStart(text, last.key.range[0]));
  const lineEnd = text.indexOf("\n", end);
  const at = lineEnd === -1 ? text.length : lineEnd;
  const isCrlf = text[at - 1] === "\r";
  return replace(text, isCrlf ? at - 1 : at, isCrlf ? at - 1 : at, `${isCrlf ? "\r\n" : "\n"}${indent}${entry}`);
}

function without(text: string, { key, value }: PlainPair, isFlow: boolean): string | null {
  const [start, end] = [key.range[0], value.range[1]];
  if (isFlow) {
    const comma = /^\s*,[ \t]*/.exec(text.slice(end));
    if (comma !== null) return replace(text, start, end + comma[0].length, "");
    const before = /,\s*$/.exec(text.slice(0, start));
    return before === null ? null : replace(text, start - before[0].length, end, "");
  }
  const from = lineStart(text, start);
  const lineEnd = text.indexOf("\n", end);
  return text.slice(from, start).trim() === "" && lineEnd !== -1 ? replace(text, from, lineEnd + 1, "") : null;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function rewrite(document: Document.Parsed, { path, value }: Edit): string | null {
  try {
    if (value === null) document.deleteIn(path);
    else document.setIn(path, value);
    return document.toString({ lineWidth: 0 });
  } catch {
    // An alias stands in the way.
    return null;
  }
}
