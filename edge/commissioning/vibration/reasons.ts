// Why a setting is suggested or kept: codes with values for people's words (config/vibration-words.ts), and settings brought into
// the ranges of the schema.
import { fibreSettings } from "../../../config/schema/zone.js";
import type { VibrationReason } from "../../../config/vibration-words.js";
import type { FibreSettings } from "../../model/zone.js";

export interface Reason {
  /** The setting that it speaks of; null: the recordings as a whole. */
  readonly key: keyof FibreSettings | null;
  readonly code: VibrationReason;
  readonly values: Readonly<Record<string, number | string>>;
}

export function kept(key: keyof FibreSettings, code: VibrationReason, values: Reason["values"] = {}): Reason {
  return { key, code, values };
}

/** Least and greatest that the schema allows. */
export function rangeOf(key: keyof FibreSettings): { readonly minimum: number; readonly maximum: number } {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = fibreSettings.properties[key] as {
    readonly minimum?: number;
    readonly maximum?: number;
  };
  return { minimum, maximum };
}

/** `value` within what the schema allows for the setting. */
export function setting(key: keyof FibreSettings, value: number): number {
  const { minimum, maximum } = rangeOf(key);
  return Math.min(maximum, Math.max(minimum, value));
}

/** To what a person would set: one decimal, whole numbers from 20 on. */
export function rounded(value: number): number {
  return value >= 20 ? Math.round(value) : Math.round(value * 10) / 10;
}
