// Sentences of the history of settings.
import { sayFrom } from "../../../page/language.js";

export const historyTexts = {
  title: { zh: "设置历史", en: "History" },
  reading: { zh: "正在读取……", en: "Reading ..." },
  unreadable: {
    zh: "主机暂时不能给出设置历史，将自动重试。",
    en: "The box cannot tell its history now; it is asked again.",
  },
  what: {
    zh: "本机保留的设置版本，新的在前。恢复旧版本会生成一个新版本，先试算时限，再签字生效。",
    en: "The revisions that this box keeps, newest first. Going back makes a new revision: its deadlines are proved first, then it is signed.",
  },
  revision: { zh: "版本 {n}", en: "Revision {n}" },
  inForce: { zh: "当前生效", en: "in force" },
  unsigned: { zh: "未署名：随设置文件装入", en: "Not signed: it came as a file" },
  by: { zh: "{by}，{at}", en: "{by}, {at}" },
  reason: { zh: "原因：{reason}", en: "Reason: {reason}" },
  backTo: { zh: "恢复了版本 {n} 的内容", en: "The content of revision {n} again" },
  changes: { zh: "修改了", en: "Changed" },
  noValues: { zh: "没有改动防区和点位的设置。", en: "No setting of a zone or point was changed." },
  check: { zh: "试算恢复到版本 {n}", en: "Check going back to revision {n}" },
  checking: { zh: "恢复到版本 {n}", en: "Back to revision {n}" },
  older: { zh: "显示全部 {n} 个版本", en: "Show all {n} revisions" },
  taken: { zh: "版本 {n} 已生效。", en: "Revision {n} is in force." },
} as const;

export const say = sayFrom(historyTexts);
