// A loop with resistors, looked at by a person: its classes as bands over the raw value, and what a reading says about the wiring.
// The bands come from the classifier that guards, so that page and guard cannot differ. Pure.
import { classifyLoop, type LoopClass, loopOhms } from "../../detection/loop.js";
import type { LoopConfig } from "../../model/zone.js";
import type { Found } from "./found.js";
import { isLike, loopOffers, nearestOf, soldOhms } from "./loop-offers.js";

/** Raw values from (inclusive) to the next band. */
export interface Band {
  readonly class: LoopClass;
  readonly fromRaw: number;
  readonly toRaw: number;
}

/** Steps in which the range is looked through. */
const stepsMax = 1024;
/** Boards are fed with 5 V, unless they say otherwise: a meter at the terminal reads this share of it. */
export const supplyVolts = 5;
/** So many times nearer than another explanation. */
const muchNearer = 4;
/** Readings that are looked at to see whether it settles, and how often they may change class. */
const settledReadings = 8;
const changesMax = 2;

export function bandsOf(loop: LoopConfig): readonly Band[] {
  const step = Math.max(1, loop.fullScale / stepsMax);
  const bands: { class: LoopClass; fromRaw: number; toRaw: number }[] = [];
  for (let raw = 0; raw <= loop.fullScale; raw += step) {
    const found = classifyLoop(loop, raw);
    const last = bands.at(-1);
    if (last?.class === found) last.toRaw = Math.min(loop.fullScale, raw + step);
    else bands.push({ class: found, fromRaw: raw, toRaw: Math.min(loop.fullScale, raw + step) });
  }
  return bands;
}

/** 4.70 kΩ */
export function ohmsText(ohms: number): string {
  if (!Number.isFinite(ohms)) return "∞ Ω";
  if (ohms < 1000) return `${Math.round(ohms)} Ω`;
  // From 999,500 on three digits of kΩ would be an exponent.
  return ohms < 999_500 ? `${(ohms / 1000).toPrecision(3)} kΩ` : `${Math.round(ohms / 10_000) / 100} MΩ`;
}

export function voltsOf({ fullScale }: LoopConfig, raw: number): number {
  return (supplyVolts * Math.min(raw, fullScale)) / fullScale;
}

/** What the newest reading says, and whether the readings before it agree. `readings`: oldest first. */
export function diagnoseLoop(loop: LoopConfig, raw: number, readings: readonly number[]): readonly Found[] {
  if (raw > loop.fullScale)
    return [{ case: "raw-beyond", values: { seen: raw, full: loop.fullScale }, offer: scaleOffer(raw) }];
  const classes = readings.slice(-settledReadings).map((each) => classifyLoop(loop, each));
  const changes = classes.filter((each, index) => index > 0 && each !== classes[index - 1]).length;
  const unsteady: readonly Found[] = changes > changesMax ? [{ case: "unsteady", values: {} }] : [];
  return [...unsteady, diagnoseReading(loop, raw)];
}

function diagnoseReading(loop: LoopConfig, raw: number): Found {
  const ohms = loopOhms(loop, raw);
  const values = { rest: ohmsText(loop.endOhms), seen: ohmsText(ohms) };
  switch (classifyLoop(loop, raw)) {
    case "normal":
      return { case: "loop-rest", values };
    case "alarm":
      return { case: alarmCase(loop, ohms), values };
    case "masked":
      return { case: "loop-masked", values };
    case "cut":
      return { case: "loop-cut", values };
    case "short":
      return { case: "loop-short", values };
    case "out-of-range":
      return oddReading(loop, raw, ohms);
  }
}

function alarmCase({ endOhms, alarmOhms, maskOhms, tolerance }: LoopConfig, ohms: number): Found["case"] {
  if (alarmOhms === undefined) return "loop-open";
  const nominal = endOhms + alarmOhms;
  return maskOhms !== undefined && Math.abs(ohms - nominal) > nominal * tolerance ? "loop-alarm-masked" : "loop-alarm";
}

/** Between the classes: which mistake gives just this resistance? */
function oddReading(loop: LoopConfig, raw: number, ohms: number): Found {
  const { endOhms, fullScale } = loop;
  const values = { rest: ohmsText(endOhms), seen: ohmsText(ohms) };
  const sold = nearestOf(soldOhms, ohms);
  const miswired = miswiredCase(loop, ohms, sold);
  if (miswired !== null) return { case: miswired, values };
  if (classifyLoop(loop, fullScale - raw) === "normal") return { case: "loop-inverted", values };
  const offers = loopOffers(loop, raw);
  if (isLike(ohms, sold)) return { case: "loop-other-set", values: { ...values, near: ohmsText(sold) }, offers };
  if (ohms < endOhms) return { case: "loop-leak", values: { ...values, extra: ohmsText(across(endOhms, ohms)) } };
  // More than at rest may be the second resistor of another maker as well.
  const inSeries = offers.filter(({ as }) => as !== "normal");
  return { case: "loop-series", values: { ...values, extra: ohmsText(ohms - endOhms) }, offers: inSeries };
}

/**
 * The right resistors put together wrongly, the most telling first. A resistor that is sold and much nearer to the reading is
 * the likelier mistake: 4.7 kΩ where 10 kΩ and 10 kΩ belong is no pair in parallel.
 */
function miswiredCase({ endOhms, alarmOhms }: LoopConfig, ohms: number, sold: number): Found["case"] | null {
  const rows: readonly (readonly [Found["case"], number])[] = [
    ...(alarmOhms === undefined
      ? []
      : ([
          ["loop-end-bridged", alarmOhms],
          ["loop-parallel", (endOhms * alarmOhms) / (endOhms + alarmOhms)],
        ] as const)),
    ["loop-two-parallel", endOhms / 2],
    ["loop-two-series", endOhms * 2],
  ];
  const [found] = rows.find(([, expected]) => isLike(ohms, expected) && !isMuchNearer(ohms, sold, expected)) ?? [null];
  return found;
}

function isMuchNearer(ohms: number, one: number, other: number): boolean {
  return Math.abs(ohms - one) * muchNearer < Math.abs(ohms - other);
}

/** What lies across a resistor that reads less than it is. */
function across(nominal: number, seen: number): number {
  return (nominal * seen) / (nominal - seen);
}

function scaleOffer(raw: number): NonNullable<Found["offer"]> {
  const scales = [1023, 4095, 16_383, 65_535];
  return { key: "loop.fullScale", value: scales.find((scale) => scale >= raw) ?? 65_535 };
}
