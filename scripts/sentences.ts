// How commands say the sentences of their own tables, in the one language that the reader asked for.
import type { Language, Text } from "../edge/model/text.js";

export type Sentences<K extends string> = Readonly<Record<K, Text>>;
export type Values = Readonly<Record<string, string | number>>;

/** `{name}` stands for a value. */
export function say<K extends string>(texts: Sentences<K>, language: Language): (key: K, values?: Values) => string {
  return (key, values = {}) =>
    texts[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** What it is about, and what is said of it. */
export function pair(what: string, how: string, language: Language): string {
  return language === "zh" ? `${what}：${how}` : `${what}: ${how}`;
}

/** `2026-11-27 15:04:05`, by the clock on the reader's wall. */
export function momentText(at: string): string {
  const moment = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  return `${day} ${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":")}`;
}

/** A span as a person reads it; null: not measured. */
export function msText(ms: number | null, language: Language): string {
  if (ms === null) return "–";
  return language === "zh" ? `${ms} 毫秒` : `${ms} ms`;
}
