// The language of this reader: starts from the browser's, is remembered, and picks every word from the tables.
import type { Language, Text } from "../../../edge/model/text.js";
import { type TextKey, texts } from "./texts.js";

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

/** A sentence of the page with its values filled in. */
export function say(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return texts[key][current].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A name or title that came with the data. */
export function named(text: Text): string {
  return text[current];
}

/** A word of the domain; a word that this page does not know is shown as it came. */
export function word(table: Readonly<Record<string, Text>>, key: string): string {
  return table[key]?.[current] ?? key;
}
