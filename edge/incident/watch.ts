// Whether a zone counts now: armed or always on, in service, not under test.
import type { ZoneOut } from "../model/durable.js";
import type { Verdict } from "../model/state.js";
import { type ZoneConfig, zoneTraits } from "../model/zone.js";
import type { Scene } from "./scene.js";

const outVerdicts: Readonly<Record<ZoneOut["how"], Verdict>> = {
  isolated: "isolated",
  inhibited: "inhibited",
  repair: "out-for-repair",
};

/** What holds a breach or a tamper back, a walk test apart; null: it counts. An inhibited zone keeps its tamper. */
export function heldBack(zone: ZoneConfig, kind: "breach" | "tamper", { durable }: Scene): Verdict | null {
  const how = durable.out[zone.id]?.how;
  if (how !== undefined && (kind === "breach" || how !== "inhibited")) return outVerdicts[how];
  if (kind === "tamper" || zoneTraits[zone.kind].watch === "always") return null;
  return durable.armed[zone.area] === true ? null : "not-armed";
}

/** A walk test quiets no panic, fire, tamper or vehicle rush. */
export function isUnderTest(zone: ZoneConfig, { durable }: Scene): boolean {
  return durable.walkTest?.zones.includes(zone.id) === true && !zoneTraits[zone.kind].isProtected;
}

/** Whether a breach of this zone is an alarm now. */
export function isWatched(zone: ZoneConfig, scene: Scene): boolean {
  return !isUnderTest(zone, scene) && heldBack(zone, "breach", scene) === null;
}

/** Which of a zone's detections are alarms now. */
export function countsOf(zone: ZoneConfig, scene: Scene): readonly ("breach" | "tamper")[] {
  const tamper = heldBack(zone, "tamper", scene) === null ? (["tamper"] as const) : [];
  return isWatched(zone, scene) ? ["breach", ...tamper] : tamper;
}

/** On an armed perimeter a tamper sounds and silence is an alarm (rule 6). */
export function guardsPerimeter(zone: ZoneConfig, scene: Scene): boolean {
  const isOn = zoneTraits[zone.kind].watch === "always" || scene.durable.armed[zone.area] === true;
  return (
    scene.area.kind === "perimeter" && isOn && !isUnderTest(zone, scene) && heldBack(zone, "tamper", scene) === null
  );
}
