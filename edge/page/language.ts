// The language of this reader: starts from the browser's, is remembered, and picks every word from the tables of a page.
import type { Language, Text } from "../model/text.js";

const rememberedAs = "portcullis.language";

function initial(): Language {
  const remembered = localStorage.getItem(rememberedAs);
  if (remembered === "zh" || remembered === "en") return remembered;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

let current = initial();

export function language(): Language {
  return current;
}

/** BCP 47 tag for `lang` and for dates. */
export function locale(): string {
  return current === "zh" ? "zh-CN" : "en-GB";
}

export function switchLanguage(): void {
  current = current === "zh" ? "en" : "zh";
  localStorage.setItem(rememberedAs, current);
}

export type Values = Readonly<Record<string, string | number>>;

/** How a page, or a part of one, says the sentences of its own table; `{name}` stands for a value. */
export function sayFrom<K extends string>(texts: Readonly<Record<K, Text>>): (key: K, values?: Values) => string {
  return (key, values = {}) =>
    texts[key][current].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A name or title that came with the data. */
export function named(text: Text): string {
  return text[current];
}

/** What it is about, and what is said of it. */
export function pair(what: string, how: string): string {
  return current === "zh" ? `${what}：${how}` : `${what}: ${how}`;
}

/** Words of the domain, one after the other. */
export function listed(keys: readonly string[], table: Readonly<Record<string, Text>>): string {
  return keys.map((key) => word(table, key)).join(current === "zh" ? "、" : ", ");
}

/** A word of the domain; a word that this page does not know is shown as it came. */
export function word(table: Readonly<Record<string, Text>>, key: string): string {
  return table[key]?.[current] ?? key;
}
