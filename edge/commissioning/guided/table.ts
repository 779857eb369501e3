// What the person at the device does, what the box then expects, and how it is put back; one row per kind.
import type { Text } from "../../model/text.js";
import type { GuidedKind, GuidedTest } from "./guided-test.js";

export interface Guide {
  readonly act: Text;
  readonly expect: Text;
  readonly undo: Text;
}

/** The sentences of a test, with what they say of this zone. */
export function guideOf({ kind, words }: Pick<GuidedTest, "kind" | "words">): Guide {
  const { act, expect, undo } = guides[kind];
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
  const both = ({ zh, en }: Text): Text => ({ zh: filled(zh), en: filled(en) });
  return { act: both(act), expect: both(expect), undo: both(undo) };
}

const t = (zh: string, en: string): Text => ({ zh, en });

export const guides: Readonly<Record<GuidedKind, Guide>> = {
  "door-contact": {
    act: t("打开门（窗）约 10 厘米，保持 2 秒。", "Open the door or window by a hand's breadth and hold it for 2 s."),
    expect: t("门磁显示“动作”，不是断线或短路。", "The contact shows active, not cut and not shorted."),
    undo: t("关好门（窗）。", "Close it."),
  },
  "infrared-beam": {
    act: t("用不透明的板完全遮断光束，保持 2 秒。", "Block the whole beam with something opaque for 2 s."),
    expect: t("对射显示“动作”，不是断线、短路或遮挡。", "The beam shows active: neither cut, shorted nor masked."),
    undo: t("离开光束。", "Step out of the beam."),
  },
  "passive-infrared": {
    act: t("在探测区内横向走动三步。", "Walk three steps across the detection area."),
    expect: t("探测器显示“动作”。", "The detector shows active."),
    undo: t("离开探测区，站着不动也不行。", "Leave the detection area; standing still is not enough."),
  },
  "fibre-alarm": {
    act: t(
      "在该防区的围栏上按主机说明敲击或摇晃（一般连续敲 3 次），直到光纤主机报警。",
      "Knock on or shake the fence of this zone as the processor's manual says (usually 3 knocks), until it alarms.",
    ),
    expect: t("光纤主机的继电器显示“动作”。", "The processor's relay shows active."),
    undo: t("停止，等待光纤主机的报警保持时间过去。", "Stop, and wait until the processor's hold time is over."),
  },
  "vehicle-loop": {
    act: t("将一辆车（或测试板）停在线圈上，保持 3 秒。", "Put a vehicle, or a test plate, on the loop for 3 s."),
    expect: t("线圈显示“动作”。", "The loop shows active."),
    undo: t("驶离线圈。", "Drive off the loop."),
  },
  "panic-button": {
    act: t("按下一键报警按钮。", "Press the panic button."),
    expect: t(
      "按钮显示“动作”；配置的声光报警在规定时间内确认发声。",
      "The button shows active; what it sounds is confirmed in time.",
    ),
    undo: t(
      "用钥匙复位按钮；之后在报警列表中复位事件。",
      "Reset the button with its key; reset the incident afterwards.",
    ),
  },
  tamper: {
    act: t("打开箱体，使防拆开关动作。", "Open the case, so that the tamper switch moves."),
    expect: t(
      "防拆显示“动作”；配置的声光报警在规定时间内确认发声。",
      "The tamper shows active; what it sounds is confirmed in time.",
    ),
    undo: t("盖好并锁紧箱体；之后复位事件。", "Close and lock the case; reset the incident afterwards."),
  },
  "fire-input": {
    act: t(
      "请消防值班人员在消防主机上发出测试信号（通常为烟感测试或输出模块测试）。",
      "Let the person at the fire panel give its test signal (usually a smoke detector test or a test of the output module).",
    ),
    expect: t(
      "消防输入显示“动作”；疏散广播和声光报警在规定时间内确认。",
      "The fire input shows active; announcement and sounders are confirmed in time.",
    ),
    undo: t(
      "在消防主机上复位；确认所有通道和门恢复正常，再复位事件。",
      "Reset the fire panel; see that lanes and doors are as they should be, then reset the incident.",
    ),
  },
  "fibre-quiet": {
    act: t("不要触碰围栏，等待 {quiet} 秒。", "Let nobody touch the fence for {quiet} s."),
    expect: t("电平保持在阈值以下，不计任何事件。", "The level stays below the threshold and no event is counted."),
    undo: t("无需恢复。", "Nothing is to be put back."),
  },
  "fibre-knock": {
    act: t("在该防区的围栏上用力敲击一次。", "Knock on the fence of this zone once, hard."),
    expect: t(
      "恰好计一次事件，不报警（{n} 次才报警）；余振不重复计数。",
      "Exactly one event is counted and no alarm follows, which takes {n}; its ringing counts no second one.",
    ),
    undo: t("停手，等待余振过去。", "Leave the fence alone until the ringing is over."),
  },
  "fibre-cut": {
    act: t(
      "在 {s} 秒内敲击围栏 {n} 次，每次间隔约 1 秒。",
      "Knock on the fence {n} times within {s} s, about a second apart.",
    ),
    expect: t("防区判为剪切（敲击次数达到）。", "The zone takes it for a cut: the events are enough."),
    undo: t("停手。", "Leave the fence alone."),
  },
  "fibre-climb": {
    act: t(
      "持续摇晃或攀爬围栏至少 {climb} 秒，不要敲击。",
      "Shake or climb the fence without a pause for at least {climb} s, without blows.",
    ),
    expect: t("防区判为攀爬（活动持续足够久）。", "The zone takes it for a climb: the activity lasts long enough."),
    undo: t("离开围栏。", "Leave the fence alone."),
  },
  "beam-alone": {
    act: t(
      "只遮断 {point} 这一束光 2 秒，不要遮断另一束。",
      "Block beam {point} alone for 2 s, and not the other one.",
    ),
    expect: t(
      "只有 {point} 动作；单独一束不计为通过，不报警。",
      "Only {point} acts; one beam alone counts for nothing and no alarm follows.",
    ),
    undo: t("离开光束。", "Step out of the beam."),
  },
  "beam-pair": {
    act: t(
      "先遮断 {from}，再遮断 {to}，两者在 {s} 秒之内依次通过。",
      "Cross beam {from} first and then {to}, both within {s} s.",
    ),
    expect: t("防区计为一次通过。", "The zone counts one passage."),
    undo: t("离开两束光。", "Step out of both beams."),
  },
  "beam-reverse": {
    act: t(
      "反向通过：先遮断 {from}，再遮断 {to}，在 {s} 秒之内。",
      "Cross the other way: beam {from} first and then {to}, within {s} s.",
    ),
    expect: t("防区识别出反向，不计数，不报警。", "The zone sees the other way, counts nothing, and no alarm follows."),
    undo: t("离开两束光。", "Step out of both beams."),
  },
  "loop-alone": {
    act: t("只触发 {point} 2 秒，不要触发另一个。", "Set off {point} alone for 2 s, and not the other one."),
    expect: t(
      "只有 {point} 动作；单独一个检测器不会判为冲卡。",
      "Only {point} acts; one detector alone never counts as a rush.",
    ),
    undo: t("离开检测区。", "Leave the detector."),
  },
  "vehicle-rush": {
    act: t(
      "车道关闭或红灯时，用车辆（或测试板）在 {s} 秒之内依次触发 {from} 和 {to}。升降设施会动作：车不得停在设施上。",
      "While the lane is closed or its signal is red set off {from} and then {to} within {s} s, by a vehicle or a test plate. Barriers will move: let nothing stand on them.",
    ),
    expect: t(
      "判为冲卡；配置的声光报警在规定时间内确认。",
      "It counts as a rush; what it sounds is confirmed in time.",
    ),
    undo: t(
      "驶离两个检测器；之后复位事件，由两人解除封锁。",
      "Leave both detectors; then reset the incident, and let two persons stand the lock-down down.",
    ),
  },
  "pedestrian-rush": {
    act: t(
      "车道关闭或红灯时，步行在 {s} 秒之内依次通过 {from} 和 {to}。",
      "While the lane is closed or its signal is red walk through {from} and then {to} within {s} s.",
    ),
    expect: t(
      "判为人员闯关；不启动紧急升起。",
      "It counts as a rush on foot, which never sets off emergency operation.",
    ),
    undo: t("离开两个检测器。", "Leave both detectors."),
  },
  "turnstile-granted": {
    act: t("刷卡授权一次，一人通过。", "Have one passage granted and let one person through."),
    expect: t("通过被识别为已授权，不报警。", "The passage is seen as granted and no alarm follows."),
    undo: t("等待旋转门停稳、授权结束。", "Wait until the turnstile rests and the grant is over."),
  },
  turnstile: {
    act: t(
      "刷卡授权一次，一人通过后第二人紧跟通过（或未授权通过一次）。",
      "Have one passage granted and let a second person follow the first, or pass once without a grant.",
    ),
    expect: t("第二次通过判为尾随。", "The passage without a grant counts as tailgating."),
    undo: t("等待旋转门停稳、授权结束。", "Wait until the turnstile rests and the grant is over."),
  },
  case: {
    act: t("打开探测器外壳，使防拆开关动作。", "Open the detector's case, so that its tamper switch moves."),
    expect: t("防拆触点显示“动作”。", "The tamper contact shows active."),
    undo: t("盖好外壳。", "Close the case."),
  },
  annunciator: {
    act: t("主机让它短响一次；请听。", "The box sounds it for a moment; listen."),
    expect: t(
      "输出在 3 秒内确认，并且现场听到（看到）。",
      "The output is confirmed within 3 s, and somebody hears or sees it.",
    ),
    undo: t("它会自己停止。", "It stops by itself."),
  },
};
