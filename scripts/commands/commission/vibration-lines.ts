// What `portcullis commission vibration` prints, in the asked language.
import { fibreSettingTexts, recordingLabelTexts, vibrationReasonTexts } from "../../../config/vibration-words.js";
import { causeTexts, verdictTexts } from "../../../config/words.js";
import type { Running } from "../../../edge/commissioning/vibration/job.js";
import type { Reason } from "../../../edge/commissioning/vibration/reasons.js";
import type { StoredRecording } from "../../../edge/commissioning/vibration/recording.js";
import type { ReplayView, SuggestionView } from "../../../edge/commissioning/vibration/views.js";
import type { Language } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import type { SessionOptions } from "../../box-session.js";
import { say } from "../../sentences.js";

const texts = {
  bytes: { zh: "{n} 字节", en: "{n} bytes" },
  damaged: { zh: "文件损坏", en: "damaged" },
  seconds: { zh: "{n} 秒", en: "{n} s" },
  blows: { zh: "敲击 {n} 次", en: "{n} blows" },
  stopped: { zh: "人工结束", en: "stopped" },
  complete: { zh: "完整", en: "complete" },
  full: { zh: "已到上限", en: "full" },
  interrupted: { zh: "信号中断", en: "interrupted" },
  suggested: { zh: "建议", en: "suggested" },
  noSuggestion: { zh: "无法给出建议", en: "no suggestion" },
  nothingToChange: { zh: "无需改动。", en: "nothing to change" },
  before: { zh: "原设置：{events} 次事件，{alarms} 次报警", en: "before: {events} events, {alarms} alarms" },
  after: { zh: "新设置：{events} 次事件，{alarms} 次报警", en: "after: {events} events, {alarms} alarms" },
  applied: { zh: "版本 {n} 已生效。", en: "Revision {n} is in force." },
  progress: { zh: "{done} / {all} 秒", en: "{done} / {all} s" },
} as const;

export function progressText({ recordedSeconds, seconds }: Running, language: Language): string {
  return say(texts, language)("progress", { done: recordedSeconds, all: seconds });
}

export function recordingLine({ id, bytes, head }: StoredRecording, { language }: SessionOptions): string {
  const words = say(texts, languageOf(language));
  if (head === null) return [id, words("bytes", { n: bytes }), words("damaged")].join("  ");
  const { label, seconds, ended, blows, person, note } = head;
  const counted = blows === null ? "" : words("blows", { n: blows });
  const length = words("seconds", { n: seconds });
  return [id, recordingLabelTexts[label][languageOf(language)], length, words(ended), counted, person, note]
    .filter((word) => word !== "")
    .join("  ");
}

export function suggestionLines({ ok, changes, reasons }: SuggestionView, language: Language): readonly string[] {
  const words = say(texts, language);
  const verdict = words(ok ? "suggested" : "noSuggestion");
  const told = reasons.map((reason) => `  ${reasonText(reason, language)}`);
  const rows = changes.map(
    ({ key, before, value }) => `${key}: ${before ?? "-"} -> ${value}  ${fibreSettingTexts[key][language]}`,
  );
  return [verdict, ...told, ...(ok && rows.length === 0 ? [words("nothingToChange")] : rows)];
}

function reasonText({ code, values }: Reason, language: Language): string {
  const text = vibrationReasonTexts[code][language];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function sideLines(
  side: "before" | "after",
  { events, alarms, heldBack, blocks }: ReplayView,
  language: Language,
): readonly string[] {
  const words = say(texts, language);
  const from = blocks[0]?.at ?? 0;
  const seconds = (at: number) => ((at - from) / 1000).toFixed(1);
  const told = alarms.map(
    ({ cause, occurredAt }) => `  ${causeTexts[cause][language]}  ${words("seconds", { n: seconds(occurredAt) })}`,
  );
  const held = Object.entries(heldBack).map(
    ([verdict, count]) => `  ${count} × ${verdictTexts[verdict as keyof typeof verdictTexts][language]}`,
  );
  return [words(side, { events: events.length, alarms: alarms.length }), ...told, ...held];
}

export function appliedText(revision: number, language: Language): string {
  return say(texts, language)("applied", { n: revision });
}
