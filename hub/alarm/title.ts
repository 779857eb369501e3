// An alarm's title for people, in both languages: the thing's own name, then what is with it.
import { recordTexts } from "../../config/record-words.js";
import { errorTexts } from "../../config/texts.js";
import { causeTexts, obstacleTexts, reasonTexts } from "../../config/words.js";
import type { Obstacle } from "../../edge/model/command.js";
import type { Inventory } from "../../edge/model/inventory.js";
import type { JournalRecord } from "../../edge/model/record.js";
import type { Text } from "../../edge/model/text.js";
import { deviceName, nameOf, untranslated } from "./names.js";

/** Whose alarm it is, and what is known of it. */
export interface Subject {
  readonly inventory: Inventory | undefined;
  /** The box; empty when the alarm is the hub's own. */
  readonly edge: string;
  /** The task of the person's step that it is about. */
  readonly task: Text | undefined;
}

/** What a record without a box is about. */
const hubName: Text = { zh: "平台", en: "Hub" };

/** For example `North fence: Fence cut`, `Bollard 3: Step missed, Jammed`. What has no name shows its id or type. */
export function titleOf(record: JournalRecord, subject: Subject): Text {
  const { cause, reason, code } = record.data;
  const name = subject.task ?? thingOf(record, subject);
  const what = wordOf(errorTexts, code)?.message ?? wordOf(recordTexts, record.type) ?? untranslated(record.type);
  const why = wordOf(causeTexts, cause) ?? wordOf(reasonTexts, reason) ?? detailOf(record, subject.inventory);
  const isPlain = why !== undefined && record.type === "zone.breached";
  return join(name, why === undefined ? what : isPlain ? why : join(what, why, "，", ", "), "：", ": ");
}

function thingOf({ data }: JournalRecord, { inventory, edge }: Subject): Text {
  const { zone, barrier, target, duty, device, area } = data;
  if (device !== undefined) return deviceName(inventory, String(device));
  const thing = zone ?? barrier ?? target ?? duty ?? area;
  if (thing !== undefined) return nameOf(inventory, String(thing));
  return inventory?.edge ?? (edge === "" ? hubName : untranslated(edge));
}

/** Who did it, or the first thing that stands against it. */
function detailOf({ type, data }: JournalRecord, inventory: Inventory | undefined): Text | undefined {
  const { by, reason, obstacles, present, needed } = data;
  switch (type) {
    case "area.arm-failed":
      return firstObstacle(obstacles as readonly Obstacle[], inventory);
    case "lane.opened":
      return join(untranslated(String(by)), untranslated(String(reason)), "，", ", ");
    case "operator.under-duress":
      return untranslated(String(by));
    case "operators.too-few":
      return { zh: `${present} 人在岗，要求 ${needed} 人`, en: `${present} of ${needed}` };
    default:
      return undefined;
  }
}

function firstObstacle(obstacles: readonly Obstacle[], inventory: Inventory | undefined): Text | undefined {
  const [first, ...others] = obstacles;
  if (first === undefined) return undefined;
  const why = wordOf(obstacleTexts, first.why) ?? untranslated(String(first.why));
  const text = join(nameOf(inventory, first.subject), why, " ", " ");
  if (others.length === 0) return text;
  return { zh: `${text.zh}，另有 ${others.length} 项`, en: `${text.en} and ${others.length} more` };
}

/** A newer box may send words that are not in our tables. */
function wordOf<T>(words: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === "string" && Object.hasOwn(words, key) ? words[key] : undefined;
}

function join(first: Text, second: Text, zh: string, en: string): Text {
  return { zh: `${first.zh}${zh}${second.zh}`, en: `${first.en}${en}${second.en}` };
}
