// Contacts: one two-state signal with its case and cover, as bare boolean or as a loop with resistors.
import type { Cause } from "../model/incident.js";
import type { PointValue } from "../model/point.js";
import type { Condition, Readings } from "../model/state.js";
import type { ZoneConfig } from "../model/zone.js";
import { classifyLoop, type LoopClass } from "./loop.js";
import { besides, fibreBroken, normal, outOfRange, tampered, unknown, unseen, withBesides } from "./signal.js";

/** Kinds that read alike: one contact. */
export type ContactZone = Extract<ZoneConfig, { readonly normally?: unknown }>;

const breaches = {
  "door-contact": { kind: "breach", cause: "door-opened" },
  "access-door": { kind: "breach", cause: "door-opened" },
  "infrared-beam": { kind: "breach", cause: "beam-blocked" },
  "passive-infrared": { kind: "breach", cause: "motion-seen" },
  "fibre-alarm": { kind: "breach", cause: "fibre-alarm" },
  "panic-button": { kind: "breach", cause: "panic-pressed" },
  "fire-input": { kind: "breach", cause: "fire-signalled" },
  tamper: { kind: "breach", cause: "tampered" },
  "vehicle-loop": { kind: "breach", cause: "vehicle-present" },
  "fire-lane": { kind: "breach", cause: "lane-blocked" },
  power: { kind: "breach", cause: "supply-failed" },
  leak: { kind: "breach", cause: "leak-found" },
  "video-analyser": { kind: "breach", cause: "video-event" },
} as const satisfies Record<ContactZone["kind"], Condition>;

/** The cause of each kind's own alarm; undefined for kinds that are no contact. */
export const contactCauses: Readonly<Partial<Record<ZoneConfig["kind"], Cause>>> = Object.fromEntries(
  Object.entries(breaches).map(([kind, { cause }]) => [kind, cause]),
);

const masked: Condition = { kind: "tamper", cause: "masked" };
const loopFaults: Readonly<Record<Exclude<LoopClass, "normal" | "alarm">, Condition>> = {
  cut: { kind: "tamper", cause: "loop-cut" },
  short: { kind: "tamper", cause: "loop-short" },
  masked,
  "out-of-range": outOfRange,
};

/** Condition of a contact by its last samples. */
export function contactCondition(zone: ContactZone, readings: Readings): Condition {
  const sample = readings[zone.point]?.sample;
  const detector = unseen(sample) ?? detectorCondition(zone, sample?.value ?? null);
  return withBesides(detector, [
    besides(zone.tamper, readings, tampered),
    zone.kind === "fibre-alarm" ? besides(zone.broken, readings, fibreBroken) : null,
    besides(zone.mask, readings, masked),
    zone.kind === "access-door" ? besides(zone.granted, readings) : null,
  ]);
}

function detectorCondition(zone: ContactZone, value: PointValue | null): Condition {
  if (zone.loop === undefined) {
    if (typeof value !== "boolean") return unknown;
    return value === (zone.normally === "closed") ? normal : breaches[zone.kind];
  }
  if (typeof value !== "number") return unknown;
  const found = classifyLoop(zone.loop, value);
  if (found === "normal") return normal;
  return found === "alarm" ? breaches[zone.kind] : loopFaults[found];
}
