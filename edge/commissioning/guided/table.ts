// What the person at the device does, what the box then expects, and how it is put back; one row per kind.
import type { Text } from "../../model/text.js";
import type { GuidedKind } from "./guided-test.js";

export interface Guide {
  readonly act: Text;
  readonly expect: Text;
  readonly undo: Text;
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
