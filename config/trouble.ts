// What is wrong with a configuration: found by the checks as a finding at a path, shown to people as trouble with file, line and remedy.
import type { ErrorCode, Trouble } from "../edge/model/error.js";
import type { Text } from "../edge/model/text.js";

/** Keys and list positions from the top of the file. */
export type Path = readonly (string | number)[];

/** Trouble before its line is known. `at: "key"` points at the last key instead of its value. */
export interface Finding {
  readonly code: ErrorCode;
  readonly path: Path;
  readonly at?: "key";
  /** A warning does not refuse the file. */
  readonly warning?: true;
  readonly message: Text;
  readonly remedy: Text;
}

/** A refusal of code `config.safety`. */
export const unsafe = (path: Path, message: Text, remedy: Text): Finding => ({
  code: "config.safety",
  path,
  message,
  remedy,
});

/** A warning of code `config.safety`. */
export const unwise = (path: Path, message: Text, remedy: Text): Finding => ({
  ...unsafe(path, message, remedy),
  warning: true,
});

/** Line and column count from 1. `place` reads `office.yaml:42:9 edges[0].zones[1].point`. */
export interface ConfigTrouble extends Trouble {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: Text;
  readonly remedy: Text;
}

/** `edges[0].zones[1].point`; empty for the whole file. */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index > 0 ? `.${part}` : part)).join("");
}

/** A value as it may be shown: short, and without credentials in an address. */
export function shown(value: unknown): string {
  const plain = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^@/"]*@/g, "//***@");
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}

/** The candidate that was most probably meant, or null. */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = stem(candidate) === stem(word) ? 0 : editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** A setting's name without its unit, so that `withinSeconds` finds `withinMs`. */
function stem(name: string): string {
  return name.replace(/_?(ms|millis|s|secs?|seconds|min|minutes)$/i, "").toLowerCase();
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return 8;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
