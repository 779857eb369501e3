// Which values of a box may be changed on site: the named ones (tuning-words.ts) that the zone's or driver's own schema has, with
// the range that the schema gives them.
import { placeText, type SettingPlace, type SettingValue } from "../edge/model/revision.js";
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { DriverConfig } from "../edge/model/wiring.js";
import { driver as driverSchema } from "./schema/driver.js";
import { zone as zoneSchema } from "./schema/zone.js";
import type { Path } from "./trouble.js";
import { inputTuning, pointTuning, type TuningWords, zoneTuning } from "./tuning-words.js";

/** What kind of value it is, with its range. */
export type Form =
  | { readonly kind: "number"; readonly whole: boolean; readonly min: number | null; readonly max: number | null }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "flag" }
  | { readonly kind: "text"; readonly max: number };

export interface Tuned {
  readonly label: Text;
  readonly unit: string | null;
  readonly form: Form;
  /** May be taken away: then `standard` holds, or what `unless` says. */
  readonly isOptional: boolean;
  readonly standard: SettingValue;
  readonly unless: Text | null;
  readonly value: SettingValue;
}

/** `path`: from the box's own part of the file. */
export type Tunable = SettingPlace & Tuned & { readonly path: Path };

/** What we read of a JSON schema. */
interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** Every value of a box that may be changed on site, zones first, in the order of the file. */
export function tunablesOf(edge: EdgeConfig): readonly Tunable[] {
  const zones = edge.zones.flatMap((zone, index) =>
    tunablesIn(zone, ofKind(zoneSchema as Shape, zone.kind), {
      words: without(zoneTuning, "loop" in zone && zone.loop !== undefined ? ["normally"] : []),
      place: (key) => ({ zone: zone.id, key }),
      path: ["zones", index],
    }),
  );
  const points = edge.drivers.flatMap(({ id, kind, points: wired }, d) =>
    wired.flatMap((point, p) =>
      tunablesIn(point, ofKind(driverSchema as Shape, kind)?.properties?.["points"]?.items, {
        words: pointWords(point),
        place: (key) => ({ point: point.id, driver: id, key }),
        path: ["drivers", d, "points", p],
      }),
    ),
  );
  return [...zones, ...points];
}

export function samePlace(one: SettingPlace, other: SettingPlace): boolean {
  return placeText(one) === placeText(other);
}

type Words = Readonly<Record<string, TuningWords>>;

/** A loop's classes and an analog value know no polarity. */
function pointWords(point: DriverConfig["points"][number]): Words {
  if (point.direction === "out") return without(pointTuning, [...inputTuning, "silentAfterMs"]);
  const isAnalog = "signal" in point && point.signal === "analog";
  return without(pointTuning, ["confirmWithinMs", ...(isAnalog ? ["activeLow", "pullUp"] : [])]);
}

function without(words: Words, keys: readonly string[]): Words {
  return Object.fromEntries(Object.entries(words).filter(([key]) => !keys.includes(key)));
}

function ofKind(choice: Shape, kind: string): Shape | undefined {
  return choice.oneOf?.find(({ properties }) => {
    const named = properties?.["kind"];
    return named?.const === kind || named?.enum?.includes(kind);
  });
}

interface Where {
  readonly words: Words;
  readonly place: (key: string) => SettingPlace;
  readonly path: Path;
}

function tunablesIn(thing: object, shape: Shape | undefined, { words, place, path }: Where): readonly Tunable[] {
  return Object.entries(words).flatMap(([key, { label, unit, standard, unless = null }]) => {
    const found = leafOf(thing, shape, key.split("."));
    const form = found === null ? null : formOf(found.shape);
    if (found === null || form === null) return [];
    const { isOptional, value } = found;
    return [
      { ...place(key), label, unit, form, isOptional, standard, unless, value, path: [...path, ...key.split(".")] },
    ];
  });
}

interface Leaf {
  readonly shape: Shape;
  readonly isOptional: boolean;
  readonly value: SettingValue;
}

/** Null where the schema does not have it, or the file not the part that it belongs to: a loop is wired, not tuned. */
function leafOf(thing: object, shape: Shape | undefined, keys: readonly string[]): Leaf | null {
  const [key = "", ...rest] = keys;
  const inner = shape?.properties?.[key];
  if (inner === undefined) return null;
  const value = (thing as Readonly<Record<string, unknown>>)[key];
  if (rest.length > 0) return typeof value === "object" && value !== null ? leafOf(value, inner, rest) : null;
  const isOptional = shape?.required?.includes(key) !== true;
  // The whitelist names leaves only, and a loaded configuration has their types.
  return { shape: inner, isOptional, value: (value as SettingValue | undefined) ?? null };
}

function formOf({ type, enum: words, minimum, maximum, maxLength }: Shape): Form | null {
  if (words !== undefined) return { kind: "choice", of: words };
  if (type === "boolean") return { kind: "flag" };
  if (type === "string") return { kind: "text", max: maxLength ?? 0 };
  if (type !== "integer" && type !== "number") return null;
  return { kind: "number", whole: type === "integer", min: minimum ?? null, max: maximum ?? null };
}
