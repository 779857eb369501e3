// The words of tuning a vibration fibre: its settings, the tests that are recorded, and why a setting is suggested; `{name}` stands
// for a value.
import type { Text } from "../edge/model/text.js";
import type { FibreSettings } from "../edge/model/zone.js";
import type { Words } from "./words.js";

const t = (zh: string, en: string): Text => ({ zh, en });

export const fibreSettingTexts: Words<keyof FibreSettings> = {
  threshold: t("灵敏度阈值（基线倍数，越小越灵敏）", "Threshold (times the baseline; less is more sensitive)"),
  eventCount: t("报警事件次数", "Event count"),
  eventWindowMs: t("事件窗口（毫秒）", "Event window (ms)"),
  maskMs: t("屏蔽时间（毫秒）", "Mask time (ms)"),
  windReject: t("风抑制倍数（1 为关闭）", "Wind gate (factor; 1 is off)"),
  sustainedMs: t("攀爬持续时间（毫秒）", "Climb time (ms)"),
  climbThreshold: t("攀爬阈值（基线倍数）", "Climb threshold (times the baseline)"),
  baselineMs: t("基线时间常数（毫秒）", "Baseline time constant (ms)"),
  levelFloor: t("最低电平", "Level floor"),
};

export const recordingLabelTexts: Words<"quiet" | "wind" | "tap" | "climb"> = {
  quiet: t("静止", "Quiet"),
  wind: t("刮风", "Wind"),
  tap: t("敲击", "Taps"),
  climb: t("攀爬", "Climb"),
};

export const recordingEndTexts: Words<"stopped" | "complete" | "full" | "interrupted"> = {
  stopped: t("手动停止", "stopped by hand"),
  complete: t("录满时长", "complete"),
  full: t("达到上限", "at its limit"),
  interrupted: t("信号中断", "signal interrupted"),
};

const reasons = {
  "quiet-missing": t(
    "静止录音不足：有效 {seconds} 秒，至少需要 {needed} 秒。请在无风无人时录制“静止”。",
    'Too little quiet: {seconds} s that count, at least {needed} s are needed. Record "quiet" with no wind and nobody near.',
  ),
  "blows-missing": t(
    "敲击录音缺失或过少：只见 {seen} 次，至少需要 {needed} 次。请在防区最不灵敏处敲击并录制“敲击”。",
    'Taps are missing or too few: {seen} seen, at least {needed} are needed. Tap where the fence is least sensitive and record "taps".',
  ),
  overlap: t(
    "背景与敲击重叠：背景最强为基线的 {loudest} 倍，最弱敲击为 {softest} 倍，无法可靠区分。请检查光缆绑扎与围栏松动，再重新录制。",
    "Background and taps overlap: the loudest background is {loudest} times the baseline, the softest tap {softest} times; no threshold parts them. Check how the cable is fixed and for loose fence parts, then record again.",
  ),
  "threshold-between": t(
    "背景最强 {loudest} 倍，最弱敲击 {softest} 倍（共 {count} 次），阈值取 {value} 倍。",
    "The loudest background is {loudest} times the baseline, the softest of {count} taps {softest} times: threshold {value}.",
  ),
  "count-fits": t(
    "每次录音至少 {fewest} 次敲击，次数 {value} 合适。",
    "Each test has at least {fewest} taps: a count of {value} fits.",
  ),
  "count-lowered": t(
    "最少的一次只有 {fewest} 次敲击，次数改为 {value}。",
    "One test has only {fewest} taps: a count of {value}.",
  ),
  "window-fits": t(
    "敲击最长间隔 {slowest} 秒，窗口 {value} 秒足够。",
    "The slowest taps are {slowest} s apart: a window of {value} s suffices.",
  ),
  "window-changed": t(
    "敲击最长间隔 {slowest} 秒，窗口改为 {value} 秒。",
    "The slowest taps are {slowest} s apart: a window of {value} s.",
  ),
  "mask-fits": t(
    "单次敲击余振 {ring} 毫秒，屏蔽时间 {value} 毫秒合适。",
    "A tap rings for {ring} ms: a mask time of {value} ms fits.",
  ),
  "mask-changed": t(
    "单次敲击余振 {ring} 毫秒，最短间隔 {quickest} 毫秒，屏蔽时间改为 {value} 毫秒。",
    "A tap rings for {ring} ms and the quickest are {quickest} ms apart: a mask time of {value} ms.",
  ),
  "wind-missing": t(
    "没有刮风录音：风抑制未改动，阈值也不调得更灵敏；有风时请补录。",
    "No wind was recorded: the wind gate stays, and the threshold is not made more sensitive. Record it on a windy day.",
  ),
  "wind-fits": t(
    "风使背景升至 {rise} 倍，现有风抑制足够。",
    "Wind lifted the background {rise} times: the wind gate suffices.",
  ),
  "wind-changed": t(
    "风使背景升至 {rise} 倍，风抑制改为 {value}。",
    "Wind lifted the background {rise} times: a wind gate of {value}.",
  ),
  "climb-missing": t("没有攀爬录音，攀爬时间未改动。", "No climb was recorded: the climb time stays as it is."),
  "climb-fits": t(
    "攀爬持续 {climb} 秒，背景最长 {background} 秒，攀爬时间 {value} 秒合适。",
    "A climb lasts {climb} s, the background {background} s at most: a climb time of {value} s fits.",
  ),
  "climb-changed": t(
    "攀爬持续 {climb} 秒，背景最长 {background} 秒，攀爬时间改为 {value} 秒。",
    "A climb lasts {climb} s, the background {background} s at most: a climb time of {value} s.",
  ),
  "climb-threshold": t(
    "攀爬信号较弱，攀爬阈值取 {value} 倍。",
    "The climb is softer than blows: a climb threshold of {value}.",
  ),
  "climb-unclear": t(
    "攀爬录音与背景难以区分，攀爬时间未改动。",
    "The recorded climb does not outlast the background: the climb time stays as it is.",
  ),
  "attack-unseen": t(
    "验证未通过：录音 {recording} 在建议设置下没有报警。",
    "The proof failed: recording {recording} gives no alarm under these settings.",
  ),
  "background-alarms": t(
    "验证未通过：背景录音 {recording} 在建议设置下仍有 {alarms} 次误报。",
    "The proof failed: background {recording} still gives {alarms} alarms under these settings.",
  ),
} as const;
export type VibrationReason = keyof typeof reasons;
export const vibrationReasonTexts: Words<VibrationReason> = reasons;
