// An alarm's title for people, in both languages: the thing's own name, then what is with it.

import { recordTexts } from "../../config/record-words.js";
import { errorTexts } from "../../config/texts.js";
import { causeTexts, reasonTexts } from "../../config/words.js";
import type { Inventory } from "../../edge/model/fact.js";
import type { JournalRecord } from "../../edge/model/record.js";
import type { Text } from "../../edge/model/text.js";

interface Named {
  readonly id: string;
  readonly name: Text;
}

/** For example `North fence: Fence cut or climbed`, `Bollard 3: Step missed, Jammed`. What has no name shows its id or type. */
export function titleOf(record: JournalRecord, inventory: Inventory | undefined, edge: string): Text {
  const { zone, barrier, target, cause, reason, code } = record.data;
  const thing = zone ?? barrier ?? target;
  const things: readonly Named[] = [
    ...(inventory?.zones ?? []),
    ...(inventory?.barriers ?? []),
    ...(inventory?.annunciators ?? []),
  ];
  const name =
    thing === undefined
      ? (inventory?.edge ?? same(edge))
      : (things.find(({ id }) => id === thing)?.name ?? same(String(thing)));
  const what = wordOf(errorTexts, code)?.message ?? wordOf(recordTexts, record.type) ?? same(record.type);
  const why = wordOf(causeTexts, cause) ?? wordOf(reasonTexts, reason);
  const isPlain = why !== undefined && record.type === "zone.breached";
  return join(name, why === undefined ? what : isPlain ? why : join(what, why, "，", ", "), "：", ": ");
}

/** A newer box may send words that are not in our tables. */
function wordOf<T>(words: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === "string" && Object.hasOwn(words, key) ? words[key] : undefined;
}

function join(first: Text, second: Text, zh: string, en: string): Text {
  return { zh: `${first.zh}${zh}${second.zh}`, en: `${first.en}${en}${second.en}` };
}

function same(text: string): Text {
  return { zh: text, en: text };
}
