// What may be changed at the box itself, by name: each value's words, unit, and what holds while it is not set. No drivers'
// addresses, no groups, no responses.
import type { SettingValue } from "../edge/model/revision.js";
import type { Text } from "../edge/model/text.js";

export interface TuningWords {
  readonly label: Text;
  readonly unit: string | null;
  /** Holds while the value is not set; null where the value must be set, or `unless` says it. */
  readonly standard: SettingValue;
  readonly unless?: Text;
}

const row = (zh: string, en: string, unit: string | null = null, standard: SettingValue = null): TuningWords => ({
  label: { zh, en },
  unit,
  standard,
});
const unless = (words: TuningWords, zh: string, en: string): TuningWords => ({ ...words, unless: { zh, en } });

/** By path within a zone, in the order in which a technician meets them. */
export const zoneTuning: Readonly<Record<string, TuningWords>> = {
  normally: row("触点平时状态", "Contact at rest", null, "open"),
  filterMs: row("滤波时间", "Filter", "ms"),
  "loop.pullUpOhms": row("上拉电阻", "Pull-up resistor", "Ω"),
  "loop.endOhms": row("线尾电阻", "End-of-line resistor", "Ω"),
  "loop.alarmOhms": unless(
    row("报警电阻", "Alarm resistor", "Ω"),
    "无：回路开路即报警",
    "none: an open loop is the alarm",
  ),
  "loop.maskOhms": unless(row("遮挡电阻", "Mask resistor", "Ω"), "无", "none"),
  "loop.fullScale": row("满量程读数", "Raw value at full scale"),
  "loop.tolerance": row("阻值容差", "Tolerance of resistance"),
  high: unless(row("上限", "High limit"), "无上限", "no high limit"),
  low: unless(row("下限", "Low limit"), "无下限", "no low limit"),
  hysteresis: row("回差", "Hysteresis"),
  "settings.threshold": row("触发阈值（基线倍数）", "Threshold, times the baseline", "×"),
  "settings.climbThreshold": unless(
    row("攀爬阈值（基线倍数）", "Climb threshold, times the baseline", "×"),
    "同触发阈值",
    "the threshold",
  ),
  "settings.levelFloor": row("最低电平", "Level floor"),
  "settings.eventCount": row("事件次数", "Event count"),
  "settings.eventWindowMs": row("计数窗口", "Event window", "ms"),
  "settings.maskMs": row("事件后屏蔽时间", "Mask time after an event", "ms"),
  "settings.sustainedMs": row("持续振动判攀爬", "Sustained activity is a climb", "ms"),
  "settings.baselineMs": row("基线时间常数", "Time constant of the baseline", "ms"),
  "settings.windReject": row("抗风系数", "Wind rejection", "×"),
  rushMs: row("冲卡判定时间", "Rush time", "ms"),
  withinMs: row("先后遮断时限", "Both beams within", "ms"),
  grantMs: row("授权保持时间", "A grant lasts", "ms"),
  heldOpenMs: row("门开启超时", "Held open after", "ms"),
  heldOpenRaisedMs: unless(
    row("非常态门开启超时", "Held open after, raised posture", "ms"),
    "同常态",
    "as in the normal posture",
  ),
  soundingsMax: unless(row("鸣响次数上限", "Soundings at most"), "不限", "no limit"),
  "name.zh": row("中文名称", "Name in Chinese"),
  "name.en": row("英文名称", "Name in English"),
};

/** By path within a point. A relay's polarity is none of them: to flip it would switch the output. */
export const pointTuning: Readonly<Record<string, TuningWords>> = {
  activeLow: row("低电平有效", "Low means true", null, false),
  pullUp: row("板上上拉", "Board's pull-up", null, false),
  bias: unless(row("偏置", "Bias"), "内核默认", "as the kernel has it"),
  debounceUs: unless(row("内核消抖", "Debounce in the kernel", "µs"), "无", "none"),
  silentAfterMs: unless(
    row("静默判丢失", "Lost after silence of", "ms"),
    "由设备心跳判定",
    "its device's own heartbeat",
  ),
  confirmWithinMs: unless(row("输出确认时限", "An output is confirmed within", "ms"), "驱动默认", "the driver's own"),
};

/** Keys of points that are inputs only. */
export const inputTuning: readonly string[] = ["activeLow", "pullUp", "bias", "debounceUs"];
