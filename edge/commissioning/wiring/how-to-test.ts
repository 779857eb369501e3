// How to try out a detector of each kind, in one sentence.
import type { Text } from "../../model/text.js";
import type { ZoneKind } from "../../model/zone.js";

const t = (zh: string, en: string): Text => ({ zh, en });
const rush = t("按行驶方向先后占用两个线圈或光束。", "Occupy both loops or beams in the direction of travel.");
const measured = t(
  "用标准仪表比对，再让测量值越过限值。",
  "Compare with an instrument, then let the value pass its limit.",
);

export const howToTest: Readonly<Record<ZoneKind, Text>> = {
  "door-contact": t("开门再关门，值应两次改变。", "Open the door and shut it again: the value must change twice."),
  "access-door": t("不刷卡开门应报强行打开；刷卡开门不报。", "Open it without a card: forced; with a card: nothing."),
  "infrared-beam": t("用手遮断光束半秒，再移开。", "Block the beam with a hand for half a second, then clear it."),
  "passive-infrared": t("在探测区内横向走过，再离开静候。", "Walk across its view, then leave and keep still."),
  "fibre-alarm": t("轻敲围栏三次。", "Knock on the fence three times."),
  "vibration-fibre": t("轻敲围栏，看电平升高；再静候。", "Knock on the fence and see the level rise; then keep still."),
  "beam-pair": t("先后遮断外侧和内侧光束。", "Block the outer beam, then the inner one."),
  "vehicle-loop": t("驶上或用铁板盖住线圈。", "Drive on to the loop or cover it with a steel plate."),
  "video-analyser": t("在画面标记区内走过。", "Walk through the marked part of the picture."),
  turnstile: t("刷一次卡通过两人。", "Pass twice on one card."),
  "panic-button": t(
    "通知值班室后按下按钮，再手动复位。",
    "Tell the control room, press the button, then reset by hand.",
  ),
  tamper: t("打开外壳再合上。", "Open the case and close it again."),
  "fire-input": t("通知消防控制室后由报警主机测试输出。", "Tell the fire desk, then use the panel's own test output."),
  "vehicle-rush": rush,
  "pedestrian-rush": rush,
  "fire-lane": t("占用通道超过滤波时间。", "Occupy the lane for longer than its filter."),
  power: t("断开该电源，再恢复。", "Take the supply away, then bring it back."),
  leak: t("将探头浸湿再擦干。", "Wet the probe and dry it."),
  temperature: measured,
  humidity: measured,
  "liquid-level": measured,
  voltage: measured,
};
