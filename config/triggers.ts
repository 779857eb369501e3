// Which zones set a response off, and what each kind of zone can say. Read by the safety rules and the timing proof.
import type { Cause } from "../edge/model/incident.js";
import type { TriggerConfig } from "../edge/model/plan.js";
import type { EdgeConfig } from "../edge/model/site.js";
import type { ZoneConfig, ZoneKind } from "../edge/model/zone.js";

const alarmCauses: Readonly<Record<ZoneKind, readonly Cause[]>> = {
  "door-contact": ["door-opened"],
  "infrared-beam": ["beam-blocked"],
  "passive-infrared": ["motion-seen"],
  "fibre-alarm": ["fibre-alarm"],
  "vibration-fibre": ["fibre-cut", "fibre-climb"],
  "beam-pair": ["passed-inward", "passed-outward"],
  "vehicle-loop": ["vehicle-present"],
  "video-analyser": ["video-event"],
  "access-door": ["door-forced", "door-held-open"],
  turnstile: ["tailgating"],
  "panic-button": ["panic-pressed"],
  tamper: ["tampered"],
  "fire-input": ["fire-signalled"],
  "vehicle-rush": ["vehicle-rush"],
  "pedestrian-rush": ["pedestrian-rush"],
  "fire-lane": ["lane-blocked"],
  power: ["supply-failed"],
  leak: ["leak-found"],
  temperature: ["too-high", "too-low"],
  humidity: ["too-high", "too-low"],
  "liquid-level": ["too-high", "too-low"],
  voltage: ["too-high", "too-low"],
};

/** Everyday matters, not intrusions: they set off only what names the zone or the cause. */
const namedOnly: readonly Cause[] = ["door-held-open", "tailgating", "lane-blocked", "passed-outward"];

function ownCauses(zone: ZoneConfig): readonly Cause[] {
  if (zone.kind !== "beam-pair" || zone.counts === "both") return alarmCauses[zone.kind];
  return [`passed-${zone.counts}`];
}

/** What this zone's own signals and supervision can say, beside silence. */
export function causesOf(zone: ZoneConfig): readonly Cause[] {
  const has = (key: "tamper" | "mask" | "broken" | "loop") => key in zone;
  return [
    ...ownCauses(zone),
    ...(has("tamper") ? (["tampered"] as const) : []),
    ...(has("mask") ? (["masked"] as const) : []),
    ...(has("broken") ? (["fibre-broken"] as const) : []),
    ...(has("loop") ? (["loop-cut", "loop-short", "loop-out-of-range", "masked"] as const) : []),
  ];
}

/** The zones that set a response off. */
export function triggeringZones(edge: EdgeConfig, on: readonly TriggerConfig[]): readonly ZoneConfig[] {
  return edge.zones.filter((zone) => on.some((trigger) => triggers(trigger, zone, causesOf(zone))));
}

/** Whether the zone's own alarm sets something off. */
export function isAnswered(edge: EdgeConfig, zone: ZoneConfig): boolean {
  return edge.responses.some(({ on }) => on.some((trigger) => triggers(trigger, zone, ownCauses(zone))));
}

function triggers(trigger: TriggerConfig, zone: ZoneConfig, causes: readonly Cause[]): boolean {
  if ("zones" in trigger) return trigger.zones.includes(zone.id);
  if ("cause" in trigger) return causes.includes(trigger.cause);
  if (causes.every((cause) => namedOnly.includes(cause))) return false;
  return "zoneKind" in trigger ? trigger.zoneKind === zone.kind : "area" in trigger && trigger.area === zone.area;
}
