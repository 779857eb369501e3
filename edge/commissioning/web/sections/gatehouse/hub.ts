// Whether anybody beyond the box hears of what happens here; a box without a hub by design says so, and is not in want of one.
import { sayFrom } from "../../../../page/language.js";
import { toned } from "../../../../page/tone.js";
import type { Context } from "../../context.js";
import { card, minor } from "./parts.js";

const say = sayFrom({
  hub: { zh: "平台", en: "Hub" },
  connected: { zh: "已连接", en: "connected" },
  away: { zh: "未连接", en: "not connected" },
  awayMeans: {
    zh: "本机照常值守，记录稍后补传。",
    en: "The box guards as usual, and its records follow later.",
  },
  alone: { zh: "独立运行", en: "works alone" },
  aloneMeans: {
    zh: "本机未配置平台，属正常状态。",
    en: "By design: no hub is configured for this box.",
  },
});

export function hubCard({ status }: Context): HTMLElement | null {
  if (status === null) return null;
  const { isAlone, hubConnected } = status;
  if (isAlone === true) return card("hub", say("hub"), toned("idle", say("alone")), minor(say("aloneMeans")));
  if (hubConnected) return card("hub", say("hub"), toned("good", say("connected")));
  return card("hub", say("hub"), toned("warn", say("away")), minor(say("awayMeans")));
}
