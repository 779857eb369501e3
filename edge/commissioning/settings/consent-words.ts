// Why two persons must agree to a change of settings, in words; `{name}` is the area, zone or barrier.
import type { Text } from "../../model/text.js";
import type { ConsentReason } from "./consent.js";

export const consentTexts = {
  "area-armed": { zh: "区域“{name}”已布防；可先撤防。", en: "area {name} is armed; you may disarm it first." },
  "always-on": { zh: "防区“{name}”全时值守。", en: "zone {name} guards at any hour." },
  "drives-barrier": {
    zh: "“{name}”由该设备驱动，设备会重新连接。",
    en: "{name} works by this device, which is opened anew.",
  },
  "level-1": { zh: "当前为非常态一级。", en: "posture level 1 is in force." },
  "more-than-tuning": { zh: "差异不止防区和点位的设置。", en: "it differs in more than settings of zones and points." },
} as const satisfies Readonly<Record<ConsentReason["why"], Text>>;

/** What the reason is about; empty where it is about no one thing. */
export function consentSubject(reason: ConsentReason): string {
  if ("area" in reason) return reason.area;
  if ("zone" in reason) return reason.zone;
  return "barrier" in reason ? reason.barrier : "";
}
