// Sentences that the pages of box and hub have in common.
import type { Text } from "../model/text.js";

export const pageTexts = {
  reason: { zh: "原因", en: "Reason" },
  cancel: { zh: "取消", en: "Cancel" },
  chooseOne: { zh: "请至少选择一项。", en: "Choose at least one." },
  dismiss: { zh: "关闭提示", en: "Dismiss" },
  refusedBy: { zh: "未执行：{message}", en: "Not done: {message}" },
  switchLanguage: { zh: "English", en: "中文" },
} as const satisfies Readonly<Record<string, Text>>;
