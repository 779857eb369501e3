// Whether anybody beyond the box hears of what happens here; a box without a hub by design says so, and is not in want of one.
import { h } from "../../../../page/dom.js";
import { sayFrom } from "../../../../page/language.js";
import { toned } from "../../../../page/tone.js";
import type { Context } from "../../context.js";
import { card } from "./parts.js";

const say = sayFrom({
  hub: { zh: "平台", en: "Hub" },
  connected: { zh: "平台已连接", en: "The hub is connected" },
  away: {
    zh: "平台未连接：本机照常值守，记录稍后补传。",
    en: "The hub is not connected: the box guards as usual, and its records follow later.",
  },
  alone: {
    zh: "独立运行：本机未配置平台，属正常状态。",
    en: "Works alone by design: no hub is configured for this box.",
  },
});

export function hubCard({ status }: Context): HTMLElement | null {
  if (status === null) return null;
  const { isAlone, hubConnected } = status;
  if (isAlone === true) return card("hub", say("hub"), h("p", { "data-key": "alone" }, toned("idle", say("alone"))));
  const told = hubConnected ? toned("good", say("connected")) : toned("warn", say("away"));
  return card("hub", say("hub"), h("p", { "data-key": "link" }, told));
}
