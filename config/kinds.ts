// The domain's words for people, in both languages: what things are (kinds) and how grave they are (levels, grades, qualities).
import type { Priority } from "../edge/model/incident.js";
import type { ChannelConfig, DutyConfig, PostureLevel, RiskColour } from "../edge/model/plan.js";
import type { Quality } from "../edge/model/point.js";
import type { AnnunciatorConfig, AreaKind, BarrierConfig, Grade } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { PowerConfig, Subsystem, ZoneKind } from "../edge/model/zone.js";
import type { Words } from "./words.js";

const t = (zh: string, en: string): Text => ({ zh, en });

export const zoneKindTexts: Words<ZoneKind> = {
  "door-contact": t("门磁", "Door contact"),
  "infrared-beam": t("红外对射", "Infrared beam"),
  "passive-infrared": t("被动红外", "Passive infrared"),
  "fibre-alarm": t("振动光纤报警器", "Fibre alarm"),
  "vibration-fibre": t("振动光纤", "Vibration fibre"),
  "beam-pair": t("双光束方向探测", "Beam pair"),
  "vehicle-loop": t("地感线圈", "Vehicle loop"),
  "video-analyser": t("视频分析", "Video analyser"),
  "access-door": t("出入口控制门", "Controlled door"),
  turnstile: t("防尾随旋转门", "Turnstile"),
  "panic-button": t("一键报警", "Panic button"),
  tamper: t("防拆", "Tamper"),
  "fire-input": t("消防信号", "Fire input"),
  "vehicle-rush": t("车辆冲卡检测", "Vehicle rush detection"),
  "pedestrian-rush": t("人员冲卡检测", "Pedestrian rush detection"),
  "fire-lane": t("消防通道", "Fire lane"),
  power: t("电源", "Power"),
  leak: t("漏水", "Leak"),
  temperature: t("温度", "Temperature"),
  humidity: t("湿度", "Humidity"),
  "liquid-level": t("液位", "Liquid level"),
  voltage: t("电压", "Voltage"),
};

export const supplyTexts: Words<PowerConfig["supply"]> = {
  mains: t("市电", "Mains"),
  battery: t("蓄电池", "Battery"),
  "sensor-supply": t("探测器供电", "Sensor supply"),
  "siren-line": t("警号线路", "Siren line"),
  "drive-accumulator": t("驱动蓄能器", "Drive accumulator"),
  "under-voltage": t("欠压", "Under-voltage"),
};

export const subsystemTexts: Words<Subsystem> = {
  video: t("视频监控", "Video surveillance"),
  "intrusion-and-hold-up": t("入侵和紧急报警", "Intrusion and hold-up"),
  "access-control": t("出入口控制", "Access control"),
  perimeter: t("周界监控", "Perimeter"),
};

export const barrierKindTexts: Words<BarrierConfig["kind"]> = {
  "rising-bollard": t("升降柱", "Rising bollard"),
  "road-blocker": t("翻板路障机", "Wedge road blocker"),
  "boom-gate": t("道闸", "Boom gate"),
  "sliding-gate": t("电动门", "Sliding gate"),
  "wing-gate": t("翼闸", "Wing gate"),
  "passage-lock": t("通道锁", "Passage lock"),
};

export const keepFreeTexts: Words<NonNullable<BarrierConfig["keepFree"]>> = {
  "emergency-exit": t("应急出口", "Emergency exit"),
  "fire-lane": t("消防通道", "Fire lane"),
};

export const annunciatorKindTexts: Words<AnnunciatorConfig["kind"]> = {
  "siren-strobe": t("声光报警器", "Siren and strobe"),
  strobe: t("频闪灯", "Strobe"),
  evacuation: t("疏散广播", "Evacuation announcement"),
};

export const areaKindTexts: Words<AreaKind> = {
  perimeter: t("周界", "Perimeter"),
  entrance: t("出入口", "Entrance"),
  gatehouse: t("传达室", "Gatehouse"),
  "equipment-room": t("设备间", "Equipment room"),
  "control-room": t("监控中心", "Control room"),
  office: t("办公楼", "Office building"),
  buffer: t("缓冲区", "Buffer zone"),
  archive: t("档案室", "Archive"),
};

export const gradeTexts: Words<Grade> = {
  1: t("安全等级1（低风险）", "Grade 1 (low risk)"),
  2: t("安全等级2（中低风险）", "Grade 2 (low to medium risk)"),
  3: t("安全等级3（中高风险）", "Grade 3 (medium to high risk)"),
  4: t("安全等级4（高风险）", "Grade 4 (high risk)"),
};

export const channelKindTexts: Words<ChannelConfig["kind"]> = {
  hub: t("平台", "Hub"),
  output: t("本地输出（拨号、电台、广播）", "Wired output (dialler, radio, broadcast)"),
};

export const dutyKindTexts: Words<DutyConfig["kind"]> = {
  inspection: t("巡检", "Inspection"),
  "self-test": t("自检", "Self-test"),
  "walk-test": t("步行测试", "Walk test"),
  "communication-test": t("通信测试", "Communication test"),
  calibration: t("校准", "Calibration"),
  maintenance: t("维护保养", "Maintenance"),
  drill: t("演练", "Drill"),
};

export const postureTexts: Words<PostureLevel> = {
  normal: t("常态", "Normal"),
  "level-3": t("非常态三级", "Level 3"),
  "level-2": t("非常态二级", "Level 2"),
  "level-1": t("非常态一级", "Level 1"),
};

export const riskTexts: Words<RiskColour> = {
  none: t("无风险提示", "None"),
  yellow: t("黄色风险", "Yellow"),
  orange: t("橙色风险", "Orange"),
  red: t("红色风险", "Red"),
};

export const qualityTexts: Words<Quality> = {
  good: t("正常", "Good"),
  stale: t("数据陈旧", "Stale"),
  lost: t("信号丢失", "Lost"),
  tampered: t("被拆动", "Tampered with"),
  "out-of-range": t("超出量程", "Out of range"),
};

export const priorityTexts: Words<Priority> = {
  1: t("紧急", "Critical"),
  2: t("高", "High"),
  3: t("中", "Medium"),
  4: t("低", "Low"),
};
