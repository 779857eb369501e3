// One thing that the diagnosis has to say of a wire, and the change of a setting that would fit it.
import type { LoopClass } from "../../detection/loop.js";
import type { SettingValue } from "../../model/revision.js";
import type { Language } from "../../model/text.js";
import { type WiringCase, wiringCases } from "./cases.js";

export interface Found {
  readonly case: WiringCase;
  readonly values: Readonly<Record<string, string | number>>;
  readonly offer?: Offer;
  /** Where several would fit; in place of `offer`. */
  readonly offers?: readonly Offer[];
}

/** A setting of the same zone, or of the point when `ofPoint`, that would fit what is seen; for a person to decide. */
export interface Offer {
  readonly key: string;
  readonly value: SettingValue;
  readonly ofPoint?: true;
  /** Of a resistor: what the reading would be then, and the resistances of the loop that would be so too. */
  readonly as?: LoopClass;
  readonly fromOhms?: number;
  readonly toOhms?: number;
}

export interface Said {
  readonly seen: string;
  readonly next: string;
}

const words: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  open: { zh: "断开（open）", en: "open" },
  closed: { zh: "闭合（closed）", en: "closed" },
};

export function sayFound({ case: found, values }: Found, language: Language): Said {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = String(values[name] ?? whole);
      return words[value]?.[language] ?? value;
    });
  const { seen, next } = wiringCases[found];
  return { seen: fill(seen[language]), next: fill(next[language]) };
}
