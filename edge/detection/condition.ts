// What the present samples of a zone say, before any filter.
import type { Condition, Readings } from "../model/state.js";
import type { FibreConfig, TurnstileConfig, ZoneConfig } from "../model/zone.js";
import { contactCondition } from "./contact.js";
import { limitCondition } from "./limit.js";
import { besides, fibreBroken, normal, presence, tampered, unknown, unseen, withBesides } from "./signal.js";

/**
 * Condition of a zone by its last samples. Kinds that speak in moments (orders, turnstile, vibration) have only normal, tamper,
 * fault and unknown here. `stable`: what held before, for kinds with hysteresis.
 */
export function conditionOf(zone: ZoneConfig, readings: Readings, stable: Condition = unknown): Condition {
  switch (zone.kind) {
    case "vibration-fibre":
      return fibreCondition(zone, readings);
    case "vehicle-rush":
    case "pedestrian-rush":
    case "beam-pair":
      return presence(zone.first, zone.second, readings);
    case "turnstile":
      return turnstileCondition(zone, readings);
    case "temperature":
    case "humidity":
    case "liquid-level":
    case "voltage":
      return limitCondition(zone, readings, stable);
    default:
      return contactCondition(zone, readings);
  }
}

function fibreCondition(zone: FibreConfig, readings: Readings): Condition {
  const detector = unseen(readings[zone.level]?.sample) ?? normal;
  return withBesides(detector, [besides(zone.broken, readings, fibreBroken)]);
}

function turnstileCondition(zone: TurnstileConfig, readings: Readings): Condition {
  return withBesides(presence(zone.granted, zone.passed, readings), [besides(zone.tamper, readings, tampered)]);
}

/** Two conditions that mean the same. */
export function sameCondition(one: Condition, other: Condition): boolean {
  return one.kind === other.kind && ("cause" in one ? one.cause : "") === ("cause" in other ? other.cause : "");
}
