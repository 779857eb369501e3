// What people know of a device and no configuration says: where it hangs, who made it, when it is to be serviced. Pure.
import { isDay } from "./days.js";

export const detailKeys = [
  "place",
  "plan",
  "maker",
  "model",
  "serial",
  "installedOn",
  "intervalDays",
  "servicedOn",
] as const;
export type DetailKey = (typeof detailKeys)[number];

export interface Details {
  /** In words, for example a pole or a cabinet. */
  readonly place: string;
  /** Number of the drawing and the place on it. */
  readonly plan: string;
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  /** `YYYY-MM-DD`; empty where it is not known. */
  readonly installedOn: string;
  /** Days between two services; null: none are planned here. */
  readonly intervalDays: number | null;
  readonly servicedOn: string;
}

export const inventoryLimits = {
  characters: 120,
  intervalDays: 3_650,
  /** Also of devices that are no longer configured: their details are kept while there is room. */
  devices: 4_000,
  csvBytes: 1024 * 1024,
} as const;

export const noDetails: Details = {
  place: "",
  plan: "",
  maker: "",
  model: "",
  serial: "",
  installedOn: "",
  intervalDays: null,
  servicedOn: "",
};

/** By device. */
export type DetailsBook = ReadonlyMap<string, Details>;

/** Why a value cannot stand under this key, in both languages; null when it can. */
export function unfitness(key: DetailKey, value: unknown): string | null {
  if (key === "intervalDays") {
    const isFit =
      value === null ||
      (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= inventoryLimits.intervalDays);
    return isFit
      ? null
      : `须为 1 至 ${inventoryLimits.intervalDays} 的整数天，或留空 / whole days from 1 to ${inventoryLimits.intervalDays}, or nothing`;
  }
  if (typeof value !== "string") return "须为文字 / no text";
  if (value.includes("\uFFFD")) return "编码不是 UTF-8，请另存为 CSV UTF-8 / not UTF-8: save it as CSV UTF-8";
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return "含控制字符或多行 / control characters or several lines";
  if (value.length > inventoryLimits.characters)
    return `超过 ${inventoryLimits.characters} 个字符 / more than ${inventoryLimits.characters} characters`;
  const isDate = key === "installedOn" || key === "servicedOn";
  return isDate && value !== "" && !isDay(value)
    ? "不是日期，格式为 YYYY-MM-DD / no day; YYYY-MM-DD is asked for"
    : null;
}

/** What is given takes the place of what is known, device by device; the oldest of those that are gone make room. */
export function mergedDetails(known: DetailsBook, given: DetailsBook, devices: readonly string[]): DetailsBook {
  const merged = new Map([...[...known].filter(([device]) => !given.has(device)), ...given]);
  const gone = [...merged.keys()].filter((device) => !devices.includes(device));
  for (const device of gone.slice(0, Math.max(0, merged.size - inventoryLimits.devices))) merged.delete(device);
  return merged;
}

/** Devices whose details differ. */
export function changedDevices(known: DetailsBook, given: DetailsBook): readonly string[] {
  return [...given].flatMap(([device, details]) => {
    const before = known.get(device) ?? noDetails;
    return detailKeys.some((key) => before[key] !== details[key]) ? [device] : [];
  });
}
