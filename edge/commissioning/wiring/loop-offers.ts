// Resistors of another maker: which resistor of a loop, sold with another value, would give the reading; each with the class that
// the reading would have then, and its bounds. For a person to decide: the reading alone does not tell which it is. Pure.
import { classifyLoop, type LoopClass, loopOhms } from "../../detection/loop.js";
import type { LoopConfig } from "../../model/zone.js";
import type { Offer } from "./found.js";

/** What end-of-line resistors are sold with. */
export const soldOhms = [1000, 1100, 2200, 2700, 3300, 3900, 4700, 5600, 6800, 8200, 10_000, 15_000, 22_000];
/** Two resistances are the same within this share where the zone's own tolerance is wider. */
const likeness = 0.06;

export const resistorKeys = ["endOhms", "alarmOhms", "maskOhms", "pullUpOhms"] as const;
export type ResistorKey = (typeof resistorKeys)[number];

export function nearestOf(values: readonly number[], ohms: number): number {
  return values.reduce((best, each) => (Math.abs(each - ohms) < Math.abs(best - ohms) ? each : best));
}

export function isLike(ohms: number, other: number): boolean {
  return Math.abs(ohms - other) <= other * likeness;
}

/** What the resistor would have to be for this reading; null where the loop has none of its kind. */
function neededOhms(loop: LoopConfig, key: ResistorKey, ohms: number): number | null {
  const { endOhms, pullUpOhms } = loop;
  switch (key) {
    case "endOhms":
      return ohms;
    case "pullUpOhms":
      return (pullUpOhms * endOhms) / ohms;
    case "alarmOhms":
    case "maskOhms":
      return loop[key] === undefined ? null : ohms - endOhms;
  }
}

const classes: Readonly<Record<ResistorKey, LoopClass>> = {
  endOhms: "normal",
  pullUpOhms: "normal",
  alarmOhms: "alarm",
  maskOhms: "masked",
};

/** Those that are sold, differ from what is set, and by which the guard itself would take the reading for that class. */
export function loopOffers(loop: LoopConfig, raw: number): readonly Offer[] {
  return resistorKeys.flatMap((key): readonly Offer[] => {
    const needed = neededOhms(loop, key, loopOhms(loop, raw));
    if (needed === null || !Number.isFinite(needed) || needed <= 0) return [];
    const value = nearestOf(soldOhms, needed);
    const next = { ...loop, [key]: value };
    const as = classes[key];
    if (!isLike(needed, value) || value === loop[key] || classifyLoop(next, raw) !== as) return [];
    return [{ key: `loop.${key}`, value, as, ...boundsOf(next, as) }];
  });
}

/** Resistances of the loop as a whole that are taken for the class, where no other class is nearer. */
function boundsOf({ endOhms, alarmOhms = 0, maskOhms = 0, tolerance }: LoopConfig, as: LoopClass) {
  const nominal = endOhms + (as === "alarm" ? alarmOhms : as === "masked" ? maskOhms : 0);
  return { fromOhms: Math.round(nominal * (1 - tolerance)), toOhms: Math.round(nominal * (1 + tolerance)) };
}

/** The loop as it would be. */
export function loopWith(loop: LoopConfig, { key, value }: Offer): LoopConfig {
  const name = resistorKeys.find((each) => `loop.${each}` === key);
  return name === undefined || typeof value !== "number" ? loop : { ...loop, [name]: value };
}
