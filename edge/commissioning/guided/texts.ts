// What a guided test says of itself, for the page and the command line.
import type { Text } from "../../model/text.js";
import type { FailReason, GuidedStage, SeenClass } from "./guided-run.js";
import type { GuidedKind } from "./guided-test.js";

const t = (zh: string, en: string): Text => ({ zh, en });

export const guidedKindTexts: Readonly<Record<GuidedKind, Text>> = {
  "door-contact": t("门磁", "Door contact"),
  "infrared-beam": t("红外对射", "Infrared beam"),
  "passive-infrared": t("被动红外", "Passive infrared"),
  "fibre-alarm": t("振动光纤继电器", "Fibre relay"),
  "vehicle-loop": t("地感线圈", "Vehicle loop"),
  "panic-button": t("一键报警", "Panic button"),
  tamper: t("防拆", "Tamper"),
  "fire-input": t("消防信号", "Fire input"),
  case: t("外壳防拆", "Detector's case"),
  annunciator: t("声光报警", "Annunciator"),
};

export const stageTexts: Readonly<Record<GuidedStage, Text>> = {
  rest: t("等待设备处于正常状态", "Waiting until it is at rest"),
  act: t("请触发", "Trigger it now"),
  sound: t("等待声光报警确认", "Waiting for the sounders to be confirmed"),
  heard: t("听到（看到）了吗？", "Was it heard or seen?"),
  undo: t("请恢复", "Put it back"),
  passed: t("通过", "Passed"),
  failed: t("未通过", "Failed"),
  stopped: t("已中止", "Stopped"),
};

export const seenTexts: Readonly<Record<SeenClass, Text>> = {
  rest: t("正常", "at rest"),
  active: t("动作", "active"),
  cut: t("断线：检查线路和线尾电阻", "cut: look at the wire and the end-of-line resistor"),
  short: t("短路：检查线路和接线端子", "shorted: look at the wire and the terminals"),
  masked: t("被遮挡或探测器故障", "masked, or the detector reports a fault"),
  "out-of-range": t(
    "阻值异常：电阻不对、接头受潮或触点氧化",
    "out of range: wrong resistor, wet splice or worn contact",
  ),
  stale: t("数值陈旧：设备未更新", "stale: the device does not renew it"),
  lost: t("信号丢失：设备或线路断开", "lost: device or line is away"),
  tampered: t("被拆动", "tampered with"),
  unreadable: t("无法读取：信号类型与配置不符", "unreadable: the signal is not what the configuration says"),
};

export const failTexts: Readonly<Record<FailReason, Text>> = {
  "not-at-rest": t("开始前不在正常状态", "It was not at rest at the beginning"),
  "nothing-seen": t("没有看到动作", "Nothing was seen"),
  "too-short": t("动作太短，未通过滤波", "It was active for too short a time to pass the filter"),
  "wrong-signal": t("看到的不是动作", "Something else was seen instead of active"),
  "not-sounded": t(
    "声光报警未在规定时间内确认；若之前的事件未复位，请先复位",
    "Not every sounder was confirmed in time; reset an older incident first",
  ),
  "not-heard": t("现场没有听到（看到）", "Nobody heard or saw it"),
  "did-not-return": t("没有恢复正常", "It did not come back to rest"),
};
