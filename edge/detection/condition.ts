// What the present samples of a level-like zone say, before any filter.
import type { Sample } from "../model/point.js";
import type { Condition, Readings } from "../model/state.js";
import type { ZoneConfig } from "../model/zone.js";
import { classifyLoop } from "./loop.js";

const normal: Condition = { kind: "normal" };
const unknown: Condition = { kind: "unknown" };

/** Points that a zone reads. */
export function pointsOfZone(zone: ZoneConfig): readonly string[] {
  switch (zone.kind) {
    case "door-contact":
    case "panic-button":
    case "fire-input":
      return [zone.point];
    case "infrared-beam":
      return zone.tamper === undefined ? [zone.point] : [zone.point, zone.tamper];
    case "vibration-fibre":
      return zone.broken === undefined ? [zone.level] : [zone.level, zone.broken];
    case "vehicle-rush":
      return [zone.first, zone.second];
  }
}

/** Condition of a zone by its last samples. Momentary kinds have only normal, tamper and unknown here. */
export function conditionOf(zone: ZoneConfig, readings: Readings): Condition {
  switch (zone.kind) {
    case "door-contact":
      return byLoop(zone, readings[zone.point]?.sample);
    case "infrared-beam":
      return firstOf(
        byTamper(zone.tamper, readings, "tampered"),
        byFlag(readings[zone.point]?.sample, { kind: "breach", cause: "beam-blocked" }),
      );
    case "panic-button":
      return byFlag(readings[zone.point]?.sample, { kind: "breach", cause: "panic-pressed" });
    case "fire-input":
      return byFlag(readings[zone.point]?.sample, { kind: "breach", cause: "fire-signalled" });
    case "vibration-fibre":
      return firstOf(byTamper(zone.broken, readings, "fibre-broken"), byPresence([zone.level], readings));
    case "vehicle-rush":
      return byPresence([zone.first, zone.second], readings);
  }
}

/** A tamper or a broken fibre outweighs all else; the rest speaks only when there is none. */
function firstOf(tamper: Condition, rest: Condition): Condition {
  return tamper.kind === "tamper" ? tamper : rest;
}

function byTamper(point: string | undefined, readings: Readings, cause: "tampered" | "fibre-broken"): Condition {
  return point === undefined ? normal : byFlag(readings[point]?.sample, { kind: "tamper", cause });
}

function byFlag(sample: Sample | undefined, whenTrue: Condition): Condition {
  if (sample?.quality === "tampered") return { kind: "tamper", cause: "tampered" };
  if (sample?.quality !== "good" || typeof sample.value !== "boolean") return unknown;
  return sample.value ? whenTrue : normal;
}

function byLoop(zone: ZoneConfig & { kind: "door-contact" }, sample: Sample | undefined): Condition {
  if (sample?.quality === "tampered") return { kind: "tamper", cause: "tampered" };
  if (sample?.quality !== "good" || typeof sample.value !== "number") return unknown;
  switch (classifyLoop(zone.loop, sample.value)) {
    case "normal":
      return normal;
    case "alarm":
      return { kind: "breach", cause: "door-opened" };
    case "cut":
      return { kind: "tamper", cause: "loop-cut" };
    case "short":
      return { kind: "tamper", cause: "loop-short" };
    case "out-of-range":
      return { kind: "fault", cause: "loop-out-of-range" };
  }
}

function byPresence(points: readonly string[], readings: Readings): Condition {
  const samples = points.map((point) => readings[point]?.sample);
  if (samples.some((sample) => sample?.quality === "tampered")) return { kind: "tamper", cause: "tampered" };
  if (samples.some((sample) => sample?.quality === "out-of-range"))
    return { kind: "fault", cause: "loop-out-of-range" };
  return samples.every((sample) => sample?.quality === "good") ? normal : unknown;
}

/** Two conditions that mean the same. */
export function sameCondition(one: Condition, other: Condition): boolean {
  return one.kind === other.kind && ("cause" in one ? one.cause : "") === ("cause" in other ? other.cause : "");
}
