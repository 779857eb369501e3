// A drive's commissioning in words: ways of a run, how it ended, what an interlock proved.
import type {
  CheckFailure,
  CheckState,
  DriveDirection,
  DriveMode,
  DriveRunEnd,
  DriveRunVerdict,
} from "../edge/model/drive-run.js";
import type { Words } from "./words.js";

export const wayTexts: Words<`${DriveDirection}/${DriveMode}`> = {
  "close/normal": { zh: "关闭", en: "Close" },
  "close/emergency": { zh: "应急关闭", en: "Emergency close" },
  "open/normal": { zh: "开启", en: "Open" },
  "open/emergency": { zh: "应急开启", en: "Emergency open" },
};

export const endTexts: Words<DriveRunEnd> = {
  arrived: { zh: "到位", en: "arrived" },
  released: { zh: "已松开", en: "let go" },
  silent: { zh: "按住信号中断", en: "no sign of the button any more" },
  "line-lost": { zh: "连接断开", en: "connection lost" },
  stopped: { zh: "人工停止", en: "stopped by a person" },
  hindered: { zh: "联锁停止", en: "stopped by an interlock" },
  failed: { zh: "未到位", en: "failed" },
  overruled: { zh: "被封锁、火警或放行取代", en: "gave way to a lock-down, fire or pass" },
  "too-long": { zh: "超时", en: "took too long" },
};

export const verdictTexts: Words<DriveRunVerdict> = {
  passed: { zh: "合格", en: "Passed" },
  slow: { zh: "慢于核算", en: "Slower than proved" },
  "not-reached": { zh: "未到位", en: "Did not arrive" },
};

export const checkStateTexts: Words<CheckState> = {
  waiting: { zh: "等待触发", en: "Waiting" },
  seen: { zh: "已看到，请恢复", en: "Seen, now free it" },
  passed: { zh: "合格", en: "Passed" },
  failed: { zh: "不合格", en: "Failed" },
};

export const checkFailureTexts: Words<CheckFailure> = {
  "not-refused": { zh: "占用时未拒绝关闭", en: "a close was not refused" },
  "both-contacts": { zh: "两个到位触点同时接通", en: "both contacts at once" },
  "no-contact": { zh: "超过行程时间没有到位触点", en: "no contact for longer than its travel" },
  "not-good": { zh: "信号不可信", en: "signal not good" },
};
