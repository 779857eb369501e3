// What is seen of a point, in words: its quality, and the class of a loop with resistors.
import type { LoopClass } from "../detection/loop.js";
import type { Quality } from "../model/point.js";
import type { Text } from "../model/text.js";

export const qualityTexts = {
  good: { zh: "良好", en: "good" },
  stale: { zh: "陈旧", en: "stale" },
  lost: { zh: "丢失", en: "lost" },
  tampered: { zh: "被破坏", en: "tampered" },
  "out-of-range": { zh: "超出范围", en: "out of range" },
} as const satisfies Readonly<Record<Quality, Text>>;

export const loopClassTexts = {
  normal: { zh: "正常", en: "Normal" },
  alarm: { zh: "报警", en: "Alarm" },
  cut: { zh: "断线", en: "Cut" },
  short: { zh: "短路", en: "Short" },
  masked: { zh: "遮挡", en: "Masked" },
  "out-of-range": { zh: "阻值异常", en: "Wrong value" },
} as const satisfies Readonly<Record<LoopClass, Text>>;
