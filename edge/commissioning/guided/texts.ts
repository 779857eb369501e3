// What a guided test says of itself, for the page and the command line.
import { causeTexts, verdictTexts } from "../../../config/words.js";
import type { Text } from "../../model/text.js";
import type { FailReason, GuidedStage, SeenClass } from "./guided-run.js";
import type { GuidedKind } from "./guided-test.js";
import type { WalkCount } from "./walk-count.js";

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
  "fibre-quiet": t("光纤静态电平", "Fibre, quiet level"),
  "fibre-knock": t("光纤单次敲击", "Fibre, one knock"),
  "fibre-cut": t("光纤剪切", "Fibre, cut"),
  "fibre-climb": t("光纤攀爬", "Fibre, climb"),
  "beam-alone": t("双光束：单束", "Beam pair, one alone"),
  "beam-pair": t("双光束：依次", "Beam pair, in order"),
  "beam-reverse": t("双光束：反向", "Beam pair, other way"),
  "loop-alone": t("冲卡检测：单个", "Rush, one detector alone"),
  "vehicle-rush": t("车辆冲卡", "Vehicle rush"),
  "pedestrian-rush": t("人员闯关", "Rush on foot"),
  "turnstile-granted": t("旋转门：授权通行", "Turnstile, granted"),
  turnstile: t("旋转门：尾随", "Turnstile, tailgating"),
  case: t("外壳防拆", "Detector's case"),
  annunciator: t("声光报警", "Annunciator"),
};

export const stageTexts: Readonly<Record<GuidedStage, Text>> = {
  rest: t("等待设备处于正常状态", "Waiting until it is at rest"),
  act: t("请触发", "Trigger it now"),
  listen: t("请勿触碰，正在监听", "Leave it alone, it is listened to"),
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
  "other-too": t(
    "另一个也动作了：检查接线是否交叉，或光束是否同时被遮断",
    "The other one acted as well: look for crossed wires, or both were reached at once",
  ),
  counted: t("防区计为触发，但按规则不应计", "The zone counted it, which by its rule it must not"),
  "counted-twice": t(
    "一次敲击计了两次：屏蔽时间太短，或碰了两下",
    "One knock counted twice: the mask time is too short, or it was touched twice",
  ),
  "not-quiet": t(
    "静态时仍有超过阈值的活动：阈值太低、有风或围栏松动",
    "At rest something exceeded the threshold: it is too low, there is wind, or the fence is loose",
  ),
  "other-cause": t("判为了另一种触发", "It counted as something else"),
  "wrong-order": t("顺序不对、同时触发或相隔太久", "Not in order, both at once, or too long between them"),
  "lane-not-barred": t("车道处于放行状态：请先关闭车道", "The lane is open to traffic: close it first"),
  "too-few": t("窗口内计到的次数不够", "Too few were counted within the window"),
  "below-threshold": t(
    "电平没有超过阈值：阈值太高或敲击太轻",
    "The level stayed below the threshold: it is too high, or the knock too soft",
  ),
  "was-granted": t("每次通过都有授权", "Every passage was granted"),
};

/** What a look of the zone tells, by `tellingWord`. */
export const tellingTexts: Readonly<Record<string, Text>> = { ...verdictTexts, ...causeTexts };

/** Whether the test was the walk test of its zone, and if not, why. */
export const walkCountTexts: Readonly<Record<WalkCount, Text>> = {
  counted: t("计为该防区的步行测试", "Counts as the zone's walk test"),
  part: t("不计为步行测试：只测试了一部分", "No walk test: only a part was tried"),
  "not-judged": t("不计为步行测试：防区本身没有判为触发", "No walk test: the zone itself took it for no trigger"),
  "not-passed": t("不计为步行测试：未通过", "No walk test: it did not pass"),
};
