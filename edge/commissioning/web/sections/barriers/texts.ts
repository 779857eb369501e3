// Sentences of the section Barriers.

import type {
  CheckFailure,
  CheckState,
  DriveDirection,
  DriveMode,
  DriveRunEnd,
  DriveRunVerdict,
} from "../../../../model/drive-run.js";
import type { Text } from "../../../../model/text.js";
import { sayFrom } from "../../../../page/language.js";

export const barrierSectionTexts = {
  choose: { zh: "选择设施", en: "Choose a barrier" },
  none: { zh: "本机没有阻车设施。", en: "This box has no barriers." },
  loading: { zh: "正在读取……", en: "Reading ..." },
  lockOut: { zh: "检修锁定", en: "Lock-out" },
  lockOutWhat: {
    zh: "锁定后本机对该设施不发任何动作指令。下坑作业前还必须切断并挂锁驱动电源。",
    en: "While locked out the box moves it for nobody. Before anybody climbs in, also isolate and padlock the drive's supply.",
  },
  lockedBy: { zh: "{by} 于 {since} 锁定：{note}", en: "Locked out by {by} since {since}: {note}" },
  keySwitch: { zh: "现场钥匙开关锁定。", en: "Locked out by the key switch on site." },
  setLockOut: { zh: "检修锁定", en: "Lock out" },
  clearLockOut: { zh: "解除锁定", en: "Clear lock-out" },
  clearFor: { zh: "代为解除（两人）", en: "Clear for an absent person (two)" },
  setBody: {
    zh: "{name}：本机将不再发出任何动作指令，运行中的驱动立即停止。只有您本人可以单独解除。",
    en: "{name}: the box will move it for nobody, and stops a drive that runs. Only you can clear it alone.",
  },
  clearBody: {
    zh: "{name}：确认所有人已离开。若封锁仍有效，设施会在警示后立即关闭。",
    en: "{name}: make sure that everybody is out. Where a lock-down stands, it closes after the warning.",
  },
  clearForBody: {
    zh: "{name}：锁定人 {by} 不在场时，值班长与另一人在现场确认坑内无人后共同解除，并记录。",
    en: "{name}: while {by} is away, a supervisor and another person on site make sure that nobody is in the pit. It is recorded as such.",
  },
  note: { zh: "作业内容", en: "What is being done" },
  reasonClear: { zh: "检修结束", en: "work is done" },
  reasonLock: { zh: "检修", en: "work on the drive" },
  reasonRun: { zh: "调试试运行", en: "commissioning run" },
  runs: { zh: "试运行", en: "Test runs" },
  runsWhat: {
    zh: "先撤防所在区域并清场。运行前红灯和警示音照常，联锁全部有效。",
    en: "Disarm the area and clear the lane first. Red light and sounder warn as always; every interlock stays in force.",
  },
  runBody: {
    zh: "{name} 将在警示后动作。确认无人、无车。",
    en: "{name} will move after its warning. Make sure that nobody and no vehicle is near.",
  },
  run: { zh: "运行", en: "Run" },
  stop: { zh: "停止", en: "Stop" },
  underWay: { zh: "{way}：{phase}", en: "{way}: {phase}" },
  warns: { zh: "警示中", en: "warning" },
  moves: { zh: "运行中", en: "running" },
  holds: { zh: "点动", en: "Hold to run" },
  holdsWhat: {
    zh: "按住才动作，松开、锁屏或断网后最迟 0.7 秒停止。",
    en: "Moves only while you hold the button; let go, a locked screen or a lost link stops it within 0.7 s.",
  },
  holdClose: { zh: "按住关闭", en: "Hold to close" },
  holdOpen: { zh: "按住开启", en: "Hold to open" },
  holdAgree: { zh: "按住开启：先由第二人同意", en: "Hold to open: a second person agrees first" },
  holdAgreeBody: {
    zh: "{name}：第二人用自己的口令同意一次点动。同意后 {n} 秒内按住按钮。",
    en: "{name}: a second person agrees to one hold with a PIN of their own. Hold the button within {n} s.",
  },
  agree: { zh: "同意", en: "Agree" },
  holdAgreed: { zh: "第二人已同意，{n} 秒内按住", en: "Agreed, hold within {n} s" },
  holdOver: { zh: "点动结束：{end}", en: "Hold is over: {end}" },
  against: { zh: "暂不能：{why}", en: "Not now: {why}" },
  between: { zh: "；", en: "; " },
  results: { zh: "测得时间", en: "Measured times" },
  noRuns: { zh: "尚未试运行。", en: "No run yet." },
  way: { zh: "方向", en: "Run" },
  worst: { zh: "最近 {n} 次最慢", en: "Worst of the last {n}" },
  worstHead: { zh: "最慢", en: "Worst" },
  datasheet: { zh: "铭牌", en: "Datasheet" },
  proved: { zh: "时限核算", en: "Timing proof" },
  verdict: { zh: "结论", en: "Verdict" },
  short: { zh: "需要五次", en: "five are needed" },
  each: { zh: "历次运行", en: "Every run" },
  runLine: { zh: "{at} {by}：{ms}，离开触点 {left}，{end}", en: "{at} {by}: {ms}, contact left after {left}, {end}" },
  ms: { zh: "{n} 毫秒", en: "{n} ms" },
  notMeasured: { zh: "–", en: "–" },
  cycles: { zh: "保养后动作次数：{n}", en: "Cycles since its service: {n}" },
  cyclesOf: { zh: "保养后动作次数：{n}，共 {of}", en: "Cycles since its service: {n} of {of}" },
  serviceDue: { zh: "保养到期", en: "Service is due" },
  checks: { zh: "联锁检查", en: "Interlock check" },
  checksWhat: {
    zh: "逐项在现场触发，页面看到后恢复。全部完成或中止后保存。",
    en: "Trip each at the drive, keep it until the page has seen it, then free it. Ends are saved.",
  },
  begin: { zh: "开始检查", en: "Begin the check" },
  end: { zh: "结束并保存", en: "End and save" },
  checkBlock: { zh: "遮挡或占用 {point}：必须拒绝关闭", en: "Block {point}: a close must be refused" },
  checkHalt: {
    zh: "关闭运行中触发 {point}：驱动必须停止",
    en: "Trip {point} while it closes: the drive must stop",
  },
  checkContacts: { zh: "开到位、关到位各一次：两个触点", en: "Go to both ends once: position contacts" },
  in: { zh: "{n} 毫秒内", en: "within {n} ms" },
} as const;
export const say = sayFrom(barrierSectionTexts);

type Words<K extends string> = Readonly<Record<K, Text>>;

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
