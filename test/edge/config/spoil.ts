// Spoils an example site in one place, and says what the loader found. Used by the tests of refusals.
import { readFileSync } from "node:fs";
import { loadSite } from "../../../config/load.js";
import type { ConfigTrouble } from "../../../config/trouble.js";

export type Edit = readonly [find: string, put: string];

export interface Spoilt {
  readonly text: string;
  /** Where the mark stood; null without one. */
  readonly at: readonly [line: number, column: number] | null;
}

/** An example site by name, without ending. */
export function example(name: "office" | "school" | "port"): string {
  return readFileSync(new URL(`../../../config/${name}.yaml`, import.meta.url), "utf8");
}

/** `text` with pieces replaced, each at its first place; `^` in a replacement marks where the trouble is expected. */
export function spoil(text: string, ...edits: readonly Edit[]): Spoilt {
  const spoilt = edits.reduce((before, [find, put]) => {
    if (!before.includes(find)) throw new Error(`the example holds no ${find}`);
    return before.replace(find, () => put.replace("^", "\u0000"));
  }, text);
  const before = spoilt.slice(0, Math.max(0, spoilt.indexOf("\u0000"))).split("\n");
  const at = spoilt.includes("\u0000") ? ([before.length, (before.at(-1) ?? "").length + 1] as const) : null;
  return { text: spoilt.replace("\u0000", ""), at };
}

export function troublesOf(text: string, fileName: string): readonly ConfigTrouble[] {
  const result = loadSite(text, fileName);
  return result.ok ? [] : result.troubles;
}

/** Warnings as path and English message; throws when the site is refused. */
export function warningsOf(text: string, fileName: string): readonly (readonly [path: string, says: string])[] {
  const result = loadSite(text, fileName);
  if (!result.ok) throw new Error(JSON.stringify(result.troubles, null, 2));
  return result.warnings.map(({ path, message }) => [path, message.en]);
}
